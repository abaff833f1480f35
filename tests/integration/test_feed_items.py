"""What feeds say of one session: to whom, in which words, and what they keep to themselves."""

from datetime import date, datetime, timedelta
from types import ModuleType

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityGroup, ActivitySession, FeedItem, Room, Station, Volunteer
from core.db.models.feed import FeedKind
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.calendar.arranged_year import ArrangedYear, NamedDay
from core.domain.clock import FixedClock
from core.domain.errors import Message
from core.domain.vocabulary import TermKind, Zone
from core.feeds.ics import render
from core.hooks.calling import Plugin
from core.hooks.manager import build_hooks
from core.hooks.specs import hookimpl
from core.hooks.types import SessionText
from core.services.arranged_years import enter_year
from core.services.feed_ledger import update_ledger
from core.services.feeds import FeedAddress, feed_of, open_feed
from core.services.stations import scope_of_station
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    SATURDAY,
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
from tests.integration.test_feed_ledger import events
from tests.integration.timetable import NO_PLUGINS, World, a_world


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


def test_an_entry_is_sorted_by_its_program_and_by_the_word_that_the_program_gives(
    writing: Session, world: World
) -> None:
    module = ModuleType("toy.plugin")
    module.__file__ = __file__
    module.session_text = hookimpl(lambda: SessionText(Message("Chess."), Message("Games")))  # type: ignore[attr-defined]
    row = held(writing, world.chess.sessions[0], at(SATURDAY, 9), world.rooms[0], world.people[:2])
    hooks = build_hooks([Plugin("sst", module)])
    update_ledger(writing, FixedClock(TEST_MOMENT), hooks, station_id=world.station.id)
    assert {item.category for item in items_of(writing, row)} == {"sst\nGames"}
    feed = feed_of(
        writing, FixedClock(TEST_MOMENT), hooks, FeedAddress(world.station.id, FeedKind.STATION, world.station.id.hex)
    )
    assert b"CATEGORIES:sst,Games" in render(feed)


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
    assert b"STATUS:CANCELLED" in render(feed_of(writing, FixedClock(TEST_MOMENT), NO_PLUGINS, address))


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
            open_feed(session, SYSTEM, FixedClock(TEST_MOMENT), address)
            feed = feed_of(session, FixedClock(TEST_MOMENT), NO_PLUGINS, address)
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
