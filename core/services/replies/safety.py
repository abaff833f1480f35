"""Which sessions ahead have lost the adults that make them safe; a session is unsafe until it is mended."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Volunteer
from core.db.models.activity import SessionStatus
from core.db.queries import replies as queries
from core.domain.replies import Safety
from core.services.adults import Homes, counted


def safety_of(
    row: ActivitySession,
    homes: Homes,
    *,
    today: date,
    without: UUID | None = None,
    also: Volunteer | None = None,
) -> Safety:
    """Return whether a session has enough adults who may serve, as it is known today, with people taken or added."""
    day = today if row.starts_at is None else row.starts_at.date()
    people = [one.volunteer for one in row.assignments if one.volunteer_id != without]
    people += [also] if also is not None else []
    return Safety(counted(people, homes.at(row.station_id), day, today=today), row.activity.min_adults)


def is_unsafe(row: ActivitySession, homes: Homes, *, today: date) -> bool:
    """Tell whether a session is held that too few adults look after."""
    return row.status is SessionStatus.HELD and not safety_of(row, homes, today=today).safe


def unsafe_between(session: Session, first: datetime, last: datetime) -> tuple[ActivitySession, ...]:
    """Return the unsafe sessions in reach that begin from `first` to before `last`, by time."""
    rows, homes = session.scalars(queries.held_between(first, last)), Homes(session)
    return tuple(row for row in rows if is_unsafe(row, homes, today=first.date()))
