"""Who hasn't seen a change: volunteers whose calendar wasn't fetched since a session of the next days changed.

A calendar that was fetched has been told; whether somebody looked at it nobody knows. Who has no calendar has been told
nothing. Both are called.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import FeedChange, FeedItem, Volunteer
from core.db.models.feed import OfASession
from core.db.queries import subscriptions as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError
from core.security.permissions import require
from core.services.audit import record

#: A change of a session that is, or was to be, within this time is worth a call.
SOON: Final = timedelta(hours=48)


class News(StrEnum):
    """What there is to say on the phone."""

    NEW = "new"
    CANCELLED = "cancelled"
    MOVED = "moved"
    ELSEWHERE = "elsewhere"
    OTHER = "other"


@dataclass(frozen=True)
class Unseen:
    """A session of which somebody's calendar has told something else, if it told anything: what it is now, and was."""

    item: OfASession
    was_starts_at: datetime | None
    was_location: str
    cancelled: bool

    @property
    def news(self) -> News:
        """What is to be said first."""
        if self.cancelled:
            return News.CANCELLED
        if self.was_starts_at is None:
            return News.NEW
        if self.was_starts_at != self.item.starts_at:
            return News.MOVED
        return News.ELSEWHERE if self.was_location != self.item.location else News.OTHER

    @property
    def expected_at(self) -> datetime:
        """The earlier of the two times at which somebody could come."""
        return min(self.item.starts_at, self.was_starts_at or self.item.starts_at)


@dataclass(frozen=True)
class ToCall:
    """A volunteer to call: what to say, and when their calendar was last fetched, None for never or no calendar."""

    volunteer: Volunteer
    fetched_at: datetime | None
    subscribed: bool
    unseen: tuple[Unseen, ...]


def to_call(session: Session, now: datetime) -> list[ToCall]:
    """Return whom to call, who is expected first before the others; `now` is the station's wall-clock time."""
    changes = _unseen_changes(session, now)
    people = session.scalars(select(Volunteer).where(Volunteer.id.in_([UUID(key) for key in changes])))
    fetches = _fetches(session, changes)
    found = [
        ToCall(person, fetches.get(person.id.hex), person.id.hex in fetches, _told(changes[person.id.hex]))
        for person in people
    ]
    return sorted((one for one in found if one.unseen), key=lambda one: (_first(one), one.volunteer.name))


def note_call(session: Session, actor: Actor, clock: Clock, volunteer_id: UUID, now: datetime) -> None:
    """Note that a volunteer was called about all that they hadn't seen.

    Raises NotFoundError for one about whom there is nothing to say, as when somebody else has called meanwhile.
    """
    require(actor, Capability.KEEP_CALENDAR)
    changes = _unseen_changes(session, now).get(volunteer_id.hex)
    volunteer = session.get(Volunteer, volunteer_id)
    if not changes or volunteer is None:
        raise NotFoundError(Message("There is nothing left to tell this volunteer."))
    for change, _ in changes:
        change.called_at, change.called_by = clock.now(), actor.user_id
    record(
        session,
        actor,
        clock,
        station_id=volunteer.station_id,
        action="feed.called",
        subject_kind="volunteer",
        subject_id=volunteer.id,
        detail={"changes": len(changes)},
    )


_Changes = list[tuple[FeedChange, FeedItem]]


def _unseen_changes(session: Session, now: datetime) -> dict[str, _Changes]:
    """Return by volunteer, as their feed's subject, the changes since it was fetched, the oldest first."""
    changes: dict[str, _Changes] = {}
    for change, item in session.execute(queries.changes_between(now, now + SOON)):
        changes.setdefault(item.subject, []).append((change, item))
    fetches = _fetches(session, changes)
    unseen = {
        key: [one for one in several if not _has_seen(fetches.get(key), one[0])] for key, several in changes.items()
    }
    return {key: several for key, several in unseen.items() if several}


def _fetches(session: Session, changes: dict[str, _Changes]) -> dict[str, datetime | None]:
    # A Row is a tuple to Python, not to mypy.
    return {subject: moment for subject, moment in session.execute(queries.last_fetches(changes.keys()))}  # noqa: C416


def _has_seen(fetched_at: datetime | None, change: FeedChange) -> bool:
    return fetched_at is not None and fetched_at >= change.changed_at


def _told(changes: _Changes) -> tuple[Unseen, ...]:
    """Return what differs from what was known before the first of the changes; what was taken back is no news."""
    known: dict[UUID, Unseen] = {}
    for change, item in changes:
        known.setdefault(item.id, Unseen(item, change.was_starts_at, change.was_location, item.cancelled))
    news = [one for one in known.values() if not (one.cancelled and one.was_starts_at is None)]
    return tuple(sorted(news, key=_when))


def _when(one: Unseen) -> datetime:
    return one.expected_at


def _first(one: ToCall) -> datetime:
    return one.unseen[0].expected_at
