"""Real databases for tests: each is migrated and has no rows, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from core.db.models import Station
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.vocabulary import StationKind
from core.security.keys import Keys
from core.security.vault import Vault
from tests.databases import migrated
from tests.integration.postgresql import Server, running

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
def postgresql(vault: Vault) -> Iterator[Server]:
    """Start a server for this test process."""
    with running(vault) as server:
        yield server


@pytest.fixture
def sqlite_database(tmp_path: Path, vault: Vault) -> Iterator[Database]:
    """Yield a migrated SQLite database without rows, in the file `weibao.db` of the test's directory."""
    with _opened(tmp_path / "weibao.db", vault) as database:
        yield database


@pytest.fixture
def postgresql_database(postgresql: Server) -> Iterator[Database]:
    """Yield a migrated PostgreSQL database without rows."""
    with postgresql.turn() as database:
        yield database


@pytest.fixture(params=_BOTH)
def database(request: pytest.FixtureRequest) -> Database:
    """Return a migrated database without rows; a test that asks for it runs on SQLite and on PostgreSQL."""
    chosen: Database = request.getfixturevalue(f"{request.param}_database")
    return chosen


@pytest.fixture(scope="session")
def lasting_sqlite(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Iterator[Database]:
    """Yield a SQLite database in which nothing is ever kept."""
    with _opened(tmp_path_factory.mktemp("lasting") / "weibao.db", vault) as database:
        yield database


@pytest.fixture(scope="session")
def lasting_postgresql(postgresql: Server) -> Iterator[Database]:
    """Yield a PostgreSQL database in which nothing is ever kept."""
    with postgresql.own() as database:
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
def _opened(path: Path, vault: Vault) -> Iterator[Database]:
    database = migrated(path, vault)
    yield database
    database.dispose()


@pytest.fixture
def station(database: Database) -> UUID:
    """Store a station and return its id."""
    row = Station(kind=StationKind.STATION, name="测试站", slug="ceshi")
    with database.writing(EVERYTHING) as session:
        session.add(row)
    return row.id
