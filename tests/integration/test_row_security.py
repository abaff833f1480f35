"""The second wall: what textual SQL, past every session hook, reaches on PostgreSQL."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from core.db.base import Base, LineageScoped, StationScoped
from core.db.models import Station, Venue
from core.db.session import Database
from core.domain.actor import EVERYTHING, Scope
from core.domain.ids import new_id
from core.domain.vocabulary import StationKind, VenueKind

pytestmark = pytest.mark.postgresql


@pytest.fixture
def stations(postgresql_database: Database) -> tuple[UUID, UUID]:
    """Store two stations with a venue each, and return their ids."""
    with postgresql_database.writing(EVERYTHING) as session:
        rows = [Station(kind=StationKind.STATION, name=name, slug=name) for name in ("one", "two")]
        session.add_all(rows)
        session.flush()
        session.add_all(Venue(station_id=row.id, name="hall", kind=VenueKind.CENTRE) for row in rows)
    return rows[0].id, rows[1].id


def within(*stations: UUID) -> Scope:
    return Scope(frozenset(stations), frozenset(stations))


def test_every_scoped_table_has_the_wall(postgresql_database: Database) -> None:
    scoped = {
        str(mapper.local_table)
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, StationScoped | LineageScoped) and mapper.class_.__module__.startswith("core.")
    }
    with postgresql_database.engine.connect() as connection:
        walled = connection.scalars(
            text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        ).all()
    assert scoped | {"stations"} <= set(walled)


def test_a_transaction_that_tells_no_scope_sees_nothing(
    postgresql_database: Database, stations: tuple[UUID, UUID]
) -> None:
    assert stations
    with postgresql_database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM venues")) == 0
        assert connection.scalar(text("SELECT count(*) FROM stations")) == 0


def test_text_reaches_the_rows_of_the_scope_alone(postgresql_database: Database, stations: tuple[UUID, UUID]) -> None:
    mine, other = stations
    with postgresql_database.reading(within(mine)) as session:
        seen = session.connection().scalars(text("SELECT station_id FROM venues")).all()
    assert seen == [mine]
    with postgresql_database.reading(within(mine, other)) as session:
        assert session.connection().scalar(text("SELECT count(*) FROM venues")) == 2


def test_text_can_neither_change_nor_add_a_foreign_row(
    postgresql_database: Database, stations: tuple[UUID, UUID]
) -> None:
    mine, other = stations
    with postgresql_database.writing(within(mine)) as session:
        session.connection().execute(text("UPDATE venues SET name = 'taken'"))
    add = text("INSERT INTO venues (id, station_id, name, kind, address) VALUES (:id, :station, 'mine', 'centre', '')")
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        postgresql_database.writing(within(mine)) as session,
    ):
        session.connection().execute(add, {"id": new_id(), "station": other})
    with postgresql_database.reading(EVERYTHING) as session:
        names = dict(session.connection().execute(text("SELECT station_id, name FROM venues")).all())
    assert names == {mine: "taken", other: "hall"}


def test_the_scope_of_one_transaction_is_gone_in_the_next(
    postgresql_database: Database, stations: tuple[UUID, UUID]
) -> None:
    for station in stations:
        with postgresql_database.reading(within(station)) as session:
            assert session.connection().scalars(text("SELECT id FROM stations")).all() == [station]
