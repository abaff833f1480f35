"""What is asked of the program's own tables."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from plugins.parent_school.models import Booking, CareRatio, FamilyAttendance
from plugins.parent_school.ratios import USUAL, AgeRatio


def ratios_of(session: Session, station_id: UUID) -> tuple[AgeRatio, ...]:
    """Return a station's ratios by age, the usual ones where it has entered none."""
    rows = session.scalars(
        select(CareRatio).where(CareRatio.station_id == station_id).order_by(CareRatio.up_to_age)
    ).all()
    return tuple(AgeRatio(row.up_to_age, row.children_per_adult, row.source) for row in rows) or USUAL


def active_bookings(sessions: Collection[UUID]) -> Select[Booking]:
    """Return the query for the appointments that families have in some sessions."""
    return select(Booking).where(Booking.session_id.in_(sessions), Booking.cancelled_at.is_(None))


def active_bookings_from(moment: datetime) -> Select[Booking]:
    """Return the query for the appointments that were agreed for a time from a moment on, by that time."""
    return (
        select(Booking)
        .where(Booking.cancelled_at.is_(None), Booking.agreed_for >= moment)
        .order_by(Booking.agreed_for, Booking.id)
    )


def families_at(sessions: Collection[UUID]) -> Select[FamilyAttendance]:
    """Return the query for the families who were at some sessions."""
    return (
        select(FamilyAttendance)
        .where(FamilyAttendance.session_id.in_(sessions))
        .order_by(FamilyAttendance.session_id, FamilyAttendance.id)
    )
