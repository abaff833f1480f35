"""Which activities of a child are held at the same time, by the timetable as it is published."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.queries import registration as queries


@dataclass(frozen=True)
class Stretch:
    """A published session: from when to when, in wall-clock time."""

    session_id: UUID
    starts_at: datetime
    ends_at: datetime

    def meets(self, other: "Stretch") -> bool:
        """Tell whether the two are held at the same time."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


Times = Mapping[UUID, tuple[Stretch, ...]]


def published_times(session: Session, activities: Collection[UUID]) -> Times:
    """Return the published sessions of activities, by activity and time."""
    found: dict[UUID, list[Stretch]] = {activity: [] for activity in activities}
    for activity, key, starts_at, ends_at in session.execute(queries.times_of(activities)):
        if starts_at is not None and ends_at is not None:
            found[activity].append(Stretch(key, starts_at, ends_at))
    return {activity: tuple(stretches) for activity, stretches in found.items()}


def ahead(stretches: Iterable[Stretch], now: datetime) -> tuple[Stretch, ...]:
    """Return the sessions that aren't over."""
    return tuple(one for one in stretches if one.ends_at > now)


def first_meeting(some: Iterable[Stretch], others: Iterable[Stretch]) -> Stretch | None:
    """Return the first of `others` that is held at the same time as one of `some`."""
    kept = tuple(some)
    return next((other for other in others if any(one.meets(other) for one in kept)), None)
