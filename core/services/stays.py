"""Stays: from when until when volunteers were at a session, as often as each of them came."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, ServiceEntry, Volunteer, VolunteerPresence
from core.db.queries import volunteers as queries
from core.domain.errors import ConflictError, Message

Stays = tuple[VolunteerPresence, ...]


def stays_at(session: Session, held: ActivitySession) -> Mapping[UUID, Stays]:
    """Return the stays of each volunteer who came to a session, the last one at the end; who came first is first."""
    found = defaultdict[UUID, list[VolunteerPresence]](list)
    for row in session.scalars(queries.presences_of(held.id)):
        found[row.volunteer_id].append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def last_stay(session: Session, held: ActivitySession, volunteer_id: UUID) -> VolunteerPresence | None:
    """Return the stay of a volunteer at a session that was noted last, if they came."""
    query = queries.presences_of(held.id).where(VolunteerPresence.volunteer_id == volunteer_id)
    rows = session.scalars(query).all()
    return rows[-1] if rows else None


def booked_at(session: Session, held: ActivitySession) -> frozenset[UUID]:
    """Return the volunteers whose hours of a session are in the ledger."""
    return frozenset(session.scalars(select(ServiceEntry.volunteer_id).where(ServiceEntry.session_id == held.id)))


def require_unbooked(session: Session, held: ActivitySession, person: Volunteer) -> None:
    """Raise ConflictError where a volunteer's hours of a session are in the ledger: when they were there stays."""
    if person.id in booked_at(session, held):
        raise ConflictError(
            Message("The hours of %(name)s are booked: correct the hours instead.", {"name": person.name})
        )
