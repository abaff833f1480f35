"""Who hasn't seen a change: whose calendar wasn't fetched since, for sessions of the next two days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, FeedChange, FeedToken, Volunteer
from core.db.models.feed import FeedKind
from core.domain.actor import SYSTEM
from core.domain.clock import FixedClock
from core.domain.errors import NotFoundError
from core.services.feed_ledger import REMEMBERED_FOR, update_ledger
from core.services.feeds import FeedAddress, open_feed
from core.services.unseen import News, ToCall, note_call, to_call
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, at
from tests.integration.timetable import NO_PLUGINS, World, a_draft, a_world, planned, publish

#: The evening before the first session.
NOW = at(SATURDAY, 9) - timedelta(hours=15)
FRIDAY = TEST_MOMENT + timedelta(days=3)


@dataclass
class Scene:
    """A station where painting was published for two volunteers, on Saturday at nine."""

    session: Session
    world: World
    days: int = 0

    def plan(self, start: datetime | None, *people: int, room: int = 0) -> None:
        """Publish painting's first session at a time for these people, or without it, a day after the last plan."""
        first = self.world.painting.sessions[0]
        staff = [self.world.people[number] for number in people]
        held = [] if start is None else [planned(first, start, self.world.rooms[room], staff)]
        self.days += 1
        publish(self.session, a_draft(self.session, self.world.term, *held), day=self.days)

    def fetch(self, number: int) -> None:
        """Let a volunteer's calendar be fetched after all that was published so far."""
        person = self.world.people[number]
        address = FeedAddress(person.station_id, FeedKind.VOLUNTEER, person.id.hex)
        token = self.session.scalars(select(FeedToken).where(FeedToken.subject == person.id.hex)).one_or_none()
        if token is None:
            open_feed(self.session, SYSTEM, FixedClock(TEST_MOMENT), address)
            token = self.session.scalars(select(FeedToken).where(FeedToken.subject == person.id.hex)).one()
        token.last_fetched_at = TEST_MOMENT + timedelta(days=self.days, hours=1)
        self.session.flush()

    def called(self, now: datetime = NOW) -> dict[Volunteer, ToCall]:
        """Return whom to call."""
        return {one.volunteer: one for one in to_call(self.session, now)}


@pytest.fixture
def scene(writing: Session) -> Scene:
    """Publish painting for the first two volunteers."""
    made = Scene(writing, a_world(writing))
    made.plan(at(SATURDAY, 9), 0, 1)
    return made


def news(one: ToCall) -> list[News]:
    """Return what there is to say."""
    return [said.news for said in one.unseen]


def test_who_has_no_calendar_and_who_never_fetched_are_called(scene: Scene) -> None:
    found = scene.called()
    assert {person.id for person in found} == {scene.world.people[0].id, scene.world.people[1].id}
    assert [news(one) for one in found.values()] == [[News.NEW], [News.NEW]]
    assert not any(one.subscribed or one.fetched_at for one in found.values())


def test_who_has_fetched_since_is_not_called(scene: Scene) -> None:
    scene.fetch(0)
    assert [person.id for person in scene.called()] == [scene.world.people[1].id]


def test_a_move_away_from_tomorrow_is_called_about_though_it_is_weeks_ahead_now(scene: Scene) -> None:
    scene.fetch(0)
    scene.fetch(1)
    scene.plan(at(SATURDAY + timedelta(days=14), 10), 0, 1)
    found = scene.called()
    assert [news(one) for one in found.values()] == [[News.MOVED], [News.MOVED]]
    assert {one.unseen[0].was_starts_at for one in found.values()} == {at(SATURDAY, 9)}


def test_what_was_moved_twice_is_told_from_what_was_known(scene: Scene) -> None:
    scene.fetch(0)
    scene.plan(at(SATURDAY, 14), 0, 1)
    scene.plan(at(SATURDAY, 9), 0, 1, room=1)
    (told,) = scene.called()[scene.world.people[0]].unseen
    assert (told.news, told.was_starts_at) == (News.ELSEWHERE, at(SATURDAY, 9))


def test_a_duty_that_was_taken_back_is_cancelled_for_who_knew_it_and_nothing_for_who_did_not(scene: Scene) -> None:
    scene.fetch(0)
    scene.plan(at(SATURDAY, 9), 2, 3)
    found = scene.called()
    assert news(found[scene.world.people[0]]) == [News.CANCELLED]
    assert scene.world.people[1] not in found
    assert news(found[scene.world.people[2]]) == [News.NEW]


def test_what_is_further_ahead_than_two_days_can_wait(scene: Scene) -> None:
    assert scene.called(at(SATURDAY, 8) - timedelta(days=2)) == {}
    assert scene.called(at(SATURDAY, 9) - timedelta(days=2)) != {}
    assert scene.called(at(SATURDAY, 9, 1)) == {}


def test_a_call_is_noted_once_and_stands_in_the_log(scene: Scene) -> None:
    person = scene.world.people[0]
    note_call(scene.session, SYSTEM, FixedClock(FRIDAY), person.id, NOW)
    scene.session.flush()
    assert person not in scene.called()
    logged = scene.session.scalars(select(AuditEntry).where(AuditEntry.action == "feed.called")).one()
    assert logged.subject_id == person.id
    with pytest.raises(NotFoundError):
        note_call(scene.session, SYSTEM, FixedClock(FRIDAY), person.id, NOW)


def test_what_changes_after_the_call_is_called_about_anew(scene: Scene) -> None:
    person = scene.world.people[0]
    note_call(scene.session, SYSTEM, FixedClock(FRIDAY), person.id, NOW)
    scene.plan(at(SATURDAY, 11), 0, 1)
    assert news(scene.called()[person]) == [News.MOVED]


def test_what_a_calendar_said_long_ago_is_forgotten(scene: Scene) -> None:
    assert set(scene.session.scalars(select(FeedChange.changed_at)))
    scene.days += REMEMBERED_FOR // timedelta(days=1) + 1
    update_ledger(
        scene.session,
        FixedClock(TEST_MOMENT + timedelta(days=scene.days)),
        NO_PLUGINS,
        station_id=scene.world.station.id,
    )
    assert not set(scene.session.scalars(select(FeedChange.changed_at)))
