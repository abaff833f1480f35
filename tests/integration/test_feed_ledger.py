"""What feeds say: the same item for ever, a higher sequence with each change, untouched bytes where nothing changed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityGroup, ActivitySession, Assignment, FeedItem, Room, Station, Volunteer
from core.db.models.activity import SessionStatus
from core.db.models.feed import FeedKind
from core.db.queries.feeds import feeds_that_speak
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.calendar.arranged_year import ArrangedYear, NamedDay
from core.domain.clock import FixedClock
from core.domain.vocabulary import TermKind, Zone
from core.feeds.ics import render
from core.planning.plan import PlannedSession
from core.services.arranged_years import enter_year
from core.services.feed_ledger import update_ledger
from core.services.feeds import FeedAddress, feed_of, find_feed, open_feed
from core.services.stations import scope_of_station
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    SATURDAY,
    SUNDAY,
    a_community,
    a_group,
    a_room,
    a_term,
    a_venue,
    a_volunteer,
    an_activity,
    an_assignment,
    at,
    held,
)
from tests.integration.timetable import NO_PLUGINS, World, a_draft, a_world, planned, publish

Key: TypeAlias = tuple[FeedKind, str, UUID]

#: Where a session stands in a plan: day, later hour or not, room, pair of volunteers; None where it is not held.
Choice: TypeAlias = tuple[bool, bool, int, int] | None
choices = st.none() | st.tuples(st.booleans(), st.booleans(), st.integers(0, 1), st.integers(0, 5))
publications = st.lists(st.tuples(choices, choices, choices), min_size=2, max_size=5)
PAIRS = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def plan_of(world: World, chosen: tuple[Choice, ...]) -> list[PlannedSession]:
    """Return a plan in which no two sessions can meet: each has hours of its own."""
    rows = []
    for number, (row, choice) in enumerate(zip(world.sessions(), chosen, strict=True)):
        if choice is not None:
            sunday, later, room, pair = choice
            start = at(SUNDAY if sunday else SATURDAY, 8 + 3 * number + later)
            rows.append(planned(row, start, world.rooms[room], [world.people[one] for one in PAIRS[pair]]))
    return rows


@dataclass
class Said:
    """What the ledger must say of one item, kept by plain bookkeeping."""

    content: tuple[object, ...]
    sequence: int = 0
    cancelled: bool = False
    day: int = 0


@dataclass
class Book:
    """The ledger as it must be, beside the real one; it remembers ids and bytes to compare."""

    said: dict[Key, Said] = field(default_factory=dict)
    ids: dict[Key, UUID] = field(default_factory=dict)
    events: dict[str, bytes] = field(default_factory=dict)
    kinds_of_change: set[str] = field(default_factory=set)

    def publish(self, wanted: dict[Key, tuple[object, ...]], day: int) -> None:
        """Write down what a publication must do."""
        for key, content in wanted.items():
            if key not in self.said:
                self.said[key] = Said(content, day=day)
            elif self.said[key].cancelled or self.said[key].content != content:
                self.kinds_of_change.add("back" if self.said[key].cancelled else "changed")
                self.said[key] = Said(content, self.said[key].sequence + 1, day=day)
        for key, said in self.said.items():
            if key not in wanted and not said.cancelled:
                self.kinds_of_change.add("cancelled")
                said.cancelled, said.sequence, said.day = True, said.sequence + 1, day


def wanted_of(world: World, plan: list[PlannedSession]) -> dict[Key, tuple[object, ...]]:
    """Return the items that a plan asks for, from the plan alone."""
    rows = {(str(row.activity_id), row.position): row for row in world.sessions()}
    wanted: dict[Key, tuple[object, ...]] = {}
    for session in plan:
        row = rows[session.key]
        content = (session.start, session.room)
        wanted[FeedKind.STATION, world.station.id.hex, row.id] = content
        wanted[FeedKind.PROGRAM, "sst", row.id] = content
        wanted[FeedKind.ROOM, UUID(session.room).hex, row.id] = content
        for person in session.people():
            wanted[FeedKind.VOLUNTEER, UUID(person).hex, row.id] = content
    return wanted


def events(session: Session) -> dict[str, bytes]:
    """Return the bytes of each event of each feed, by UID."""
    found: dict[str, bytes] = {}
    for station_id, kind, subject in session.execute(feeds_that_speak()):
        content = render(feed_of(session, NO_PLUGINS, FeedAddress(station_id, kind, subject)))
        for event in re.findall(rb"BEGIN:VEVENT.*?END:VEVENT\r\n", content, re.DOTALL):
            uid = re.search(rb"^UID:(.*)\r\n", event.replace(b"\r\n ", b""), re.MULTILINE)
            assert uid is not None
            assert uid[1].decode() not in found
            found[uid[1].decode()] = event
    return found


def check(session: Session, book: Book, day: int) -> None:
    items = {(item.kind, item.subject, item.session_id): item for item in session.scalars(select(FeedItem))}
    assert items.keys() == book.said.keys()
    for key, item in items.items():
        said = book.said[key]
        assert book.ids.setdefault(key, item.id) == item.id
        assert (item.sequence, item.cancelled) == (said.sequence, said.cancelled), key
        assert item.changed_at == TEST_MOMENT + timedelta(days=said.day)
    before, book.events = book.events, events(session)
    assert before.keys() <= book.events.keys()
    touched = {item.id.hex for key, item in items.items() if book.said[key].day == day}
    for uid, event in book.events.items():
        identifier = uid.partition("@")[0].rpartition("-")[2]
        assert (event != before.get(uid)) == (identifier in touched)
    check_against_the_timetable(session, items)


def check_against_the_timetable(session: Session, items: dict[Key, FeedItem]) -> None:
    """Assert that volunteers' items are the assignments, and rooms' items the held sessions with a room."""
    live = {key for key, item in items.items() if not item.cancelled}
    assignments = {(one.volunteer_id.hex, one.session_id) for one in session.scalars(select(Assignment))}
    assert {key[1:] for key in live if key[0] is FeedKind.VOLUNTEER} == assignments
    rows = session.scalars(select(ActivitySession).where(ActivitySession.status == SessionStatus.HELD))
    in_rooms = {(row.room_id.hex, row.id) for row in rows if row.room_id is not None}
    assert {key[1:] for key in live if key[0] is FeedKind.ROOM} == in_rooms


@contextmanager
def trying(database: Database) -> Iterator[Session]:
    """Open a writing session of which nothing is kept."""
    with database.writing(EVERYTHING) as session:
        yield session
        session.rollback()


def publish_one_after_the_other(database: Database, sequence: list[tuple[Choice, ...]]) -> set[str]:
    book = Book()
    with trying(database) as session:
        world = a_world(session)
        for day, chosen in enumerate(sequence):
            plan = plan_of(world, chosen)
            publish(session, a_draft(session, world.term, *plan), day=day)
            book.publish(wanted_of(world, plan), day)
            check(session, book, day)
    return book.kinds_of_change


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=settings().max_examples // 8,
)
@given(sequence=publications)
def test_the_ledger_tells_what_changed_and_nothing_else(
    sqlite_database: Database, sequence: list[tuple[Choice, ...]]
) -> None:
    publish_one_after_the_other(sqlite_database, sequence)


def test_every_kind_of_change_is_told(database: Database) -> None:
    plan: tuple[Choice, ...] = ((False, False, 0, 0), (True, False, 0, 0), (False, False, 1, 5))
    moved: tuple[Choice, ...] = ((False, True, 0, 1), None, (False, False, 0, 5))
    seen = publish_one_after_the_other(database, [plan, moved, plan, plan])
    assert seen == {"back", "changed", "cancelled"}


@pytest.fixture
def world(writing: Session) -> World:
    return a_world(writing)


def refresh(session: Session, world: World, *, day: int) -> int:
    clock = FixedClock(TEST_MOMENT + timedelta(days=day))
    return update_ledger(session, clock, NO_PLUGINS, station_id=world.station.id)


def hold_chess(session: Session, world: World, room: Room | None = None) -> ActivitySession:
    row = held(session, world.chess.sessions[0], at(SATURDAY, 9), room or world.rooms[0], world.people[:2])
    refresh(session, world, day=0)
    return row


def items_of(session: Session, row: ActivitySession) -> list[FeedItem]:
    return list(session.scalars(select(FeedItem).where(FeedItem.session_id == row.id).order_by(FeedItem.kind)))


def test_a_session_stands_in_the_feeds_of_all_whom_it_concerns(writing: Session, world: World) -> None:
    row = hold_chess(writing, world)
    assert {(item.kind, item.subject) for item in items_of(writing, row)} == {
        (FeedKind.STATION, world.station.id.hex),
        (FeedKind.PROGRAM, "sst"),
        (FeedKind.ROOM, world.rooms[0].id.hex),
        (FeedKind.VOLUNTEER, world.people[0].id.hex),
        (FeedKind.VOLUNTEER, world.people[1].id.hex),
    }
    assert {item.title for item in items_of(writing, row)} == {"象棋"}


def test_asking_again_changes_nothing(writing: Session, world: World) -> None:
    hold_chess(writing, world)
    before = events(writing)
    assert refresh(writing, world, day=1) == 0
    assert events(writing) == before


def test_a_room_that_is_renamed_is_told_once(writing: Session, world: World) -> None:
    row = hold_chess(writing, world)
    world.rooms[0].name = "彩虹室"
    assert refresh(writing, world, day=1) == 5
    for item in items_of(writing, row):
        assert (item.sequence, item.cancelled) == (1, False)
        assert "彩虹室" in item.location
        assert "青石路1号" in item.location
    assert refresh(writing, world, day=2) == 0


def test_the_longest_names_fit_into_a_feed(writing: Session, world: World) -> None:
    # PostgreSQL once refused the publication of a session in a place with long names.
    venue = a_venue(writing, world.station, name="场" * 80, address="址" * 200)
    row = hold_chess(writing, world, a_room(writing, venue, name="室" * 80))
    assert all(len(item.location) == 362 for item in items_of(writing, row))


def make_it_closed(session: Session, world: World) -> ActivitySession:
    world.chess.closed = True
    return hold_chess(session, world)


def hold_it_in_private(session: Session, world: World) -> ActivitySession:
    venue = a_venue(session, world.station, name="秘密场地")
    return hold_chess(session, world, a_room(session, venue, name="秘密室", zone=Zone.PRIVATE))


def hold_it_at_home(session: Session, world: World) -> ActivitySession:
    world.chess.zones = []
    row = held(session, world.chess.sessions[0], at(SATURDAY, 9), None, world.people[:2])
    refresh(session, world, day=0)
    return row


def hold_it_for_a_closed_group(session: Session, world: World) -> ActivitySession:
    group = a_group(session, world.station, name="秘密小组", closed=True)
    own = {"station_id": world.station.id, "activity_id": world.chess.id}
    session.add(ActivityGroup(group_id=group.id, **own))
    session.flush()
    return hold_chess(session, world)


@pytest.mark.parametrize("hold", [make_it_closed, hold_it_in_private, hold_it_at_home, hold_it_for_a_closed_group])
def test_a_private_session_is_told_of_neutrally_in_every_feed(writing: Session, world: World, hold: object) -> None:
    assert callable(hold)
    row = hold(writing, world)
    items = items_of(writing, row)
    assert {item.kind for item in items} >= {FeedKind.STATION, FeedKind.PROGRAM, FeedKind.VOLUNTEER}
    for item in items:
        assert (item.title, item.location, item.category) == (items[0].title, "", "")
        assert item.title != world.chess.title
        assert item.description == ""
    text = b"".join(events(writing).values()).replace(b"\r\n ", b"").decode()
    for word in ("象棋", "秘密", "青石路", "场地", "活动室", "sst"):
        assert word not in text
    assert text.count("BEGIN:VEVENT") == len(items)


def test_a_session_that_becomes_private_loses_its_title_and_place(writing: Session, world: World) -> None:
    row = hold_chess(writing, world)
    assert items_of(writing, row)[0].location
    world.chess.closed = True
    refresh(writing, world, day=1)
    for item in items_of(writing, row):
        assert (item.sequence, item.location, item.category) == (1, "", "")


def test_a_volunteer_who_leaves_a_session_keeps_it_as_cancelled(writing: Session, world: World) -> None:
    row = hold_chess(writing, world)
    row.assignments.pop()
    writing.flush()
    assert refresh(writing, world, day=1) == 1
    ended = next(item for item in items_of(writing, row) if item.cancelled)
    assert (ended.kind, ended.sequence) == (FeedKind.VOLUNTEER, 1)
    address = FeedAddress(ended.station_id, FeedKind.VOLUNTEER, ended.subject)
    assert b"STATUS:CANCELLED" in render(feed_of(writing, NO_PLUGINS, address))


def test_dates_of_a_year_that_is_not_arranged_are_provisional_until_it_is(writing: Session, world: World) -> None:
    day = date(2027, 1, 30)
    term = a_term(writing, world.station, kind=TermKind.WINTER, first=day, last=date(2027, 2, 20))
    row = held(writing, an_activity(writing, term).sessions[0], at(day, 9), world.rooms[0], world.people[:2])
    sure = hold_chess(writing, world)
    assert {item.provisional for item in items_of(writing, row)} == {True}
    assert {item.provisional for item in items_of(writing, sure)} == {False}
    before = events(writing)
    assert sum(b"STATUS:TENTATIVE" in event for event in before.values()) == 5
    enter_2027(writing, world)
    for item in items_of(writing, row):
        assert (item.provisional, item.sequence) == (False, 1)
    after = events(writing)
    assert sum(b"STATUS:CONFIRMED" in event for event in after.values()) == 10
    assert sum(before[uid] == after[uid] for uid in before) == 5


def enter_2027(session: Session, world: World) -> None:
    arrangement = ArrangedYear(
        year=2027,
        source="国办发明电〔2026〕7号",
        published_on=date(2026, 11, 4),
        days_off=(NamedDay(date(2027, 1, 1), "元旦"),),
    )
    clock = FixedClock(TEST_MOMENT + timedelta(days=1))
    enter_year(session, SYSTEM, clock, NO_PLUGINS, arrangement, station_id=world.station.id)


def community_place(session: Session, world: World) -> tuple[Station, Room, Volunteer]:
    community = a_community(session, world.station)
    return community, a_room(session, a_venue(session, community)), a_volunteer(session, community)


def test_a_community_reads_the_feeds_of_its_own_rooms_and_volunteers(database: Database) -> None:
    # They once belonged to the station that held the sessions, and the community's addresses answered with nothing.
    with database.writing(EVERYTHING) as session:
        world = a_world(session)
        community, room, volunteer = community_place(session, world)
        held(session, world.chess.sessions[0], at(SATURDAY, 9), room, [volunteer, world.people[0]])
        refresh(session, world, day=0)
    own = {FeedKind.ROOM: room.id, FeedKind.VOLUNTEER: volunteer.id}
    with database.writing(EVERYTHING) as session:
        scope = scope_of_station(session, community.id)
    for kind, subject in own.items():
        with database.writing(scope) as session:
            address = FeedAddress(community.id, kind, subject.hex)
            token = open_feed(session, SYSTEM, FixedClock(TEST_MOMENT), address)
            row = find_feed(session, token)
            feed = feed_of(session, NO_PLUGINS, FeedAddress(row.station_id, row.kind, row.subject))
        assert [entry.title for entry in feed.entries] == ["象棋"]


def test_what_a_volunteer_who_moved_was_told_moves_along(writing: Session, world: World) -> None:
    community, _, _ = community_place(writing, world)
    row = hold_chess(writing, world)
    world.people[0].station_id = community.id
    assert refresh(writing, world, day=1) == 0
    moved = next(item for item in items_of(writing, row) if item.subject == world.people[0].id.hex)
    assert (moved.station_id, moved.sequence) == (community.id, 0)


def test_a_station_tells_nothing_of_another_ones_sessions(writing: Session, world: World) -> None:
    row = hold_chess(writing, world)
    other = a_world_beside(writing)
    assert update_ledger(writing, FixedClock(TEST_MOMENT), NO_PLUGINS, station_id=other.id) == 0
    assert not any(item.cancelled for item in items_of(writing, row))


def a_world_beside(session: Session) -> Station:
    return a_community(session, session.scalars(select(Station)).first() or Station())


def test_an_activity_that_is_renamed_is_told(writing: Session, world: World) -> None:
    row = hold_chess(writing, world)
    writing.get_one(Activity, world.chess.id).title = "围棋"
    refresh(writing, world, day=1)
    assert {(item.title, item.sequence) for item in items_of(writing, row)} == {("围棋", 1)}


def test_two_roles_of_one_session_are_two_volunteers_items(writing: Session, world: World) -> None:
    row = hold_chess(writing, world)
    writing.add(an_assignment(row, world.people[2], role="helper"))
    writing.flush()
    assert refresh(writing, world, day=1) == 1
    assert [item.sequence for item in items_of(writing, row) if item.subject == world.people[2].id.hex] == [0]


def test_times_are_the_stations_wall_clock(writing: Session, world: World) -> None:
    row = hold_chess(writing, world)
    assert {item.starts_at for item in items_of(writing, row)} == {datetime.combine(SATURDAY, at(SATURDAY, 9).time())}
    event = next(iter(events(writing).values()))
    assert b"DTSTART;TZID=Asia/Shanghai:20261128T090000\r\n" in event
