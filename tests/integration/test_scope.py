"""The wall between stations: no statement reaches past it, whatever its shape, and nothing is written past it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Executable,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload, subqueryload

from core.db.models import Child, Room, SchoolBreak, Station, Venue, WebSession
from core.db.scope import set_scope
from core.db.session import Database
from core.domain.actor import EVERYTHING, NOTHING, Scope
from core.domain.errors import NotAllowedError
from core.domain.vocabulary import VenueKind
from core.services.stations import scope_of_station
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, a_child, a_room, a_station, a_venue

#: A tree of stations: for each but the first the number of its parent.
trees = st.integers(2, 6).flatmap(lambda size: st.tuples(*(st.integers(0, number) for number in range(size - 1))))


@dataclass(frozen=True)
class Tree:
    """Stations by number, each with a venue named after it, a room in it and a school break."""

    ids: tuple[UUID, ...]
    parents: tuple[int | None, ...]

    def above(self, number: int) -> set[int]:
        """Return the station and all above it, by plain walking."""
        parent = self.parents[number]
        return {number} | (self.above(parent) if parent is not None else set())

    def below(self, number: int) -> set[int]:
        """Return the station and all below it."""
        return {other for other in range(len(self.ids)) if number in self.above(other)}

    def scope(self, number: int) -> Scope:
        """Return the scope of the station's actor, without asking the database."""
        below, above = self.below(number), self.above(number)
        return Scope(frozenset(self.ids[n] for n in below), frozenset(self.ids[n] for n in below | above))


def plant(session: Session, parents: Iterable[int]) -> Tree:
    """Store a tree of stations with their rows."""
    stations: list[Station] = []
    for parent in (None, *parents):
        stations.append(a_station(session, None if parent is None else stations[parent]))
    for number, station in enumerate(stations):
        a_room(session, a_venue(session, station, name=f"v{number}"), name=f"r{number}")
        session.add(SchoolBreak(station_id=station.id, name=f"b{number}", first=SATURDAY, last=SATURDAY))
    return Tree(tuple(station.id for station in stations), (None, *parents))


@contextmanager
def dropped(database: Database, scope: Scope) -> Iterator[Session]:
    """Open a session in which everything may be tried, and nothing is kept."""
    with database.reading(scope) as session:
        yield session


def two_stations(database: Database) -> Tree:
    """Store two stations below a county: number 1 is ours, number 2 the other's."""
    with database.writing(EVERYTHING) as session:
        return plant(session, (0, 0))


def selects() -> dict[str, Executable]:
    """Return ways to ask for the names of venues; each must answer with those within reach, and no other."""
    other = aliased(Venue)
    derived, common = select(Venue.name).subquery(), select(Venue.name).cte()
    base = select(Venue.name).cte("reached", recursive=True)
    reached = base.union_all(select(Venue.name).join(base, and_(base.c.name != Venue.name, false())))
    numbered = select(Venue.name, func.row_number().over(order_by=Venue.name).label("number")).subquery()
    return {
        "column": select(Venue.name),
        "alias": select(other.name),
        "subquery": select(derived.c.name),
        "cte": select(common.c.name),
        "recursive cte": select(reached.c.name),
        "union": select(Venue.name).union(select(other.name)),
        "subquery of a union": select(union_all(select(Venue.name), select(other.name)).subquery().c.name),
        "alias of a subquery": select(aliased(Venue, select(Venue).subquery()).name),
        "alias of a cte": select(aliased(Venue, select(Venue).cte()).name),
        "join from another": select(Venue.name).select_from(Room).join(Room.venue),
        "join by hand": select(Venue.name).join(Room, Room.venue_id == Venue.id),
        "join without condition": select(Venue.name).join(Room, true()),
        "outer join": select(Venue.name).outerjoin(Venue.rooms),
        "correlated": select(Venue.name).where(exists().where(Room.venue_id == Venue.id)),
        "any": select(Venue.name).where(Venue.rooms.any()),
        "in a subquery": select(Venue.name).where(Venue.id.in_(select(Room.venue_id))),
        "expression": select(Venue.name + literal("")),
        "case": select(case((Venue.id.is_not(None), Venue.name), else_=Venue.address)),
        "scalar": select(select(other.name).where(other.id == Venue.id).scalar_subquery()).select_from(Venue),
        "window": select(numbered.c.name),
        "group": select(Venue.name).group_by(Venue.name).having(func.count() > 0),
        "tuple": select(Venue.name, Venue.kind, Room.name).join(Venue.rooms),
    }


