"""What obstacles are about, as far as whoever is at the desk may go there: registrations, sheets, other activities."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivitySession, Attendance
from core.db.queries import registration as queries
from core.domain.vocabulary import Presence
from core.hooks.joining import Obstacle


@dataclass(frozen=True)
class Sheet:
    """A session at which a child was: the attendance is noted on its sheet."""

    session_id: UUID
    starts_at: datetime


@dataclass(frozen=True)
class Grounds:
    """By activity: what it is called, the child's registration for it that counts, and the sheets, the newest first.

    Activities out of reach and closed ones are not among them.
    """

    titles: Mapping[UUID, str] = field(default_factory=dict)
    registrations: Mapping[UUID, UUID] = field(default_factory=dict)
    sheets: Mapping[UUID, tuple[Sheet, ...]] = field(default_factory=dict)


def grounds(session: Session, child_id: UUID, obstacles: Iterable[Obstacle]) -> Grounds:
    """Return what obstacles of a child are about; a program may have named anything, or nothing that there is."""
    named = {key for one in obstacles for text in one.about if (key := _key(text)) is not None}
    if not named:
        return Grounds()
    query = select(Activity.id, Activity.title).where(Activity.id.in_(named), ~Activity.closed)
    titles = {key: title for key, title in session.execute(query)}  # noqa: C416 (a row is no pair to mypy's eye)
    rows = session.scalars(queries.live_of_child(child_id))
    return Grounds(
        titles,
        {row.activity_id: row.id for row in rows if row.activity_id in titles},
        _sheets(session, child_id, titles),
    )


def _sheets(session: Session, child_id: UUID, activities: Collection[UUID]) -> Mapping[UUID, tuple[Sheet, ...]]:
    rows = session.execute(
        select(ActivitySession.activity_id, ActivitySession.id, ActivitySession.starts_at)
        .join(Attendance, Attendance.session_id == ActivitySession.id)
        .where(Attendance.child_id == child_id, Attendance.presence == Presence.PRESENT)
        .where(ActivitySession.activity_id.in_(activities), ActivitySession.starts_at.is_not(None))
        .order_by(ActivitySession.starts_at.desc())
    )
    found: dict[UUID, tuple[Sheet, ...]] = {}
    for activity, key, starts_at in rows:
        if starts_at is not None:
            found[activity] = (*found.get(activity, ()), Sheet(key, starts_at))
    return found


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
