"""Thousands of sessions that are moved, renamed, cancelled and held again: what calendars were told stays true."""

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Room, Volunteer
from core.db.models.activity import SessionStatus
from core.db.queries.feeds import feeds_that_speak
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.clock import FixedClock
from core.feeds.ics import render
from core.services.feed_ledger import update_ledger
from core.services.feeds import FeedAddress, feed_of
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    SATURDAY,
    a_room,
    a_station,
    a_term,
    a_venue,
    a_volunteer,
    an_activity,
    an_assignment,
    an_installation,
    at,
)
from tests.integration.timetable import NO_PLUGINS

#: Sessions of one station, each with a history of its own, and how often the station publishes.
SESSIONS, ROUNDS = 50, 6
#: So many stations make 10,000 histories.
STATIONS = 200

_EVENT = re.compile(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
_UID, _SEQUENCE = re.compile(r"\nUID:(\S+)"), re.compile(r"\nSEQUENCE:(\d+)")


@dataclass
class Town:
    """A station whose sessions each have an hour of the week to themselves, so that none is in another's way."""

    session: Session
    chance: random.Random
    rows: list[ActivitySession]
    rooms: list[Room]
    people: list[Volunteer]
    #: What each calendar said of each entry when it was last fetched.
    told: dict[FeedAddress, dict[str, bytes]] = field(default_factory=dict)
    #: What was met on the way: a test that met nothing has shown nothing.
    met: Counter[str] = field(default_factory=Counter)

    def edit(self, number: int) -> None:
        """Do something to one session, or nothing."""
        row, chance = self.rows[number], self.chance
        deed = chance.choice(("nothing", "nothing", "move", "move", "room", "title", "staff", "cancel", "hold"))
        self.met[deed] += 1
        if deed == "move" and row.status is SessionStatus.HELD:
            staff = self._dismiss(row)
            row.starts_at = hour_of(number) + timedelta(weeks=chance.randrange(12))
            self._time(row)
            self._assign(row, staff)
        elif deed == "room":
            row.room = chance.choice(self.rooms)
        elif deed == "title":
            row.activity.title = f"{number} {chance.choice(('亲子阅读', '象棋；初级', 'Reading, aloud', '绘画'))}"
        elif deed == "staff" and row.status is SessionStatus.HELD:
            self._dismiss(row)
            self._assign(row, chance.sample(self.people, chance.randrange(3)))
        elif deed == "cancel":
            self._dismiss(row)
            row.status = SessionStatus.CANCELLED
        elif deed == "hold" and row.status is not SessionStatus.HELD:
            row.status, row.starts_at = SessionStatus.HELD, hour_of(number)
            self._time(row)
        self.session.flush()

    def _time(self, row: ActivitySession) -> None:
        assert row.starts_at is not None
        row.ends_at = row.room_free_at = row.starts_at + timedelta(minutes=60)
        self.session.flush()

    def _dismiss(self, row: ActivitySession) -> list[Volunteer]:
        staff = [one.volunteer for one in row.assignments]
        row.assignments.clear()
        self.session.flush()
        return staff

    def _assign(self, row: ActivitySession, staff: list[Volunteer]) -> None:
        for person in staff:
            one = an_assignment(row, person)
            one.volunteer = person
            row.assignments.append(one)
        self.session.flush()

    def fetch(self, clock: FixedClock) -> None:
        """Fetch each calendar, and hold what it says against what it said before."""
        for station_id, kind, subject in self.session.execute(feeds_that_speak()):
            address = FeedAddress(station_id, kind, subject)
            blocks = _EVENT.findall(render(feed_of(self.session, clock, NO_PLUGINS, address)))
            says = {_said(_UID, block): block for block in blocks}
            assert len(says) == len(blocks), "a UID stands twice"
            before = self.told.setdefault(address, {})
            assert before.keys() <= says.keys(), "an entry vanished"
            for uid, block in says.items():
                self._compare(before.get(uid), block)
            self.told[address] = says

    def _compare(self, before: bytes | None, now: bytes) -> None:
        if before is None:
            self.met["new"] += 1
        elif before == now:
            self.met["unchanged"] += 1
        else:
            assert int(_said(_SEQUENCE, now)) > int(_said(_SEQUENCE, before)), "changed without a higher sequence"
            self.met["changed"] += 1


def _said(what: re.Pattern[str], block: bytes) -> str:
    found = what.search(block.decode().replace("\r\n ", ""))
    assert found is not None
    return found[1]


def hour_of(number: int) -> datetime:
    """Return a session's own hour of the first week."""
    return at(SATURDAY, 8 + number // 7) + timedelta(days=number % 7)


def a_town(session: Session, seed: int) -> Town:
    """Found a station, and hold all sessions without staff."""
    station = a_station(session)
    venue, term = a_venue(session, station), a_term(session, station)
    rooms, people = [a_room(session, venue) for _ in range(2)], [a_volunteer(session, station) for _ in range(4)]
    rows = [an_activity(session, term, title=f"{number} 绘画").sessions[0] for number in range(SESSIONS)]
    town = Town(session, random.Random(seed), rows, rooms, people)  # noqa: S311 - no secret
    for number, row in enumerate(rows):
        row.status, row.starts_at, row.room = SessionStatus.HELD, hour_of(number), rooms[0]
        town._time(row)
    return town


def live(session: Session, seed: int) -> Counter[str]:
    """Let a town publish again and again, and return what was met."""
    town = a_town(session, seed)
    for day in range(ROUNDS):
        clock = FixedClock(TEST_MOMENT + timedelta(days=day))
        if day:
            for number in range(SESSIONS):
                town.edit(number)
        update_ledger(session, clock, NO_PLUGINS, station_id=town.rows[0].station_id)
        town.fetch(clock)
        # Publishing what is published already tells nothing.
        assert update_ledger(session, clock, NO_PLUGINS, station_id=town.rows[0].station_id) == 0
    return town.met


def lived(database: Database, seeds: range) -> Counter[str]:
    """Let towns live one after the other, of which nothing is kept."""
    met: Counter[str] = Counter()
    for seed in seeds:
        with database.writing(EVERYTHING) as session:
            an_installation(session)
            met += live(session, seed)
            session.rollback()
    return met


def test_calendars_stay_true_through_a_town_of_histories(lasting_sqlite: Database) -> None:
    met = lived(lasting_sqlite, range(1))
    assert min(met[deed] for deed in ("new", "unchanged", "changed", "cancel", "hold", "move")) > 20


@pytest.mark.verify
@pytest.mark.parametrize("part", range(10))
def test_calendars_stay_true_through_ten_thousand_histories(lasting_sqlite: Database, part: int) -> None:
    each = STATIONS // 10
    met = lived(lasting_sqlite, range(1 + part * each, 1 + (part + 1) * each))
    assert min(met[deed] for deed in ("new", "unchanged", "changed", "cancel", "hold", "move")) > 20 * each
