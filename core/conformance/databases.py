"""Databases on which plugins are tried: with core's tables and no rows at first, and gone at the end."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from core.db.migrate import CORE, upgrade
from core.db.session import Database
from core.domain.errors import InvalidInputError, Message
from core.security.keys import Keys
from core.security.vault import Vault

#: Opens a database that has core's tables and no rows, and goes away when it is left.
EmptyDatabase = Callable[[], AbstractContextManager[Database]]


@contextmanager
def empty_database() -> Iterator[Database]:
    """Open a SQLite database with core's tables in a folder of its own that goes away at the end."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "weibao.db"
        path.write_bytes(_made_once())
        database = Database(f"sqlite:///{path}", Vault(Keys.fresh()))
        try:
            yield database
        finally:
            database.dispose()


def migrated_file() -> bytes:
    """Return what a SQLite database with core's tables and no rows is; migrating takes long, copying doesn't."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "weibao.db"
        database = Database(f"sqlite:///{path}", Vault(Keys.fresh()))
        upgrade(database.engine, CORE)
        database.dispose()
        return path.read_bytes()


_made_once = cache(migrated_file)


def databases_on(server: str) -> EmptyDatabase:
    """Return what opens databases of their own on a PostgreSQL server, whose role may create them.

    Raises InvalidInputError where the address is of another kind, or the server doesn't answer.
    """
    try:
        url = make_url(server).set(drivername="postgresql+psycopg")
        if make_url(server).get_backend_name() != "postgresql":
            raise InvalidInputError(_wanted(server))
        administration = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with administration.connect():
            pass
    except (ArgumentError, SQLAlchemyError) as error:
        raise InvalidInputError(_wanted(server)) from error

    @contextmanager
    def opened() -> Iterator[Database]:
        name = f"weibao_check_{uuid4().hex}"
        with administration.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        database = Database(url.set(database=name).render_as_string(hide_password=False), Vault(Keys.fresh()))
        try:
            upgrade(database.engine, CORE)
            yield database
        finally:
            database.dispose()
            with administration.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    return opened


def _wanted(server: str) -> Message:
    shown = server.rpartition("@")[2]
    return Message(
        "No PostgreSQL answers at %(server)s: give an address like postgresql://role@127.0.0.1/postgres, of a role that may create databases.",  # noqa: E501
        {"server": shown},
    )
