"""What the pages of the timetable show."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload, selectinload

from core.db.models import Activity, ActivitySession, Assignment, Room, Term, Volunteer
from core.db.models.activity import SessionStatus

_SHOWN = ActivitySession.status != SessionStatus.UNPUBLISHED


def sessions_between(term_id: UUID, first: datetime, last: datetime) -> Select[ActivitySession]:
    """Sessions of a term published as held or cancelled from `first` to before `last`, with all a timetable shows."""
    return all_sessions_between(first, last).where(Activity.term_id == term_id)


def all_sessions_between(first: datetime, last: datetime) -> Select[ActivitySession]:
    """Sessions in reach published as held or cancelled from `first` to before `last`, by time."""
    return (
        select(ActivitySession)
        .join(ActivitySession.activity)
        .where(_SHOWN, ActivitySession.starts_at >= first, ActivitySession.starts_at < last)
        .options(
            joinedload(ActivitySession.activity).joinedload(Activity.place),
            joinedload(ActivitySession.activity).selectinload(Activity.roles),
            joinedload(ActivitySession.room).joinedload(Room.venue),
            selectinload(ActivitySession.assignments)
            .joinedload(Assignment.volunteer)
            .selectinload(Volunteer.clearances),
        )
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )


def session_page(session_id: UUID) -> Select[ActivitySession]:
    """One published session with all that its page shows."""
    return (
        select(ActivitySession)
        .where(_SHOWN, ActivitySession.id == session_id)
        .options(
            joinedload(ActivitySession.activity).joinedload(Activity.place),
            joinedload(ActivitySession.activity).selectinload(Activity.roles),
            joinedload(ActivitySession.activity).selectinload(Activity.groups),
            joinedload(ActivitySession.activity).selectinload(Activity.sessions),
            joinedload(ActivitySession.room).joinedload(Room.venue),
            selectinload(ActivitySession.assignments).joinedload(Assignment.volunteer),
        )
    )


def terms_in_reach() -> Select[Term]:
    """The terms within the session's scope, the earliest first."""
    return select(Term).order_by(Term.first, Term.name)


def published_terms(station_id: UUID) -> Select[Term]:
    """The terms of a station of which sessions were published, the earliest first."""
    published = exists().where(Activity.term_id == Term.id, ActivitySession.activity_id == Activity.id, _SHOWN)
    return select(Term).where(Term.station_id == station_id, published).order_by(Term.first)


def first_session_from(term_id: UUID, start: datetime) -> Select[datetime | None]:
    """The start of a term's first held session from `start` on."""
    return (
        select(ActivitySession.starts_at)
        .join(ActivitySession.activity)
        .where(
            Activity.term_id == term_id,
            ActivitySession.status == SessionStatus.HELD,
            ActivitySession.starts_at >= start,
        )
        .order_by(ActivitySession.starts_at)
        .limit(1)
    )


def duties(volunteer_id: UUID | None, start: datetime) -> Select[Assignment]:
    """A volunteer's duties that end after `start`, the next first, with session, activity and room."""
    return (
        select(Assignment)
        .where(Assignment.volunteer_id == volunteer_id, Assignment.ends_at > start)
        .options(
            joinedload(Assignment.session).joinedload(ActivitySession.activity).joinedload(Activity.place),
            joinedload(Assignment.session).joinedload(ActivitySession.room).joinedload(Room.venue),
        )
        .order_by(Assignment.starts_at, Assignment.id)
    )
