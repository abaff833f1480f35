"""Which activities of a child leave it no time for both, by the timetable as it is published."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.queries import registration as queries
from core.domain.ways import DEFAULT_WAY, NO_WAYS, Ways
from core.services.ways import entered_ways


@dataclass(frozen=True)
class Stretch:
    """A published session: from when to when, in wall-clock time, and at which site, if at any."""

    session_id: UUID
    starts_at: datetime
    ends_at: datetime
    venue_id: UUID | None = None

    def meets(self, other: "Stretch", ways: Ways = NO_WAYS) -> bool:
        """Tell whether nobody can be at both: they are held at the same time, or too close for the way."""
        way = timedelta(minutes=ways.between(self.venue_id, other.venue_id))
        return self.starts_at < other.ends_at + way and other.starts_at < self.ends_at + way


Times = Mapping[UUID, tuple[Stretch, ...]]


@dataclass(frozen=True)
class Timetable:
    """The published sessions of activities, and the ways between their sites."""

    times: Times
    ways: Ways


def timetable(session: Session, activities: Collection[UUID], default_way: int = DEFAULT_WAY) -> Timetable:
    """Return the published sessions of activities with the ways; those that nobody entered take `default_way`."""
    times = published_times(session, activities)
    venues = {one.venue_id for stretches in times.values() for one in stretches}
    return Timetable(times, entered_ways(session, venues, default_way))


def published_times(session: Session, activities: Collection[UUID]) -> Times:
    """Return the published sessions of activities, by activity and time."""
    found: dict[UUID, list[Stretch]] = {activity: [] for activity in activities}
    for activity, key, starts_at, ends_at, venue in session.execute(queries.times_of(activities)):
        if starts_at is not None and ends_at is not None:
            found[activity].append(Stretch(key, starts_at, ends_at, venue))
    return {activity: tuple(stretches) for activity, stretches in found.items()}


def ahead(stretches: Iterable[Stretch], now: datetime) -> tuple[Stretch, ...]:
    """Return the sessions that aren't over."""
    return tuple(one for one in stretches if one.ends_at > now)


def first_meeting(
    some: Iterable[Stretch], others: Iterable[Stretch], ways: Ways = NO_WAYS
) -> tuple[Stretch, Stretch] | None:
    """Return one of `some` and the first of `others` that it meets."""
    kept = tuple(some)
    return next(((one, other) for other in others for one in kept if one.meets(other, ways)), None)
