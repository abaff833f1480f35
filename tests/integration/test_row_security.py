"""The second wall: what textual SQL, past every session hook, reaches on PostgreSQL."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from core.db.base import Base, LineageScoped, StationScoped
from core.db.models import SchoolBreak, Station, Venue
from core.db.row_security import lay_row_security, tell_scope
from core.db.session import Database
from core.domain.actor import EVERYTHING, Scope
from core.domain.ids import new_id
from core.domain.vocabulary import StationKind, VenueKind
from tests.integration.builders import SATURDAY, a_child

pytestmark = [pytest.mark.postgresql, pytest.mark.walls]


@pytest.fixture
def stations(postgresql_database: Database) -> tuple[UUID, UUID]:
    """Lay the walls, store two stations with a venue each, and return their ids."""
    with postgresql_database.writing(EVERYTHING) as session:
        lay_row_security(session.connection())
        rows = [Station(kind=StationKind.STATION, name=name, slug=name) for name in ("one", "two")]
        session.add_all(rows)
        session.flush()
        session.add_all(Venue(station_id=row.id, name="hall", kind=VenueKind.CENTRE) for row in rows)
    return rows[0].id, rows[1].id


def within(*stations: UUID) -> Scope:
    return Scope(frozenset(stations), frozenset(stations))


def test_every_scoped_table_has_the_wall(postgresql_database: Database, stations: tuple[UUID, UUID]) -> None:
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


def test_what_hangs_above_is_read_from_below_and_changed_by_nobody_below(
    postgresql_database: Database, stations: tuple[UUID, UUID]
) -> None:
    below, above = stations
    scope = Scope(frozenset({below}), frozenset({below, above}))
    with postgresql_database.writing(EVERYTHING) as session:
        session.add_all(
            SchoolBreak(station_id=station, name=name, first=SATURDAY, last=SATURDAY)
            for station, name in ((below, "own"), (above, "above"))
        )
    with postgresql_database.writing(scope) as session:
        connection = session.connection()
        assert set(connection.scalars(text("SELECT name FROM school_breaks"))) == {"own", "above"}
        assert set(connection.scalars(text("SELECT id FROM stations"))) == {below, above}
        assert connection.execute(text("UPDATE school_breaks SET name = 'changed'")).rowcount == 1
        assert connection.execute(text("DELETE FROM school_breaks")).rowcount == 1
        assert connection.execute(text("UPDATE stations SET name = 'changed'")).rowcount == 1
    with postgresql_database.reading(EVERYTHING) as session:
        assert session.connection().scalars(text("SELECT name FROM school_breaks")).all() == ["above"]


def test_what_holds_for_all_below_is_given_by_the_own_station_alone(
    postgresql_database: Database, stations: tuple[UUID, UUID]
) -> None:
    below, above = stations
    add = text("INSERT INTO school_breaks (id, station_id, name, first, last) VALUES (:id, :station, 'x', :day, :day)")
    scope = Scope(frozenset({below}), frozenset({below, above}))
    with postgresql_database.writing(scope) as session:
        session.connection().execute(add, {"id": new_id(), "station": below, "day": SATURDAY})
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        postgresql_database.writing(scope) as session,
    ):
        session.connection().execute(add, {"id": new_id(), "station": above, "day": SATURDAY})


def test_a_station_is_founded_below_the_own_and_nowhere_else(
    postgresql_database: Database, stations: tuple[UUID, UUID]
) -> None:
    mine, other = stations

    def add(session: Session, parent: UUID | None) -> None:
        values = {"kind": StationKind.COMMUNITY, "name": "new", "slug": f"below-{parent}"}
        session.connection().execute(insert(Station.__table__).values(id=new_id(), parent_id=parent, **values))

    with postgresql_database.writing(within(mine)) as session:
        add(session, mine)
    for parent in (other, None):
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            postgresql_database.writing(within(mine)) as session,
        ):
            add(session, parent)


def test_text_reaches_nothing_of_a_child_whose_file_is_sealed(
    postgresql_database: Database, stations: tuple[UUID, UUID]
) -> None:
    mine, _other = stations
    with postgresql_database.writing(EVERYTHING) as session:
        station = session.get_one(Station, mine)
        hidden, open_one = (a_child(session, station) for _ in range(2))
        hidden.sealed_file = True
        ids = hidden.id, open_one.id
    with postgresql_database.reading(within(mine)) as session:
        assert session.connection().scalars(text("SELECT id FROM children")).all() == [ids[1]]
        assert session.connection().scalars(text("SELECT child_id FROM guardians")).all() == [ids[1]]
        assert session.connection().scalar(text("SELECT count(*) FROM venues")) == 1
    with postgresql_database.reading(replace(within(mine), sees_sealed=True)) as session:
        assert set(session.connection().scalars(text("SELECT id FROM children"))) == set(ids)
        assert set(session.connection().scalars(text("SELECT child_id FROM guardians"))) == set(ids)


def test_several_sealed_files_are_hidden_at_once(postgresql_database: Database, stations: tuple[UUID, UUID]) -> None:
    mine, _other = stations
    with postgresql_database.writing(EVERYTHING) as session:
        station = session.get_one(Station, mine)
        children = frozenset(a_child(session, station).id for _ in range(3))
    for hidden in (frozenset(sorted(children)[:2]), children, frozenset()):
        with postgresql_database.engine.connect() as connection:
            tell_scope(connection, within(mine), hidden)
            assert set(connection.scalars(text("SELECT id FROM children"))) == children - hidden


def test_the_walls_keep_their_names_so_that_a_later_release_replaces_them(
    postgresql_database: Database, stations: tuple[UUID, UUID]
) -> None:
    names = text("SELECT tablename, array_agg(policyname ORDER BY policyname) FROM pg_policies GROUP BY tablename")
    with postgresql_database.engine.connect() as connection:
        found = dict(connection.execute(names).all())
    assert found["venues"] == ["weibao_scope"]
    assert found["children"] == found["guardians"] == ["weibao_scope", "weibao_sealed"]
    assert found["stations"] == found["school_breaks"] == ["weibao_lineage", "weibao_scope"]


def test_laying_the_walls_anew_leaves_them_as_they_were(postgresql_database: Database) -> None:
    policies = text("SELECT tablename, policyname, permissive, cmd, qual, with_check FROM pg_policies")
    with postgresql_database.engine.connect() as connection:
        before = set(connection.execute(policies))
        lay_row_security(connection)
        assert set(connection.execute(policies)) == before
        assert before


def test_a_table_that_is_not_there_yet_is_passed_over(postgresql_database: Database) -> None:
    walled = text("SELECT tablename FROM pg_policies")
    with postgresql_database.engine.connect() as connection:
        before = set(connection.scalars(walled))
        for table in before:
            for policy in ("weibao_scope", "weibao_sealed", "weibao_lineage"):
                connection.execute(text(f"DROP POLICY IF EXISTS {policy} ON {table}"))
        connection.execute(text("ALTER TABLE venues RENAME TO sites"))
        lay_row_security(connection)
        assert set(connection.scalars(walled)) == before - {"venues"}


def test_the_embedded_database_is_told_nothing(sqlite_database: Database) -> None:
    with sqlite_database.writing(EVERYTHING) as session:
        lay_row_security(session.connection())
        tell_scope(session.connection(), within(new_id()))
        assert session.scalars(select(Station.id)).all() == []
