"""The timetable as published."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from core.db.models import Activity, ActivitySession, Room
from core.db.models.activity import SessionStatus


def sessions_of_term(term_id: UUID) -> Select[ActivitySession]:
    """All sessions of a term, published or not, with activity, room and staff."""
    return (
        select(ActivitySession)
        .join(ActivitySession.activity)
        .where(Activity.term_id == term_id)
        .options(joinedload(ActivitySession.activity), selectinload(ActivitySession.assignments))
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )


def held_sessions_of_station(station_id: UUID) -> Select[ActivitySession]:
    """Every session of a station that is published as held, with activity, place, room, venue and staff."""
    return (
        select(ActivitySession)
        .where(ActivitySession.station_id == station_id, ActivitySession.status == SessionStatus.HELD)
        .options(
            joinedload(ActivitySession.activity).joinedload(Activity.place),
            joinedload(ActivitySession.room).joinedload(Room.venue),
            selectinload(ActivitySession.assignments),
        )
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )


def held_sessions_between(station_id: UUID, first: datetime, last: datetime) -> Select[ActivitySession]:
    """Held sessions of a station that touch the stretch from `first` to before `last`, in wall-clock time."""
    return held_sessions_of_station(station_id).where(ActivitySession.ends_at > first, ActivitySession.starts_at < last)
