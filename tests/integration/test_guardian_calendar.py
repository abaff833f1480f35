"""The calendar of a child's guardians, on both databases: its entries keep their identity and end as cancelled."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.db.models import ActivityGroup, Child, ChildFeedItem, FeedItem, GroupMember, GuardianLink, Station
from core.db.models.feed import FeedKind
from core.db.scope import set_scope
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import FixedClock
from core.domain.errors import NotFoundError
from core.domain.vocabulary import GuardianAccess
from core.feeds.entry import EntryStatus, Feed, FeedEntry
from core.feeds.ics import render
from core.services import guardian_links as links
from core.services import guardian_pages as pages
from core.services.erasing import erase_child
from core.services.feeds import Choices
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    BEFORE,
    SATURDAY,
    a_child,
    a_group,
    a_station,
    a_term,
    an_activity,
    an_installation,
    at,
)

FULL = GuardianAccess.FULL


@dataclass
class Scene:
    """A child, two groups with an activity of two sessions each, and what the station's feed says of them."""

    session: Session
    child: Child
    groups: list[UUID]
    ids: dict[UUID, list[UUID]]
    token: str
    now: datetime = BEFORE
    clock: FixedClock = field(default_factory=lambda: FixedClock(TEST_MOMENT))

    def later(self, step: timedelta) -> None:
        """Let time pass."""
        self.now += step
        self.clock = FixedClock(self.clock.now() + step)

    def join(self, group: int) -> None:
        """Put the child into a group."""
        own = {"station_id": self.child.station_id, "child_id": self.child.id}
        self.session.add(GroupMember(group_id=self.groups[group], **own))
        self.session.flush()

    def leave(self, group: int) -> None:
        """Take the child out of a group."""
        self.session.execute(delete(GroupMember).where(GroupMember.group_id == self.groups[group]))

    def fetch(self) -> Feed:
        """Do as a calendar program does."""
        return self.calendar().feed

    def calendar(self) -> pages.FamilyCalendar:
        """Fetch, and return what is known about the calendar besides."""
        found = links.visit(self.session, self.clock, self.token)
        try:
            if pages.is_behind(self.session, found, self.now):
                pages.bring_up_to_date(self.session, self.clock, found, self.now)
                assert not pages.is_behind(self.session, found, self.now)
            return pages.calendar_of(self.session, self.clock, found)
        finally:
            set_scope(self.session, EVERYTHING)

    def items(self, group: int) -> list[FeedItem]:
        """Return what the station's feed says of a group's sessions, fresh: a visit lets go what was loaded."""
        return [self.session.get_one(FeedItem, key) for key in self.ids[self.groups[group]]]

    def by_title(self) -> dict[str, FeedEntry]:
        """Fetch, and return the entries by their titles."""
        return {entry.title: entry for entry in self.fetch().entries}


def found(session: Session) -> Scene:
    """Store the scene: the sessions of the first group begin on SATURDAY and SUNDAY at 9, the other's at 14."""
    an_installation(session)
    station = a_station(session)
    child, term = a_child(session, station), a_term(session, station)
    groups, items = [], {}
    for number, hour in enumerate((9, 14)):
        group = a_group(session, station)
        activity = an_activity(session, term, session_count=2)
        session.add(ActivityGroup(station_id=station.id, activity_id=activity.id, group_id=group.id))
        groups.append(group.id)
        items[group.id] = [
            _said(station.id, row.id, SATURDAY + timedelta(days=day), hour, f"{number}-{day}")
            for day, row in enumerate(activity.sessions)
        ]
        session.add_all(items[group.id])
    session.flush()
    links.decide_access(session, SYSTEM, FixedClock(TEST_MOMENT), child.guardians[0].id, FULL)
    made = links.make_link(session, SYSTEM, FixedClock(TEST_MOMENT), child.guardians[0].id)
    ids = {group: [item.id for item in said] for group, said in items.items()}
    return Scene(session, child, groups, ids, made.token)


def _said(station: UUID, session_id: UUID, day: date, hour: int, title: str) -> FeedItem:
    values: dict[str, Any] = {"title": title, "location": "榕荫馆", "description": "", "category": "sst"}
    return FeedItem(
        station_id=station,
        kind=FeedKind.STATION,
        subject=station.hex,
        session_id=session_id,
        starts_at=at(day, hour),
        ends_at=at(day, hour + 1),
        changed_at=TEST_MOMENT,
        **values,
    )


@pytest.fixture
def scene(writing: Session) -> Scene:
    return found(writing)


def test_who_leaves_a_group_finds_its_sessions_cancelled_and_not_gone(scene: Scene) -> None:
    scene.join(0)
    before = scene.by_title()
    assert [(entry.status, entry.sequence) for entry in before.values()] == [(EntryStatus.CONFIRMED, 0)] * 2
    scene.leave(0)
    scene.later(timedelta(hours=1))
    after = scene.by_title()
    assert {title: entry.uid for title, entry in after.items()} == {title: entry.uid for title, entry in before.items()}
    assert [(entry.status, entry.sequence) for entry in after.values()] == [(EntryStatus.CANCELLED, 1)] * 2
    assert {entry.changed_at for entry in after.values()} == {TEST_MOMENT + timedelta(hours=1)}


