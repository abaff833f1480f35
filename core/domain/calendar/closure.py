"""Closures: days on which a station, a venue or a room stays shut, and the sessions which that hits."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.domain.calendar.span import Span


@dataclass(frozen=True)
class Closure(Span):
    """Shut from `first`, at `from_time` if given, to the end of `last`; times are local.

    It is for the whole station unless a venue or a room is named. The Spring Festival is a closure like a typhoon is.
    """

    reason: str
    venue_id: Hashable | None = None
    room_id: Hashable | None = None
    from_time: time | None = None

    @property
    def begins_at(self) -> datetime:
        """The local moment from which it is shut."""
        return datetime.combine(self.first, self.from_time or time.min)

    @property
    def ends_at(self) -> datetime:
        """The local midnight after the last day."""
        return datetime.combine(self.last + timedelta(days=1), time.min)

    def covers(self, venue_id: Hashable | None, room_id: Hashable | None) -> bool:
        """Return whether the place is shut; a place without venue or room is only shut with the whole station."""
        return self.venue_id in {None, venue_id} and self.room_id in {None, room_id}

    def shut_from(self, day: date) -> time | None:
        """Return the time from which it is shut on the day, midnight for the whole day, or None if it is not."""
        if day not in self:
            return None
        return self.from_time or time.min if day == self.first else time.min


@dataclass(frozen=True)
class BookedTime:
    """A session as a closure sees it: when and where; times are naive and local."""

    id: Hashable
    starts_at: datetime
    ends_at: datetime
    venue_id: Hashable | None = None
    room_id: Hashable | None = None


def sessions_hit(closure: Closure, sessions: Iterable[BookedTime]) -> tuple[BookedTime, ...]:
    """Return the sessions that could not be held as booked, in the order given; one that ends as it begins is safe."""
    return tuple(
        session
        for session in sessions
        if session.starts_at < closure.ends_at
        and session.ends_at > closure.begins_at
        and closure.covers(session.venue_id, session.room_id)
    )
