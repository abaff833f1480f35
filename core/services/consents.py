"""The ledger of consents: given for a purpose to a text, withdrawn once, or kept as a duty; nothing is rewritten.

A consent holds only while no guardian has withdrawn it since, whoever of them had given it; given again by any of them
it holds again. Of a guardian whose access the head has restricted or refused the will reaches their own consent alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Child, Consent, Guardian
from core.db.queries import consents as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message
from core.domain.vocabulary import ConsentHow, ConsentPurpose, GuardianAccess, LegalBasis
from core.security.permissions import require
from core.services.audit import record
from core.services.consent_texts import text_for_paper

#: What a law may oblige the station to keep; everything else needs the consent.
DUTIES: Final = frozenset({ConsentPurpose.DATA, ConsentPurpose.HEALTH})
LAW_LENGTH: Final = 80
_LIMITED: Final = frozenset({GuardianAccess.RESTRICTED, GuardianAccess.NONE})


@dataclass(frozen=True)
class Given:
    """A consent as it was given; `guardian_id` is None where nobody noted by whom, as on papers of old."""

    purpose: ConsentPurpose
    given_on: date
    valid_until: date | None = None
    guardian_id: UUID | None = None
    how: ConsentHow = ConsentHow.PAPER


@dataclass(frozen=True)
class Withdrawal:
    """That consent for a purpose was withdrawn: by which guardian, None where nobody noted that, and how."""

    purpose: ConsentPurpose
    guardian_id: UUID | None = None
    how: ConsentHow = ConsentHow.PAPER


def consents_listed(session: Session, child_id: UUID) -> list[Consent]:
    """Return all that the ledger holds of a child, the newest first."""
    return list(session.scalars(queries.of_child(child_id)))


def consents_of(session: Session, child_id: UUID, day: date) -> frozenset[ConsentPurpose]:
    """Return the purposes for which a consent counts on a day, or a duty."""
    rows = session.scalars(queries.counting(day).where(Consent.child_id == child_id))
    return frozenset(row.purpose for row in rows)


def consents_of_all(session: Session, children: Collection[UUID], day: date) -> dict[UUID, frozenset[ConsentPurpose]]:
    """Return for those of the children who have any the purposes for which a consent or duty counts on a day."""
    found: dict[UUID, frozenset[ConsentPurpose]] = {}
    for row in session.scalars(queries.counting(day).where(Consent.child_id.in_(children))):
        found[row.child_id] = found.get(row.child_id, frozenset()) | {row.purpose}
    return found


def children_with(session: Session, children: list[UUID], purpose: ConsentPurpose, day: date) -> frozenset[UUID]:
    """Return those of the children for whom the purpose has a consent or duty that counts on the day."""
    found = queries.counting(day).where(Consent.child_id.in_(children), Consent.purpose == purpose)
    return frozenset(row.child_id for row in session.scalars(found))


def give_consent(session: Session, actor: Actor, clock: Clock, child: Child, given: Given, *, today: date) -> Consent:
    """Note that a guardian has given consent.

    Raises ConflictError where that is noted already, and InvalidInputError for what can't be right: days, somebody
    else's guardian, a paper from before the first text or from before the consent was withdrawn.
    """
    require(actor, Capability.KEEP_CONSENTS)
    _require_days(given, today)
    _require_guardian(session, child, given.guardian_id)
    text = text_for_paper(session, given.purpose, given.given_on)
    listed = consents_listed(session, child.id)
    if any(_is_the_same(row, given) for row in listed):
        raise ConflictError(Message("This consent is noted already."))
    _require_not_withdrawn_since(session, listed, given)
    row = Consent(
        station_id=child.station_id,
        child_id=child.id,
        purpose=given.purpose,
        basis=LegalBasis.CONSENT,
        text_version=text.version,
        guardian_id=given.guardian_id,
        how=given.how,
        given_on=given.given_on,
        valid_until=given.valid_until,
    )
    session.add(row)
    session.flush()
    _record(session, actor, clock, row, "consent.given", row.guardian_id)
    return row


def note_duty(
    session: Session, actor: Actor, clock: Clock, child: Child, purpose: ConsentPurpose, *, law: str, today: date
) -> Consent:
    """Note that a law obliges the station to keep something of a child, and which; it can't be withdrawn."""
    require(actor, Capability.KEEP_CONSENTS)
    if purpose not in DUTIES:
        raise InvalidInputError(Message("No law obliges the station to this: it needs a guardian's consent."))
    if not law.strip() or len(law.strip()) > LAW_LENGTH:
        raise InvalidInputError(Message("Name the law and the article, in 80 characters at most."))
    listed = consents_listed(session, child.id)
    if any(row.purpose is purpose and row.basis is LegalBasis.DUTY for row in listed):
        raise ConflictError(Message("This duty is noted already."))
    row = Consent(
        station_id=child.station_id,
        child_id=child.id,
        purpose=purpose,
        basis=LegalBasis.DUTY,
        law=law.strip(),
        given_on=today,
    )
    session.add(row)
    session.flush()
    _record(session, actor, clock, row, "consent.duty_noted")
    return row


