"""Databases on which plugins are tried: empty at first, and gone at the end."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from core.db.session import Database
from core.domain.errors import InvalidInputError, Message
from core.security.keys import Keys
from core.security.vault import Vault

#: Opens an empty database that goes away when it is left.
EmptyDatabase = Callable[[], AbstractContextManager[Database]]


@contextmanager
def empty_database() -> Iterator[Database]:
    """Open a SQLite database in a folder of its own that goes away at the end."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'weibao.db'}", Vault(Keys.fresh()))
        try:
            yield database
        finally:
            database.dispose()


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
