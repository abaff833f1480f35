"""The ledger of consents: given for a purpose to a text, withdrawn once, or kept as a duty; nothing is rewritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Child, Consent, ConsentText, Guardian
from core.db.queries import consents as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.vocabulary import ConsentHow, ConsentPurpose, LegalBasis
from core.security.permissions import require
from core.services.audit import record

#: What ends within this is asked for again.
SOON: Final = timedelta(days=30)
#: What a law may oblige the station to keep; everything else needs the consent.
DUTIES: Final = frozenset({ConsentPurpose.DATA, ConsentPurpose.HEALTH})
LAW_LENGTH: Final = 80
_NO_CONSENT: Final = Message("There is no such consent.")


@dataclass(frozen=True)
class Given:
    """A consent as it was given; `guardian_id` is None where nobody noted by whom, as on papers of old."""

    purpose: ConsentPurpose
    given_on: date
    valid_until: date | None = None
    guardian_id: UUID | None = None
    how: ConsentHow = ConsentHow.PAPER
    scan_id: UUID | None = None


def consents_listed(session: Session, child_id: UUID) -> list[Consent]:
    """Return all that the ledger holds of a child, the newest first."""
    return list(session.scalars(queries.of_child(child_id)))


def consents_of(session: Session, child_id: UUID, day: date) -> frozenset[ConsentPurpose]:
    """Return the purposes for which a consent counts on a day, or a duty."""
    rows = session.scalars(queries.counting(day).where(Consent.child_id == child_id))
    return frozenset(row.purpose for row in rows)


def children_with(session: Session, children: list[UUID], purpose: ConsentPurpose, day: date) -> frozenset[UUID]:
    """Return those of the children for whom the purpose has a consent or duty that counts on the day."""
    found = queries.counting(day).where(Consent.child_id.in_(children), Consent.purpose == purpose)
    return frozenset(row.child_id for row in session.scalars(found))


def text_in_force(session: Session, purpose: ConsentPurpose, day: date) -> ConsentText:
    """Return the text with which guardians are asked on a day; NotFoundError where there is none yet."""
    found = next((text for text in session.scalars(queries.texts_of(purpose)) if text.valid_from <= day), None)
    if found is None:
        raise NotFoundError(Message("There is no text yet with which to ask for this consent."))
    return found


def texts_in_force(session: Session, day: date) -> Mapping[ConsentPurpose, ConsentText]:
    """Return the text of each purpose."""
    return {purpose: text_in_force(session, purpose, day) for purpose in ConsentPurpose}


def add_text(
    session: Session, actor: Actor, purpose: ConsentPurpose, *, chinese: str, english: str, valid_from: date
) -> ConsentText:
    """Add the next version of a purpose's text; whoever agreed to an older one stands in `to_ask_again` from then."""
    require(actor, Capability.KEEP_SETTINGS)
    if not (chinese.strip() and english.strip()):
        raise InvalidInputError(Message("The text is needed in Chinese and in English."))
    newest = session.scalars(queries.texts_of(purpose)).first()
    if newest is not None and valid_from <= newest.valid_from:
        raise InvalidInputError(Message("A new text holds from a later day than the one before: correct the day."))
    row = ConsentText(
        purpose=purpose,
        version=newest.version + 1 if newest else 1,
        chinese=chinese,
        english=english,
        valid_from=valid_from,
    )
    session.add(row)
    session.flush()
    return row


def give_consent(session: Session, actor: Actor, clock: Clock, child: Child, given: Given, *, today: date) -> Consent:
    """Note that a guardian has given consent; ConflictError where that is noted already."""
    require(actor, Capability.KEEP_CONSENTS)
    _require_days(given, today)
    if given.guardian_id is not None and (
        (guardian := session.get(Guardian, given.guardian_id)) is None or guardian.child_id != child.id
    ):
        raise InvalidInputError(Message("Choose one of the child's guardians."))
    if any(_is_the_same(row, given) for row in consents_listed(session, child.id)):
        raise ConflictError(Message("This consent is noted already."))
    row = Consent(
        station_id=child.station_id,
        child_id=child.id,
        purpose=given.purpose,
        basis=LegalBasis.CONSENT,
        text_version=text_in_force(session, given.purpose, given.given_on).version,
        guardian_id=given.guardian_id,
        how=given.how,
        scan_id=given.scan_id,
        given_on=given.given_on,
        valid_until=given.valid_until,
    )
    session.add(row)
    session.flush()
    _record(session, actor, clock, row, "consent.given")
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


def withdraw_consent(session: Session, actor: Actor, clock: Clock, consent_id: UUID, *, today: date) -> Consent:
    """Note that a guardian has withdrawn consent on paper; from today on it doesn't count."""
    require(actor, Capability.KEEP_CONSENTS)
    row = session.get(Consent, consent_id)
    if row is None:
        raise NotFoundError(_NO_CONSENT)
    if row.basis is LegalBasis.DUTY:
        raise ConflictError(Message("The station keeps this because a law obliges it: it can't be withdrawn."))
    if row.withdrawn_on is None:
        _withdraw(session, actor, clock, row, by=actor.user_id, how=ConsentHow.PAPER, today=today)
    return row


def withdraw_own(
    session: Session,
    actor: Actor,
    clock: Clock,
    guardian: Guardian,
    purpose: ConsentPurpose,
    *,
    today: date,
    unnoted: bool = False,
) -> int:
    """Withdraw what a guardian has consented to for a purpose, and nobody else; return how many rows that were.

    With `unnoted` also what stands on a paper of which nobody has noted whose it is.
    """
    given = queries.of_guardian(guardian, today, unnoted=unnoted).where(Consent.purpose == purpose)
    rows = list(session.scalars(given))
    for row in rows:
        _withdraw(session, actor, clock, row, by=guardian.id, how=ConsentHow.LINK, today=today)
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
        _withdraw(session, actor, clock, row, by=actor.user_id, how=ConsentHow.PAPER, today=today)


def ending_soon(session: Session, today: date) -> list[tuple[Consent, Child]]:
    """Return the consents in reach that end within 30 days, with the child, the soonest first."""
    return [(row, child) for row, child in session.execute(queries.ending(today, today + SOON))]


def to_ask_again(session: Session, today: date) -> list[tuple[Consent, Child]]:
    """Return the consents in reach that were given to a text which is not in force any more, with the child."""
    return [(row, child) for row, child in session.execute(queries.of_older_texts(today))]


def _require_days(given: Given, today: date) -> None:
    if given.given_on > today:
        raise InvalidInputError(Message("A consent can't be given in the future: correct the day."))
    if given.valid_until is not None and given.valid_until < given.given_on:
        raise InvalidInputError(Message("The consent ends before it is given: correct the days."))


def _is_the_same(row: Consent, given: Given) -> bool:
    return (row.purpose, row.given_on, row.guardian_id, row.withdrawn_on) == (
        given.purpose,
        given.given_on,
        given.guardian_id,
        None,
    )


def _withdraw(
    session: Session, actor: Actor, clock: Clock, row: Consent, *, by: UUID | None, how: ConsentHow, today: date
) -> None:
    row.withdrawn_on, row.withdrawn_by, row.withdrawn_how = today, by, how
    session.flush()
    _record(session, actor, clock, row, "consent.withdrawn")


def _record(session: Session, actor: Actor, clock: Clock, row: Consent, action: str) -> None:
    guardian = str(row.guardian_id) if row.guardian_id else None
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="child",
        subject_id=row.child_id,
        detail={"purpose": row.purpose, "text": row.text_version, "guardian": guardian},
    )
