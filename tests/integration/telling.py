"""A station that tells its people: volunteers who hear by mail, notices for them, and a sender on a fake's line."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.config import Settings
from core.couriers.letter import Letter, NotDeliveredError
from core.daily import Work
from core.db.models import NoticeChoices, OutboxNotice, Station, User, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.notices import Channel, Notice, NoticeKind, to_volunteer
from core.hooks.manager import load_hooks
from core.posting import Sender
from core.services.notices.leasing import LEASE, Lease
from core.services.notices.outbox import put
from core.testing import TEST_MOMENT
from tests.integration.builders import a_station, a_volunteer, an_installation

#: In the station's zone it is nine in the morning.
NINE = TEST_MOMENT


@dataclass
class HandClock:
    """A clock that goes when it is told to."""

    at: datetime = NINE

    def now(self) -> datetime:
        """Return the moment at which it stands."""
        return self.at

    def go(self, **span: float) -> None:
        """Let time pass."""
        self.at += timedelta(**span)

    def stand(self, hour: int, minute: int = 0, *, day: int = 26) -> None:
        """Stand at a wall-clock time of November 2026 in Shanghai."""
        self.at = datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)

    def stand_next_day(self, hour: int) -> None:
        """Stand at a wall-clock hour of the day after, which a person there calls so."""
        local = self.at + timedelta(hours=8)
        self.at = local.replace(hour=hour, minute=0, second=0) + timedelta(days=1) - timedelta(hours=8)


@dataclass
class Tray:
    """A courier that keeps what it is handed, and fails when it is told to."""

    letters: list[Letter] = field(default_factory=list)
    fails: NotDeliveredError | Exception | None = None

    def deliver(self, letter: Letter) -> None:
        """Keep a letter, or fail."""
        if self.fails is not None:
            raise self.fails
        self.letters.append(letter)


def hears(session: Session, person: Volunteer | User, **values: Any) -> NoticeChoices:
    """Let somebody hear by mail."""
    of = {"volunteer_id": person.id} if isinstance(person, Volunteer) else {"user_id": person.id}
    plain = {"mail": f"{person.id.hex}@example.org", "language": "en", "changed_at": NINE}
    row = NoticeChoices(station_id=person.station_id, **of, **{**plain, **values})
    session.add(row)
    session.flush()
    return row


@dataclass
class Town:
    """A station with volunteers, of which the first hears by mail."""

    database: Database
    station: UUID
    people: tuple[UUID, ...]
    clock: HandClock = field(default_factory=HandClock)
    trays: dict[Channel, Tray] = field(default_factory=lambda: {channel: Tray() for channel in Channel})

    def sender(
        self, *, worker: str = "one", channels: set[Channel] | None = None, lasting: timedelta = LEASE
    ) -> Sender:
        """Return a server's sender, which has the town's trays for couriers."""
        settings = Settings.in_directory(Path("/nowhere"), base_url="https://weibao.example")
        trays = {channel: tray for channel, tray in self.trays.items() if channels is None or channel in channels}
        return Sender(Work(self.database, self.clock, settings), load_hooks(()), trays, Lease(worker, lasting))

    def put(self, key: str, *, to: int = 0, kind: NoticeKind = NoticeKind.CERTIFICATE_READY, **values: Any) -> None:
        """Put a notice to one of the people, in a transaction of its own."""
        with self.database.writing(EVERYTHING) as session:
            put(session, self.clock, Notice(kind, to_volunteer(self.people[to]), self.station, key, **values))

    def hears(self, number: int, **values: Any) -> None:
        """Let one of the people hear by mail, or as `values` say."""
        with self.database.writing(EVERYTHING) as session:
            hears(session, session.get_one(Volunteer, self.people[number]), **values)

    def rows(self) -> list[OutboxNotice]:
        """Return the outbox, by key."""
        with self.database.reading(EVERYTHING) as session:
            return list(session.scalars(select(OutboxNotice).order_by(OutboxNotice.key, OutboxNotice.id)))

    @property
    def mails(self) -> list[Letter]:
        """What went out by mail."""
        return self.trays[Channel.MAIL].letters


def a_town(database: Database, people: int = 3) -> Town:
    """Found it."""
    with database.writing(EVERYTHING) as session:
        an_installation(session)
        station: Station = a_station(session, name="青石站", phone="0851-0000000")
        volunteers = [a_volunteer(session, station) for _ in range(people)]
        town = Town(database, station.id, tuple(one.id for one in volunteers))
    town.hears(0)
    return town
