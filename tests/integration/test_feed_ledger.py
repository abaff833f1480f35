"""What feeds say: the same item for ever, a higher sequence with each change, untouched bytes where nothing changed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Assignment, FeedItem
from core.db.models.activity import SessionStatus
from core.db.models.feed import FeedKind
from core.db.queries.feeds import feeds_that_speak
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.clock import FixedClock
from core.feeds.ics import render
from core.planning.plan import PlannedSession
from core.services.feeds import FeedAddress, feed_of
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    SATURDAY,
    SUNDAY,
    at,
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
        content = render(feed_of(session, FixedClock(TEST_MOMENT), NO_PLUGINS, FeedAddress(station_id, kind, subject)))
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
