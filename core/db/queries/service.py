"""The ledger of hours, objections to it, and certificates."""

from collections.abc import Collection
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from core.db.models import ServiceCertificate, ServiceEntry, ServiceObjection, Volunteer, VolunteerPresence
from core.db.models.activity import ActivitySession, Assignment, SessionStatus
from core.domain.service_hours import EntryKind


def entries_of(volunteer_id: UUID) -> Select[ServiceEntry]:
    """The lines of a volunteer, the newest service first."""
    return (
        select(ServiceEntry)
        .where(ServiceEntry.volunteer_id == volunteer_id)
        .order_by(ServiceEntry.served_on.desc(), ServiceEntry.noted_at.desc(), ServiceEntry.id)
    )


def entries_of_session(session_id: UUID) -> Select[ServiceEntry]:
    """The lines of a session, corrections among them."""
    return select(ServiceEntry).where(ServiceEntry.session_id == session_id).order_by(ServiceEntry.noted_at)


def shown_since(day: date) -> Select[ServiceEntry]:
    """The lines that were first shown on a day or later, the newest first, with whose they are."""
    return (
        select(ServiceEntry)
        .where(ServiceEntry.noted_on >= day)
        .options(joinedload(ServiceEntry.volunteer), joinedload(ServiceEntry.session))
        .order_by(ServiceEntry.noted_on.desc(), ServiceEntry.served_on.desc(), ServiceEntry.id)
    )


def served_between(first: date, last: date) -> Select[ServiceEntry]:
    """The lines of service from a day to a day, by person and day."""
    return (
        select(ServiceEntry)
        .where(ServiceEntry.served_on.between(first, last))
        .options(joinedload(ServiceEntry.volunteer))
        .order_by(ServiceEntry.volunteer_id, ServiceEntry.served_on, ServiceEntry.noted_at)
    )


def open_objections() -> Select[ServiceObjection]:
    """What is to be answered, the oldest first, with the lines."""
    return (
        select(ServiceObjection)
        .where(ServiceObjection.answered_at.is_(None))
        .options(joinedload(ServiceObjection.entry).joinedload(ServiceEntry.volunteer))
        .order_by(ServiceObjection.made_at)
    )


def objections_of(volunteer_id: UUID) -> Select[ServiceObjection]:
    """What a volunteer has objected to."""
    return select(ServiceObjection).where(ServiceObjection.volunteer_id == volunteer_id)


def unbooked_sessions(before: date) -> Select[ActivitySession]:
    """Held sessions before a day at which somebody was and whose hours nobody has booked, the oldest first."""
    booked = select(ServiceEntry.id).where(
        ServiceEntry.session_id == VolunteerPresence.session_id,
        ServiceEntry.volunteer_id == VolunteerPresence.volunteer_id,
        ServiceEntry.kind == EntryKind.SERVED,
    )
    waiting = select(VolunteerPresence.session_id).where(VolunteerPresence.served_on < before, ~booked.exists())
    return (
        select(ActivitySession)
        .where(ActivitySession.id.in_(waiting), ActivitySession.status == SessionStatus.HELD)
        .options(joinedload(ActivitySession.activity))
        .order_by(ActivitySession.starts_at)
    )


def certificates_of(volunteer_id: UUID) -> Select[ServiceCertificate]:
    """The certificates of a volunteer, the newest first."""
    return (
        select(ServiceCertificate)
        .where(ServiceCertificate.volunteer_id == volunteer_id)
        .order_by(ServiceCertificate.issued_at.desc())
    )


def valid_certificates_since(volunteer_id: UUID, moment: datetime) -> Select[ServiceCertificate]:
    """The certificates of a volunteer from a moment on that nobody has declared void."""
    return certificates_of(volunteer_id).where(
        ServiceCertificate.issued_at >= moment, ServiceCertificate.revoked_at.is_(None)
    )


def certificate_of_token(token_hash: bytes) -> Select[ServiceCertificate]:
    """The certificate behind an address."""
    return select(ServiceCertificate).where(ServiceCertificate.token_hash == token_hash)


def duties_between(first: date, last: date) -> Select[UUID, UUID]:
    """Who was assigned to which held session from a day to a day."""
    begin, end = datetime.combine(first, time.min), datetime.combine(last, time.max)
    return (
        select(Assignment.volunteer_id, ActivitySession.id)
        .join(ActivitySession, ActivitySession.id == Assignment.session_id)
        .where(ActivitySession.status == SessionStatus.HELD, ActivitySession.starts_at.between(begin, end))
    )


def presences_between(first: date, last: date) -> Select[UUID, UUID]:
    """Who came to which session from a day to a day."""
    return select(VolunteerPresence.volunteer_id, VolunteerPresence.session_id).where(
        VolunteerPresence.served_on.between(first, last)
    )


def people(ids: Collection[UUID]) -> Select[Volunteer]:
    """Volunteers by their ids, by name."""
    return select(Volunteer).where(Volunteer.id.in_(ids)).order_by(Volunteer.name, Volunteer.number)