def counts() -> dict[str, Executable]:
    """Return ways to count venues."""
    return {
        "of a class": select(func.count()).select_from(Venue),
        "of a column": select(func.count(Venue.id)),
        "of a subquery": select(func.count()).select_from(select(Venue).subquery()),
        "beside": select(select(func.count(Venue.id)).scalar_subquery()),
    }


def loads(session: Session) -> Iterator[set[str]]:
    """Yield the names of venues as they are reached by loading objects."""
    yield {venue.name for venue in session.scalars(select(Venue))}
    yield {room.venue.name for room in session.scalars(select(Room))}
    for eager in (joinedload(Room.venue), selectinload(Room.venue), subqueryload(Room.venue)):
        yield {room.venue.name for room in session.scalars(select(Room).options(eager))}
    joined = select(Room).join(Room.venue).options(contains_eager(Room.venue))
    yield {room.venue.name for room in session.scalars(joined)}
    yield {venue.name for venue in session.query(Venue)}
    stated = select(Venue).from_statement(select(Venue).union_all(select(Venue).where(false())))
    yield {venue.name for venue in session.scalars(stated)}


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=settings().max_examples // 10,
)
@given(parents=trees)
def test_no_query_reaches_a_foreign_row(database: Database, parents: tuple[int, ...]) -> None:
    with database.writing(EVERYTHING) as session:
        tree = plant(session, parents)
        try:
            for number in range(len(tree.ids)):
                set_scope(session, EVERYTHING)
                assert scope_of_station(session, tree.ids[number]) == tree.scope(number)
                set_scope(session, tree.scope(number))
                check_reach(session, tree, number)
        finally:
            session.rollback()


def check_reach(session: Session, tree: Tree, number: int) -> None:
    ours = {f"v{other}" for other in tree.below(number)}
    for shape, statement in selects().items():
        assert {row[0] for row in session.execute(statement)} == ours, shape
    for shape, statement in counts().items():
        assert session.scalar(statement) == len(ours), shape
    for found in loads(session):
        session.expunge_all()
        assert found == ours
    assert {row.name for row in session.scalars(select(SchoolBreak))} == {
        f"b{other}" for other in tree.below(number) | tree.above(number)
    }
    reached = tree.below(number) | tree.above(number)
    assert set(session.scalars(select(Station.id))) == {tree.ids[other] for other in reached}
    assert [session.get(Station, station) is not None for station in tree.ids] == [
        other in reached for other in range(len(tree.ids))
    ]


@pytest.mark.parametrize("shape", selects())
def test_nothing_is_all_that_nothing_reaches(sqlite_database: Database, shape: str) -> None:
    two_stations(sqlite_database)
    with sqlite_database.reading(EVERYTHING) as session:
        assert len(session.execute(selects()[shape]).all()) >= 3
    with sqlite_database.reading(NOTHING) as session:
        assert session.execute(selects()[shape]).all() == []
        assert session.scalars(select(Station)).all() == []


@pytest.mark.postgresql
def test_a_lateral_join_reaches_no_foreign_row(postgresql_database: Database) -> None:
    tree = two_stations(postgresql_database)
    near = select(Venue.name).where(Venue.id == Room.venue_id).lateral()
    with postgresql_database.reading(tree.scope(1)) as session:
        assert session.scalars(select(near.c.name).select_from(Room)).all() == ["v1"]