def test_who_comes_back_finds_the_same_entries_again(scene: Scene) -> None:
    scene.join(0)
    first = scene.by_title()
    scene.leave(0)
    scene.fetch()
    scene.join(0)
    again = scene.by_title()
    assert [entry.uid for entry in again.values()] == [entry.uid for entry in first.values()]
    assert [(entry.status, entry.sequence) for entry in again.values()] == [(EntryStatus.CONFIRMED, 2)] * 2


def test_a_family_chooses_its_reminder_and_language_and_the_address_counts_as_changed_then(scene: Scene) -> None:
    scene.join(0)
    plain = scene.calendar()
    assert (plain.feed.alarm, plain.changed_at) == (None, TEST_MOMENT)
    scene.later(timedelta(hours=2))
    visit = links.visit(scene.session, scene.clock, scene.token)
    links.open_calendar(scene.session, scene.clock, visit, Choices("en", alarm=60))
    set_scope(scene.session, EVERYTHING)
    chosen = scene.calendar()
    assert (chosen.feed.alarm, chosen.feed.name) == (timedelta(hours=1), "Station activities")
    assert chosen.feed.name != plain.feed.name
    assert chosen.changed_at == scene.clock.now()


def test_a_fetch_is_noted_once_an_hour_and_at_once_after_a_change(scene: Scene) -> None:
    def fetched() -> None:
        scene.session.scalars(select(GuardianLink)).one().feed_fetched_at = scene.clock.now()
        scene.session.flush()

    scene.join(0)
    assert scene.calendar().unnoted
    scene.later(timedelta(minutes=1))
    fetched()
    assert not scene.calendar().unnoted
    scene.later(timedelta(hours=1))
    assert not scene.calendar().unnoted
    scene.later(timedelta(seconds=1))
    assert scene.calendar().unnoted
    fetched()
    scene.leave(0)
    scene.later(timedelta(seconds=1))
    assert scene.calendar().unnoted


def test_what_was_cancelled_is_told_for_sixty_days(scene: Scene) -> None:
    scene.join(0)
    scene.fetch()
    scene.leave(0)
    scene.fetch()
    scene.later(timedelta(days=60) - timedelta(seconds=1))
    assert [entry.status for entry in scene.fetch().entries] == [EntryStatus.CANCELLED] * 2
    scene.later(timedelta(seconds=1))
    assert scene.fetch().entries == ()


def test_what_is_over_stays_as_it_was_and_is_not_told_to_who_joins_later(scene: Scene) -> None:
    scene.join(0)
    scene.fetch()
    scene.now = at(SATURDAY, 10)
    scene.leave(0)
    scene.join(1)
    told = {title: (entry.status, entry.sequence) for title, entry in scene.by_title().items()}
    confirmed = (EntryStatus.CONFIRMED, 0)
    assert told == {"0-0": confirmed, "0-1": (EntryStatus.CANCELLED, 1), "1-0": confirmed, "1-1": confirmed}
    scene.leave(1)
    scene.now = at(SATURDAY, 15)
    scene.join(1)
    assert scene.by_title()["1-0"].status is EntryStatus.CONFIRMED


def test_one_minute_before_its_end_a_session_is_still_told_and_at_its_end_it_is_not(scene: Scene) -> None:
    scene.join(0)
    scene.now = at(SATURDAY, 9, 59)
    assert set(scene.by_title()) == {"0-0", "0-1"}
    scene.session.execute(delete(ChildFeedItem))
    scene.now = at(SATURDAY, 10)
    assert set(scene.by_title()) == {"0-1"}


def test_what_the_station_changes_or_cancels_the_calendar_says(scene: Scene) -> None:
    scene.join(0)
    before = scene.by_title()
    first, second = scene.items(0)
    first.location, second.cancelled = "听雨室", True
    scene.session.flush()
    scene.later(timedelta(minutes=5))
    after = scene.by_title()
    assert (after["0-0"].location, after["0-0"].sequence, after["0-0"].status) == ("听雨室", 1, EntryStatus.CONFIRMED)
    assert (after["0-1"].uid, after["0-1"].status) == (before["0-1"].uid, EntryStatus.CANCELLED)


def test_a_cancelled_entry_learns_nothing_of_where_the_others_meet_now(scene: Scene) -> None:
    scene.join(0)
    scene.fetch()
    scene.leave(0)
    scene.fetch()
    scene.items(0)[0].location = "听雨室"
    scene.session.flush()
    assert "听雨室".encode() not in render(scene.fetch())


def test_a_child_who_has_left_the_station_has_no_dates(scene: Scene) -> None:
    scene.join(0)
    scene.fetch()
    visit = links.visit(scene.session, scene.clock, scene.token)
    assert len(pages.dates_ahead(scene.session, visit, BEFORE)) == 2
    visit.child.left_on = SATURDAY
    scene.session.flush()
    assert pages.dates_ahead(scene.session, visit, BEFORE) == []
    assert [entry.status for entry in scene.fetch().entries] == [EntryStatus.CANCELLED] * 2


