"""Which sessions ahead have lost the adults that make them safe; a session is unsafe until it is mended."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Volunteer
from core.db.models.activity import SessionStatus
from core.db.queries import replies as queries
from core.domain.errors import Message
from core.domain.replies import Safety
from core.services.adults import Homes, counted
from core.services.assignable import reason, why_not_then
from core.services.serving_rules import rules_of


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


def unsafe_between(session: Session, first: datetime, last: datetime) -> tuple[tuple[ActivitySession, Safety], ...]:
    """Return the unsafe sessions in reach that begin from `first` to before `last`, by time, with how they stand."""
    rows = session.scalars(queries.held_between(first, last)).all()
    homes = Homes(session, rows)
    found = ((row, safety_of(row, homes, today=first.date())) for row in rows)
    return tuple((row, safety) for row, safety in found if not safety.safe)


def barred_of(session: Session, row: ActivitySession, *, today: date) -> dict[UUID, Message]:
    """Return those assigned to a session ahead who may not serve by now, with the reason."""
    if row.starts_at is None or row.starts_at.date() < today:
        return {}
    rules = rules_of(session, row.station_id)
    found = {
        one.volunteer_id: why_not_then(one.volunteer, one.starts_at, one.ends_at, rules, today=today)
        for one in row.assignments
    }
    return {key: reason(bar) for key, bar in found.items() if bar is not None}
