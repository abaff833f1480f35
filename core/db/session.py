"""The database of an installation: its engine, and sessions for reading and for writing."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2
from sqlalchemy import Connection, Engine, Select, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

from core.db.gate import WriteGate
from core.db.glance import Question
from core.db.restriction import refuse_restricted
from core.db.row_security import SEE_EVERYTHING
from core.db.scope import set_scope
from core.db.sealed import bind_vault
from core.domain.actor import Scope
from core.domain.errors import DomainError, Message
from core.security.vault import Vault

#: Before this version, two connections could corrupt a database in WAL mode (sqlite.org/wal.html#walresetbug).
SAFE_SQLITE = (3, 51, 3)
_WRITE_OPTION = "weibao_write"
_BUSY_SECONDS = 30
#: Connections that a process keeps open when it has needed so many at once.
_KEPT = 32
#: On PostgreSQL it opens no more than these: a server allows 100 in all unless it is told otherwise.
_MOST = 40
#: FULL: a commit that was acknowledged survives a power cut. MEMORY: no temporary file ever holds a row.
#: Each connection keeps half a MB of pages, not the 2 MB of SQLite's own choice: the system keeps the same pages once
#: for all, and reading from there takes a few microseconds.
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "secure_delete = ON",
    "cache_size = -512",
)


class UnsafeDatabaseError(DomainError):
    """The database library is one that can lose data."""

    code = "unsafe_database"


class Database:
    """One database: reading sessions see a snapshot, a writing session is one transaction.

    `url` is an SQLAlchemy URL of SQLite or PostgreSQL.
    """

    def __init__(self, url: str, vault: Vault) -> None:
        self.vault = vault
        self.embedded = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.embedded else _postgresql_engine(url)
        bind_vault(self.engine, vault)
        self._gate = self._write_gate(make_url(url).database)
        # Reading sees one moment of the database; writing sees the newest rows, which it then locks.
        snapshot = {} if self.embedded else {"isolation_level": "REPEATABLE READ"}
        self._readers = sessionmaker(self.engine.execution_options(**snapshot), expire_on_commit=False)
        self._writers = sessionmaker(self.engine.execution_options(**{_WRITE_OPTION: True}), expire_on_commit=False)
        self._questions: dict[Select[Any], Question] = {}
        event.listen(self._writers, "before_flush", refuse_restricted)

    def _write_gate(self, file: str | None) -> WriteGate | None:
        return WriteGate(Path(f"{file}.gate")) if self.embedded and file else None

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Session]:
        """Open a session that sees one moment of the database within `scope`; what it changes is dropped."""
        with self._readers() as session:
            self._prepare(session, scope)
            yield session

    @contextmanager
    def writing(self, scope: Scope) -> Iterator[Session]:
        """Open a session whose changes are committed together at the end, or not at all when an error leaves it."""
        turn: AbstractContextManager[None] = self._gate.passing() if self._gate else nullcontext()
        with turn, self._writers() as session, session.begin():
            self._prepare(session, scope)
            session.info["keeps"] = True
            yield session

    def glance(self, statement: Select[Any], parameters: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the row that answers a question which is asked often and by no actor, None without one.

        It sees everything, and costs a sixth of a session. Whoever asks has to see to it that only what may be told is
        told. The statement is kept compiled: it has to be one of few, made once.
        """
        question = self._questions.get(statement)
        if question is None:
            question = self._questions[statement] = Question(statement, self.engine.dialect)
        with closing(self.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            # A statement by itself sees one moment as it is: only the wall needs a transaction.
            if not self.embedded:
                cursor.execute(SEE_EVERYTHING)
            return question.ask(cursor, parameters)

    def _prepare(self, session: Session, scope: Scope) -> None:
        session.info["vault"] = self.vault
        set_scope(session, scope)

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def vault_of(session: Session) -> Vault:
    """Return the vault of the database that the session belongs to."""
    vault: Vault = session.info["vault"]
    return vault


def keeps(session: Session) -> bool:
    """Tell whether what the session writes is kept; what a reading session writes is dropped."""
    return bool(session.info.get("keeps"))


def require_safe_sqlite(version: tuple[int, ...]) -> None:
    """Raise UnsafeDatabaseError for a version of SQLite that can corrupt a database in WAL mode."""
    if version < SAFE_SQLITE:
        raise UnsafeDatabaseError(
            Message(
                "SQLite %(version)s can lose data: install pysqlite3 0.6.1 or later.",
                {"version": ".".join(map(str, version))},
            )
        )


def _sqlite_engine(url: str) -> Engine:
    require_safe_sqlite(pysqlite3.dbapi2.sqlite_version_info)
    engine = create_engine(
        url,
        module=pysqlite3.dbapi2,
        hide_parameters=True,
        # Opening a connection costs more than what most requests ask of it, and one for each thread costs little.
        pool_size=_KEPT,
        max_overflow=-1,
        # The driver must not begin transactions by itself: the event below says which kind it is.
        connect_args={"isolation_level": None, "timeout": _BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare_connection(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later dies with BUSY_SNAPSHOT when another has written meanwhile.
        write = connection.get_execution_options().get(_WRITE_OPTION)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN DEFERRED")

    return engine


def _postgresql_engine(url: str) -> Engine:
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=_KEPT,
        max_overflow=_MOST - _KEPT,
    )