def test_entries_are_not_those_of_the_station_and_name_nobody(scene: Scene) -> None:
    scene.join(0)
    feed = scene.fetch()
    assert (feed.name, feed.timezone) == ("本站活动", "Asia/Shanghai")
    content = render(feed).decode().replace("\r\n ", "")
    ids = [item.id.hex for item in scene.items(0)]
    assert [word for word in (*ids, scene.child.id.hex, scene.child.name) if word in content] == []
    assert content.count("UID:part-") == 2


def test_another_childs_groups_are_in_no_calendar_but_its_own(scene: Scene) -> None:
    other = a_child(scene.session, scene.session.get_one(Station, scene.child.station_id))
    scene.session.add(GroupMember(station_id=other.station_id, child_id=other.id, group_id=scene.groups[1]))
    scene.join(0)
    assert set(scene.by_title()) == {"0-0", "0-1"}
    assert {item.child_id for item in scene.session.scalars(select(ChildFeedItem))} == {scene.child.id}


def test_restricted_access_is_told_nothing(scene: Scene) -> None:
    scene.join(0)
    links.decide_access(scene.session, SYSTEM, scene.clock, scene.child.guardians[0].id, GuardianAccess.RESTRICTED)
    visit = links.visit(scene.session, scene.clock, scene.token)
    for ask in (
        lambda: pages.is_behind(scene.session, visit, scene.now),
        lambda: pages.bring_up_to_date(scene.session, scene.clock, visit, scene.now),
        lambda: pages.calendar_of(scene.session, scene.clock, visit),
        lambda: pages.dates_ahead(scene.session, visit, scene.now),
    ):
        with pytest.raises(NotFoundError):
            ask()
    assert scene.session.scalars(select(ChildFeedItem)).all() == []


def test_the_calendar_goes_with_the_childs_file(scene: Scene) -> None:
    scene.join(0)
    scene.fetch()
    assert len(scene.session.scalars(select(ChildFeedItem.id)).all()) == 2
    erase_child(scene.session, SYSTEM, scene.clock, scene.child.id)
    assert scene.session.scalars(select(ChildFeedItem.id)).all() == []


steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("join", "leave")), st.integers(0, 1)),
        st.tuples(st.sampled_from(("move", "cancel", "hold")), st.integers(0, 3)),
        st.tuples(st.just("fetch"), st.just(0)),
    ),
    min_size=4,
    max_size=14,
)


def carry_out(scene: Scene, step: tuple[str, int], joined: set[int]) -> None:
    deed, number = step
    if deed == "join" and number not in joined:
        scene.join(number)
        joined.add(number)
    elif deed == "leave" and number in joined:
        scene.leave(number)
        joined.discard(number)
    elif deed in {"move", "cancel", "hold"}:
        item = scene.items(number // 2)[number % 2]
        item.location += "x" if deed == "move" else ""
        item.cancelled = deed == "cancel" or (deed == "move" and item.cancelled)
        scene.session.flush()


def check(scene: Scene, taken: list[tuple[str, int]]) -> None:
    """Take the steps; whatever happens, what a calendar program knows is true after its next fetch."""
    known: dict[str, FeedEntry] = {}
    joined: set[int] = set()
    for step in [*taken, ("fetch", 0)]:
        scene.later(timedelta(minutes=1))
        carry_out(scene, step, joined)
        if step[0] != "fetch":
            continue
        feed = scene.fetch()
        assert render(feed) == render(scene.fetch())
        entries = {entry.uid: entry for entry in feed.entries}
        assert known.keys() <= entries.keys()
        for uid, entry in entries.items():
            was = known.get(uid, entry)
            assert entry.sequence > was.sequence or entry == was
        live = {entry.title: entry.location for entry in entries.values() if entry.status is not EntryStatus.CANCELLED}
        assert live == {
            item.title: item.location for number in joined for item in scene.items(number) if not item.cancelled
        }
        known = entries


@contextmanager
def a_scene(database: Database) -> Iterator[Scene]:
    """Lend a scene of which nothing is kept."""
    with database.writing(EVERYTHING) as session:
        yield found(session)
        session.rollback()


QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(suppress_health_check=QUIET, max_examples=15)
@given(taken=steps)
def test_a_calendar_is_right_after_each_fetch(request: pytest.FixtureRequest, taken: list[tuple[str, int]]) -> None:
    with a_scene(request.getfixturevalue("lasting_sqlite")) as scene:
        check(scene, taken)


@pytest.mark.verify
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
@settings(suppress_health_check=QUIET, max_examples=300)
@given(taken=steps)
def test_it_is_right_after_thousands_of_fetches(
    request: pytest.FixtureRequest, kind: str, taken: list[tuple[str, int]]
) -> None:
    with a_scene(request.getfixturevalue(f"lasting_{kind}")) as scene:
        check(scene, taken)
