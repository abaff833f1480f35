"""What availability is made of: people by name, venues and programs to choose from, terms ahead, busy times."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from core.db.models import ActivitySession, BusyCalendar, BusyTime, Room, Term, Venue, Volunteer
from core.db.models.activity import SessionStatus
from core.db.models.availability import BusyWay


def people_called(station_id: UUID, name: str) -> Select[UUID]:
    """People of a station with a name, or with a number."""
    return select(Volunteer.id).where(
        Volunteer.station_id == station_id, or_(Volunteer.name == name, Volunteer.number == name)
    )


def names_of(ids: Collection[UUID]) -> Select[str]:
    """Names of people, in a stable order."""
    return select(Volunteer.name).where(Volunteer.id.in_(ids)).order_by(Volunteer.name, Volunteer.id)


def venues() -> Select[Venue]:
    """Venues within the scope, by name."""
    return select(Venue).order_by(Venue.name, Venue.id)


def terms_ahead(station_id: UUID, today: date) -> Select[Term]:
    """Terms of a station that haven't ended, the first to begin first."""
    return select(Term).where(Term.station_id == station_id, Term.last >= today).order_by(Term.first, Term.id)


def term_ahead(term_id: UUID) -> Select[Term]:
    """A term within the scope."""
    return select(Term).where(Term.id == term_id)


def calendars_of_volunteer(volunteer_id: UUID) -> Select[BusyCalendar]:
    """The calendars of a volunteer, the first given first."""
    return (
        select(BusyCalendar)
        .where(BusyCalendar.volunteer_id == volunteer_id)
        .order_by(BusyCalendar.given_at, BusyCalendar.id)
    )


def calendars_of_room(room_id: UUID) -> Select[BusyCalendar]:
    """The calendars of a room, the first given first."""
    return select(BusyCalendar).where(BusyCalendar.room_id == room_id).order_by(BusyCalendar.given_at, BusyCalendar.id)


def calendars_due(now: datetime) -> Select[UUID]:
    """Calendars that are to be fetched, those that wait longest first."""
    return (
        select(BusyCalendar.id)
        .where(BusyCalendar.way == BusyWay.ADDRESS, BusyCalendar.next_fetch_at <= now)
        .order_by(BusyCalendar.next_fetch_at, BusyCalendar.id)
    )


def busy_within(first: datetime, last: datetime) -> Select[UUID, datetime, datetime]:
    """Whose busy times, by the id of a volunteer or of a room, lie in a stretch, from when to when."""
    return (
        select(func.coalesce(BusyCalendar.volunteer_id, BusyCalendar.room_id), BusyTime.starts_at, BusyTime.ends_at)
        .join(BusyTime, BusyTime.calendar_id == BusyCalendar.id)
        .where(BusyTime.starts_at < last, BusyTime.ends_at > first)
    )


def busy_counts(calendars: Collection[UUID]) -> Select[UUID, int]:
    """How many busy times each of the calendars has."""
    return (
        select(BusyTime.calendar_id, func.count())
        .where(BusyTime.calendar_id.in_(calendars))
        .group_by(BusyTime.calendar_id)
    )


def taken_rooms(since: datetime) -> Select[UUID | None, int]:
    """How often each room is taken elsewhere from a moment on; rooms that aren't have no row."""
    return (
        select(BusyCalendar.room_id, func.count())
        .join(BusyTime, BusyTime.calendar_id == BusyCalendar.id)
        .where(BusyCalendar.room_id.is_not(None), BusyTime.ends_at > since)
        .group_by(BusyCalendar.room_id)
    )


def busy_until(moment: datetime) -> Select[BusyTime]:
    """Busy times that ended by a moment."""
    return select(BusyTime).where(BusyTime.ends_at <= moment)


def busy_of_room(room_id: UUID, since: datetime) -> Select[BusyTime]:
    """When a room is taken elsewhere from a moment on."""
    return (
        select(BusyTime)
        .join(BusyCalendar, BusyCalendar.id == BusyTime.calendar_id)
        .where(BusyCalendar.room_id == room_id, BusyTime.ends_at > since)
        .order_by(BusyTime.starts_at, BusyTime.id)
    )


def busy_sessions(since: datetime, room_id: UUID | None = None) -> Select[ActivitySession]:
    """Sessions that are held though their room is taken elsewhere, in any room or in one."""
    clashing = (
        select(BusyTime.id)
        .join(BusyCalendar, BusyCalendar.id == BusyTime.calendar_id)
        .where(
            BusyCalendar.room_id == ActivitySession.room_id,
            BusyTime.starts_at < ActivitySession.ends_at,
            BusyTime.ends_at > ActivitySession.starts_at,
        )
    )
    query = select(ActivitySession).where(
        ActivitySession.status == SessionStatus.HELD, ActivitySession.starts_at > since, clashing.exists()
    )
    if room_id is not None:
        query = query.where(ActivitySession.room_id == room_id)
    return query.order_by(ActivitySession.starts_at, ActivitySession.id)


def rooms() -> Select[Room]:
    """Rooms within the scope, by venue and name."""
    return select(Room).join(Room.venue).order_by(Venue.name, Room.name, Room.id)
