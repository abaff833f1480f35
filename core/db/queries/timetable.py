"""The timetable as published."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from core.db.models import Activity, ActivitySession, Assignment, Room
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


def held_sessions_of_station(station_id: UUID, only: Collection[UUID] | None = None) -> Select[ActivitySession]:
    """Every session of a station, of those named, that is held, with activity, place, room, venue and staff."""
    found = _held_sessions().where(ActivitySession.station_id == station_id)
    return found if only is None else found.where(ActivitySession.id.in_(only))


def held_sessions_at_station(station_id: UUID) -> Select[ActivitySession]:
    """Every held session of a station, and of others in its rooms."""
    in_its_rooms = ActivitySession.room.has(Room.station_id == station_id)
    return _held_sessions().where(or_(ActivitySession.station_id == station_id, in_its_rooms))


def held_sessions_between(station_id: UUID, first: datetime, last: datetime) -> Select[ActivitySession]:
    """Held sessions of a station that touch the stretch from `first` to before `last`, in wall-clock time."""
    return held_sessions_of_station(station_id).where(ActivitySession.ends_at > first, ActivitySession.starts_at < last)


def _held_sessions() -> Select[ActivitySession]:
    return (
        select(ActivitySession)
        .where(ActivitySession.status == SessionStatus.HELD)
        .options(
            joinedload(ActivitySession.activity).joinedload(Activity.place),
            joinedload(ActivitySession.activity).selectinload(Activity.groups),
            joinedload(ActivitySession.room).joinedload(Room.venue),
            selectinload(ActivitySession.assignments).joinedload(Assignment.volunteer),
        )
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )
