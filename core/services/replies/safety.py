"""Which sessions ahead have lost the adults that make them safe; a session is unsafe until it is mended."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Volunteer
from core.db.models.activity import SessionStatus
from core.db.queries import replies as queries
from core.domain.replies import Safety
from core.domain.serving import is_adult
from core.services.assignable import may_be_assigned


def safety_of(
    row: ActivitySession,
    *,
    today: date,
    without: UUID | None = None,
    also: Volunteer | None = None,
) -> Safety:
    """Return whether a session has enough adults who may serve, as it is known today, with people taken or added.

    Whoever is under age, or may not serve on the day any more, counts for nobody.
    """
    day = today if row.starts_at is None else row.starts_at.date()
    people = [one.volunteer for one in row.assignments if one.volunteer_id != without]
    people += [also] if also is not None else []
    homes = (
        one.household for one in people if is_adult(one.birth_date, day) and may_be_assigned(one, day, today=today)
    )
    return Safety(tuple(homes), row.activity.min_adults)


def is_unsafe(row: ActivitySession, *, today: date) -> bool:
    """Tell whether a session is held that too few adults look after."""
    return row.status is SessionStatus.HELD and not safety_of(row, today=today).safe


def unsafe_between(session: Session, first: datetime, last: datetime) -> tuple[ActivitySession, ...]:
    """Return the unsafe sessions in reach that begin from `first` to before `last`, by time."""
    rows = session.scalars(queries.held_between(first, last))
    return tuple(row for row in rows if is_unsafe(row, today=first.date()))
