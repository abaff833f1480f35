"""Guardians' consents: given for a purpose from a day on, and withdrawn."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, Consent
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.vocabulary import ConsentPurpose
from core.services.audit import record


def consents_listed(session: Session, child_id: UUID) -> list[Consent]:
    """Return all consents for a child, the newest first."""
    query = select(Consent).where(Consent.child_id == child_id)
    return list(session.scalars(query.order_by(Consent.given_on.desc(), Consent.purpose)))


def give_consent(
    session: Session,
    actor: Actor,
    clock: Clock,
    child: Child,
    purpose: ConsentPurpose,
    *,
    given_on: date,
    valid_until: date | None,
    today: date,
) -> Consent:
    """Note that a guardian has given consent; ConflictError where that is noted already."""
    if given_on > today:
        raise InvalidInputError(Message("A consent can't be given in the future: correct the day."))
    if valid_until is not None and valid_until < given_on:
        raise InvalidInputError(Message("The consent ends before it is given: correct the days."))
    query = select(Consent).where(Consent.child_id == child.id, Consent.purpose == purpose)
    if any(row.given_on == given_on for row in session.scalars(query)):
        raise ConflictError(Message("This consent is noted already."))
    row = Consent(
        station_id=child.station_id, child_id=child.id, purpose=purpose, given_on=given_on, valid_until=valid_until
    )
    session.add(row)
    session.flush()
    _record(session, actor, clock, row, "consent.given")
    return row


def withdraw_consent(session: Session, actor: Actor, clock: Clock, consent_id: UUID, *, today: date) -> Consent:
    """Note that a guardian has withdrawn consent; from today on it doesn't count."""
    row = session.get(Consent, consent_id)
    if row is None:
        raise NotFoundError(Message("There is no such consent."))
    if row.withdrawn_on is None:
        row.withdrawn_on = today
        session.flush()
        _record(session, actor, clock, row, "consent.withdrawn")
    return row


def _record(session: Session, actor: Actor, clock: Clock, row: Consent, action: str) -> None:
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="child",
        subject_id=row.child_id,
        detail={"purpose": row.purpose},
    )