def test_a_foreign_row_is_not_there_by_its_id(database: Database) -> None:
    tree = two_stations(database)
    with database.reading(EVERYTHING) as session:
        ours, foreign = (session.scalars(select(Venue.id).where(Venue.name == name)).one() for name in ("v1", "v2"))
    with database.reading(tree.scope(1)) as session:
        assert session.get(Venue, ours) is not None
        assert session.get(Venue, foreign) is None
        assert session.get(Venue, foreign, with_for_update=True) is None


def test_what_a_wider_scope_had_loaded_is_let_go(database: Database) -> None:
    tree = two_stations(database)
    with database.reading(EVERYTHING) as session:
        foreign = session.scalars(select(Venue).where(Venue.name == "v2")).one()
        set_scope(session, tree.scope(1))
        assert foreign not in session
        assert session.get(Venue, foreign.id) is None


def test_what_waits_to_be_written_outlives_a_change_of_scope(database: Database) -> None:
    tree = two_stations(database)
    with database.writing(EVERYTHING) as session:
        session.add(Venue(station_id=tree.ids[2], name="waiting", kind=VenueKind.CENTRE))
        set_scope(session, tree.scope(1))
    with database.reading(tree.scope(2)) as session:
        assert set(session.scalars(select(Venue.name))) == {"v2", "waiting"}


def test_a_relationship_to_a_foreign_row_is_empty(database: Database) -> None:
    tree = two_stations(database)
    with database.writing(EVERYTHING) as session:
        foreign = session.scalars(select(Venue).where(Venue.name == "v2")).one()
        session.scalars(select(Room).where(Room.name == "r1")).one().venue_id = foreign.id
    for eager in (None, joinedload(Room.venue), selectinload(Room.venue)):
        with database.reading(tree.scope(1)) as session:
            query = select(Room).where(Room.name == "r1").options(*([eager] if eager else []))
            assert session.scalars(query).one().venue is None
    with database.reading(tree.scope(2)) as session:
        assert [room.name for room in session.scalars(select(Venue)).one().rooms] == ["r2"]


VENUES: Any = Venue.__table__


@pytest.mark.parametrize(
    "statement",
    [
        text("SELECT name FROM venues"),
        select(VENUES),
        select(VENUES.c.name),
        select(VENUES.alias().c.name),
        select(Room.name, VENUES.c.name).join(VENUES, true()),
        select(Room.name).where(Room.venue_id.in_(select(VENUES.c.id))),
        select(Venue).from_statement(text("SELECT * FROM venues")),
        select(Room.name, literal_column("(SELECT max(name) FROM venues)")),
        select(Room.name).where(text("1 = 1")),
        select(func.row_number().over(order_by=Venue.name)),
        update(VENUES).values(address=""),
        delete(VENUES),
        insert(VENUES),
    ],
    ids=str,
)
def test_a_statement_that_criteria_cannot_limit_is_refused(sqlite_database: Database, statement: Executable) -> None:
    tree = two_stations(sqlite_database)
    with dropped(sqlite_database, tree.scope(1)) as session, pytest.raises(NotAllowedError):
        session.execute(statement)


def test_update_and_delete_leave_foreign_rows_alone(database: Database) -> None:
    tree = two_stations(database)
    with database.writing(tree.scope(1)) as session:
        session.execute(update(Venue).values(address="ours"))
        session.execute(delete(Room))
        session.execute(update(SchoolBreak).values(name="ours"))
        session.execute(update(Station).values(address="ours"))
    with database.reading(EVERYTHING) as session:
        assert set(session.scalars(select(Venue.name).where(Venue.address == "ours"))) == {"v1"}
        assert set(session.scalars(select(Room.name))) == {"r0", "r2"}
        # The county's breaks are read below it, but not changed from there; nor is the county itself.
        assert set(session.scalars(select(SchoolBreak.name))) == {"b0", "ours", "b2"}
        assert list(session.scalars(select(Station.id).where(Station.address == "ours"))) == [tree.ids[1]]


Attempt = Callable[[Session, Tree], Any]