def withdraw_consents(
    session: Session, actor: Actor, clock: Clock, child: Child, withdrawal: Withdrawal, *, today: date
) -> int:
    """Note that a guardian has withdrawn consent for a purpose; from today on it doesn't count.

    Returns how many consents that ended. Raises ConflictError where there is none to end, and InvalidInputError for
    somebody else's guardian.
    """
    require(actor, Capability.KEEP_CONSENTS)
    _require_guardian(session, child, withdrawal.guardian_id)
    rows = _within_reach(session, child, withdrawal, today)
    if not rows:
        raise ConflictError(_why_nothing(session, child, withdrawal, today))
    for row in rows:
        _withdraw(session, actor, clock, row, withdrawal, today=today)
    return len(rows)


def given_consents(session: Session, child_id: UUID, day: date) -> list[Consent]:
    """Return what guardians have consented to for a child and counts on a day; duties are no consents."""
    given = queries.counting(day).where(Consent.child_id == child_id, Consent.basis == LegalBasis.CONSENT)
    return list(session.scalars(given))


def has_duty(session: Session, child_id: UUID, day: date) -> bool:
    """Tell whether a law is noted by which the station keeps the child's data."""
    noted = queries.counting(day).where(
        Consent.child_id == child_id, Consent.basis == LegalBasis.DUTY, Consent.purpose == ConsentPurpose.DATA
    )
    return session.scalars(noted).first() is not None


def withdraw_all(session: Session, actor: Actor, clock: Clock, child: Child, *, today: date) -> None:
    """Withdraw every consent that somebody has given for a child, since all that rests on it is erased."""
    for row in given_consents(session, child.id, today):
        _withdraw(session, actor, clock, row, Withdrawal(row.purpose), today=today)


def _require_days(given: Given, today: date) -> None:
    if given.given_on > today:
        raise InvalidInputError(Message("A consent can't be given in the future: correct the day."))
    if given.valid_until is not None and given.valid_until < given.given_on:
        raise InvalidInputError(Message("The consent ends before it is given: correct the days."))


def _require_guardian(session: Session, child: Child, guardian_id: UUID | None) -> None:
    guardian = None if guardian_id is None else session.get(Guardian, guardian_id)
    if guardian_id is not None and (guardian is None or guardian.child_id != child.id):
        raise InvalidInputError(Message("Choose one of the child's guardians."))


def _require_not_withdrawn_since(session: Session, listed: list[Consent], given: Given) -> None:
    since = [
        row.withdrawn_on
        for row in listed
        if row.purpose is given.purpose and row.withdrawn_on is not None and row.withdrawn_on > given.given_on
        if _reaches(session, row.withdrawn_guardian_id, given.guardian_id)
    ]
    if since:
        raise InvalidInputError(
            Message(
                "Consent to this was withdrawn on %(day)s: a paper from before doesn't bring it back. Note one that was"
                " signed since.",
                {"day": max(since)},
            )
        )


def _reaches(session: Session, guardian_id: UUID | None, giver_id: UUID | None) -> bool:
    """Tell whether the will of a guardian, None: nobody noted whose, ends what another has given."""
    if guardian_id is None or guardian_id == giver_id:
        return True
    leave = session.scalars(queries.leave_of(guardian_id)).one_or_none()
    return leave is None or leave.access not in _LIMITED


def _within_reach(session: Session, child: Child, withdrawal: Withdrawal, today: date) -> list[Consent]:
    return [
        row
        for row in given_consents(session, child.id, today)
        if row.purpose is withdrawal.purpose and _reaches(session, withdrawal.guardian_id, row.guardian_id)
    ]


def _why_nothing(session: Session, child: Child, withdrawal: Withdrawal, today: date) -> Message:
    if any(row.purpose is withdrawal.purpose for row in given_consents(session, child.id, today)):
        return Message("This guardian hasn't given this consent, and their access is restricted: choose who withdraws.")
    if withdrawal.purpose in consents_of(session, child.id, today):
        return Message("The station keeps this because a law obliges it: it can't be withdrawn.")
    return Message("There is no consent to this that could be withdrawn.")


def _is_the_same(row: Consent, given: Given) -> bool:
    return row.basis is LegalBasis.CONSENT and (row.purpose, row.given_on, row.guardian_id, row.withdrawn_on) == (
        given.purpose,
        given.given_on,
        given.guardian_id,
        None,
    )


def _withdraw(
    session: Session, actor: Actor, clock: Clock, row: Consent, withdrawal: Withdrawal, *, today: date
) -> None:
    by_link = withdrawal.how is ConsentHow.LINK
    row.withdrawn_on, row.withdrawn_how = today, withdrawal.how
    row.withdrawn_guardian_id = withdrawal.guardian_id
    row.withdrawn_by = withdrawal.guardian_id if by_link else actor.user_id
    session.flush()
    _record(session, actor, clock, row, "consent.withdrawn", withdrawal.guardian_id)


def _record(
    session: Session, actor: Actor, clock: Clock, row: Consent, action: str, guardian_id: UUID | None = None
) -> None:
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="child",
        subject_id=row.child_id,
        detail={
            "purpose": row.purpose,
            "text": row.text_version,
            "guardian": str(guardian_id) if guardian_id else None,
        },
    )
