"""Appointments and attendance: booked, cancelled, taken back and noted, each with a line in the audit log.

The log names rows, never a child.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.plugin_api import (
    Actor,
    Clock,
    ConflictError,
    HeldSession,
    InvalidInputError,
    Message,
    NotFoundError,
    record,
)
from plugins.parent_school import queries
from plugins.parent_school.models import MOST_ADULTS, Booking, FamilyAttendance

_TAKEN = Message("Another family has this appointment.")


def book(session: Session, actor: Actor, clock: Clock, slot: HeldSession, child_id: UUID) -> Booking:
    """Give a family the appointment, and return it.

    ConflictError where another family has it, or nothing new may be noted of the child.
    """
    if session.scalars(queries.active_bookings([slot.id])).first() is not None:
        raise ConflictError(_TAKEN)
    booking = Booking(
        station_id=slot.station_id,
        session_id=slot.id,
        child_id=child_id,
        agreed_for=slot.starts_at,
        booked_at=clock.now(),
        booked_by=actor.user_id,
    )
    try:
        with session.begin_nested():
            session.add(booking)
    except IntegrityError:
        # Somebody else was a moment quicker. Without its cause: the database's message may quote the row.
        raise ConflictError(_TAKEN) from None
    _note(session, actor, clock, booking, "booked")
    return booking


def cancel(session: Session, actor: Actor, clock: Clock, booking_id: UUID) -> Booking:
    """Free a family's appointment for others; one that is cancelled already stays so."""
    booking = find_booking(session, booking_id)
    if booking.is_active:
        booking.cancelled_at = clock.now()
        session.flush()
        _note(session, actor, clock, booking, "cancelled")
    return booking


def restore(session: Session, actor: Actor, clock: Clock, booking_id: UUID) -> Booking:
    """Give a family its cancelled appointment back.

    ConflictError where another family has it by now, or nothing new may be noted of the child.
    """
    booking = find_booking(session, booking_id)
    if booking.is_active:
        return booking
    if session.scalars(queries.active_bookings([booking.session_id])).first() is not None:
        raise ConflictError(_TAKEN)
    with session.begin_nested():
        booking.cancelled_at = None
    _note(session, actor, clock, booking, "restored")
    return booking


def find_booking(session: Session, booking_id: UUID) -> Booking:
    """Return an appointment within reach; NotFoundError where there is none."""
    booking = session.get(Booking, booking_id)
    if booking is None:
        raise NotFoundError(Message("There is no such appointment."))
    return booking


def note_families(session: Session, actor: Actor, clock: Clock, talk: HeldSession, adults: Mapping[UUID, int]) -> int:
    """Note how many grown-ups of each family were at a talk, none for 0, and return how many families were there.

    Families that aren't named stay as they were noted. Raises InvalidInputError for numbers that can't be.
    """
    if any(not 0 <= count <= MOST_ADULTS for count in adults.values()):
        raise InvalidInputError(Message("Write 0 to 4 grown-ups for each family."))
    rows = {row.child_id: row for row in session.scalars(queries.families_at([talk.id]))}
    changed = 0
    for child_id, count in adults.items():
        changed += _note_family(session, actor, clock, talk, rows.get(child_id), child_id, count)
    session.flush()
    if changed:
        detail = {"families": changed}
        record(
            session,
            actor,
            clock,
            station_id=talk.station_id,
            action="parent_school.attendance_noted",
            subject_kind="session",
            subject_id=talk.id,
            detail=detail,
        )
    return len(session.scalars(select(FamilyAttendance.id).where(FamilyAttendance.session_id == talk.id)).all())


def _note_family(
    session: Session,
    actor: Actor,
    clock: Clock,
    talk: HeldSession,
    row: FamilyAttendance | None,
    child_id: UUID,
    count: int,
) -> bool:
    """Write what was noted of one family, and tell whether that changed anything."""
    if (row.adults if row else 0) == count:
        return False
    if row is None:
        row = FamilyAttendance(station_id=talk.station_id, session_id=talk.id, child_id=child_id)
        session.add(row)
    elif count == 0:
        session.delete(row)
    row.adults, row.noted_at, row.noted_by = count or row.adults, clock.now(), actor.user_id
    return True


def _note(session: Session, actor: Actor, clock: Clock, booking: Booking, done: str) -> None:
    record(
        session,
        actor,
        clock,
        station_id=booking.station_id,
        action=f"parent_school.appointment_{done}",
        subject_kind="parent_school_booking",
        subject_id=booking.id,
        detail={"session": booking.session_id.hex},
    )