def _by_name(session: Session, kind: type[Any], name: str) -> Any:
    return session.scalars(select(kind).where(kind.name == name)).one()


ATTEMPTS: dict[str, Attempt] = {
    "add a row elsewhere": lambda session, tree: a_venue(session, Station(id=tree.ids[2])),
    "add a row above": lambda session, tree: a_venue(session, Station(id=tree.ids[0])),
    "move a row elsewhere": lambda session, tree: setattr(_by_name(session, Venue, "v1"), "station_id", tree.ids[2]),
    "change what is above": lambda session, _: setattr(_by_name(session, SchoolBreak, "b0"), "name", "x"),
    "delete what is above": lambda session, _: session.delete(_by_name(session, SchoolBreak, "b0")),
    "change the station above": lambda session, tree: setattr(session.get_one(Station, tree.ids[0]), "name", "x"),
    "found a station above": lambda session, tree: a_station(session, Station(id=tree.ids[0])),
    "found a station beside": lambda session, _: a_station(session),
    "move a station elsewhere": lambda session, tree: setattr(
        session.get_one(Station, tree.ids[1]), "parent_id", tree.ids[2]
    ),
    "cut a station off": lambda session, tree: setattr(session.get_one(Station, tree.ids[1]), "parent_id", None),
    "update a row's station": lambda session, tree: session.execute(update(Venue).values(station_id=tree.ids[2])),
    "update it by an expression": lambda session, _: session.execute(
        update(Venue).values({Venue.station_id: select(Station.parent_id).scalar_subquery()})
    ),
    "update a station's parent": lambda session, _: session.execute(update(Station).values(parent_id=None)),
    "update by primary key": lambda session, tree: session.execute(
        update(Venue), [{"id": tree.ids[2], "address": "x"}]
    ),
    "insert": lambda session, tree: session.execute(
        insert(Venue).values(station_id=tree.ids[2], name="x", kind=VenueKind.CENTRE)
    ),
    "insert many": lambda session, tree: session.execute(
        insert(Venue), [{"station_id": tree.ids[2], "name": "x", "kind": VenueKind.CENTRE}]
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nothing_is_written_to_a_foreign_station(sqlite_database: Database, attempt: str) -> None:
    tree = two_stations(sqlite_database)

    def write() -> None:
        with sqlite_database.writing(tree.scope(1)) as session:
            ATTEMPTS[attempt](session, tree)

    with pytest.raises(NotAllowedError):
        write()


def test_a_foreign_row_that_was_kept_in_hand_is_not_written(database: Database) -> None:
    tree = two_stations(database)
    with database.reading(EVERYTHING) as session:
        foreign = _by_name(session, Venue, "v2")
    foreign.address = "x"

    def write() -> None:
        with database.writing(tree.scope(1)) as session:
            session.add(foreign)

    with pytest.raises(NotAllowedError):
        write()


def test_rows_of_no_station_are_written_within_any_scope(database: Database) -> None:
    tree = two_stations(database)
    with database.writing(tree.scope(1)) as session:
        moments = dict.fromkeys(("begun_at", "seen_at", "expires_at"), TEST_MOMENT)
        session.execute(insert(WebSession), [{"token_hash": bytes(32), "content": b"", **moments}])
        assert session.scalar(select(func.count()).select_from(WebSession)) == 1


def test_a_sealed_column_is_behind_the_wall_too(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        tree = plant(session, (0, 0))
        a_child(session, session.get_one(Station, tree.ids[2]))
    with database.reading(tree.scope(1)) as session:
        assert session.scalars(select(Child.sealed_name)).all() == []
        assert session.scalars(select(Child).options(selectinload(Child.guardians))).all() == []


@pytest.mark.parametrize("statement", [select(Venue), text("SELECT 1"), insert(WebSession)], ids=str)
def test_a_session_without_a_scope_can_do_nothing(sqlite_database: Database, statement: Executable) -> None:
    with Session(sqlite_database.engine) as session, pytest.raises(KeyError, match="scope"):
        session.execute(statement)
