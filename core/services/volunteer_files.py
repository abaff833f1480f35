"""The file of whoever works near children: who they are, how to reach them, what they can do and what proves it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import StoredFile, User, Volunteer, VolunteerSkill
from core.db.queries import volunteers as queries
from core.db.session import vault_of
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.numbering import next_of
from core.domain.person_documents import PersonDocument, document_of
from core.domain.serving import Step, is_adult
from core.domain.vocabulary import Skill, VolunteerKind
from core.security.permissions import require
from core.services.audit import record, wait_turn
from core.services.files import drop_file, keep_file, read_file
from core.services.volunteering import add_step

PHONE_INDEX: Final = "volunteers.phone"
#: In how many sessions of a term somebody serves at most, until they say otherwise.
USUAL_SESSIONS: Final = 12
#: With it begin the numbers that stations give.
_LETTER: Final = "Y"
_OLDEST: Final = date(1900, 1, 1)


@dataclass(frozen=True)
class PersonDraft:
    """What a form says of somebody; of what is sealed None keeps what is stored, and an empty text drops it."""

    name: str
    kind: VolunteerKind
    birth_date: date
    phone: str | None = field(default=None, repr=False)
    household: str = ""
    #: Of which document the number is; None keeps what is stored.
    document: PersonDocument | None = None
    id_number: str | None = field(default=None, repr=False)
    emergency_contact: str | None = field(default=None, repr=False)
    guardian_consent_on: date | None = None
    insurance: str = ""
    insured_until: date | None = None
    max_sessions: int = USUAL_SESSIONS
    max_per_day: int = 1
    active: bool = True


@dataclass(frozen=True)
class Proof:
    """A scan or photograph of a certificate."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class SkillDraft:
    """A skill that was proved: when, until when the proof holds, and a copy of it if there is one."""

    skill: Skill
    granted_on: date
    valid_until: date | None = None
    proof: Proof | None = None


def open_file(
    session: Session,
    actor: Actor,
    clock: Clock,
    station_id: UUID,
    draft: PersonDraft,
    *,
    today: date,
    account_id: UUID | None = None,
) -> Volunteer:
    """Open a file for somebody who comes to the station, as an applicant, and return it.

    `account_id` is their own account, for those who work at the station. ConflictError where somebody with the same
    phone has a file, or the account has one.
    """
    require(actor, Capability.KEEP_VOLUNTEERS)
    _require_plausible(draft, today)
    _require_number(draft, None, None)
    if draft.phone and person_with_phone(session, station_id, draft.phone) is not None:
        raise ConflictError(Message("Somebody with this phone has a file already: look in the list."))
    account = _account(session, account_id)
    row = add_applicant(session, actor, clock, station_id, draft, today=today)
    if account is not None:
        account.volunteer_id = row.id
        session.flush()
    return row


def add_applicant(
    session: Session, actor: Actor, clock: Clock, station_id: UUID, draft: PersonDraft, *, today: date
) -> Volunteer:
    """Add a file that was judged already, with the first step of its way and its audit entry, and return it."""
    wait_turn(session, station_id)
    number = next_of(_LETTER, session.scalars(queries.numbers_beginning_with(station_id, _LETTER)))
    row = Volunteer(station_id=station_id, number=number, **_plain(draft))
    _fill_sealed(session, row, draft)
    session.add(row)
    session.flush()
    add_step(session, actor, clock, row, Step.APPLIED, happened_on=today)
    return row


def change_file(
    session: Session, actor: Actor, clock: Clock, row: Volunteer, draft: PersonDraft, *, today: date
) -> frozenset[str]:
    """Bring a file into line with the form, and return the names of what changed."""
    require(actor, Capability.KEEP_VOLUNTEERS)
    _require_plausible(draft, today)
    _require_number(draft, document_of(row.document, row.id_number), row.id_number)
    if draft.phone:
        known = person_with_phone(session, row.station_id, draft.phone)
        if known is not None and known.id != row.id:
            raise ConflictError(Message("Somebody with this phone has a file already: look in the list."))
    changed = {name for name, value in _plain(draft).items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, getattr(draft, name))
    changed |= _fill_sealed(session, row, draft)
    if changed:
        session.flush()
        _record(session, actor, clock, row, "volunteer.changed", fields=sorted(changed))
    return frozenset(changed)


def person_with_phone(session: Session, station_id: UUID, phone: str) -> Volunteer | None:
    """Return who of a station's people has this phone."""
    index = vault_of(session).blind_index(PHONE_INDEX, phone)
    return session.scalars(queries.person_with_phone(station_id, index)).first()


def keep_skill(
    session: Session, actor: Actor, clock: Clock, row: Volunteer, draft: SkillDraft, *, today: date
) -> VolunteerSkill:
    """Note a skill that was proved, instead of an earlier proof of it, and return it.

    InvalidInputError for a day to come, for one that ends before it begins, and for a copy that can't be kept.
    """
    require(actor, Capability.KEEP_VOLUNTEERS)
    if draft.granted_on > today:
        raise InvalidInputError(Message("A skill is noted once it is proved: correct the day."))
    if draft.valid_until is not None and draft.valid_until < draft.granted_on:
        raise InvalidInputError(Message("The proof ends before it begins: correct the days."))
    skill = next((one for one in row.skills if one.skill is draft.skill), None)
    if skill is None:
        skill = VolunteerSkill(station_id=row.station_id, volunteer_id=row.id, skill=draft.skill)
        row.skills.append(skill)
    skill.granted_on, skill.valid_until = draft.granted_on, draft.valid_until
    skill.training_id = None
    if draft.proof is not None:
        _keep_proof(session, actor, clock, skill, draft.proof)
    session.flush()
    _record(session, actor, clock, row, "volunteer.skill_noted", skill=draft.skill)
    return skill


def drop_skill(session: Session, actor: Actor, clock: Clock, row: Volunteer, skill: Skill) -> VolunteerSkill:
    """Take a skill away, and return what was known of it."""
    require(actor, Capability.KEEP_VOLUNTEERS)
    found = next((one for one in row.skills if one.skill is skill), None)
    if found is None:
        raise NotFoundError(Message("This person does not have this skill."))
    if found.proof_id is not None:
        drop_file(session, actor, clock, found.proof_id)
    row.skills.remove(found)
    session.flush()
    _record(session, actor, clock, row, "volunteer.skill_taken", skill=skill)
    return found


def proof_of(session: Session, actor: Actor, clock: Clock, row: Volunteer, skill: Skill) -> tuple[StoredFile, bytes]:
    """Return the copy of a skill's proof, and note the reading; NotFoundError where there is none."""
    found = next((one for one in row.skills if one.skill is skill), None)
    if found is None or found.proof_id is None:
        raise NotFoundError(Message("There is no such file."))
    return read_file(session, actor, clock, found.proof_id)


def _keep_proof(session: Session, actor: Actor, clock: Clock, skill: VolunteerSkill, proof: Proof) -> None:
    before = skill.proof_id
    kept = keep_file(
        session,
        actor,
        clock,
        station_id=skill.station_id,
        subject_kind="volunteer",
        subject_id=skill.volunteer_id,
        name=proof.name,
        content=proof.content,
    )
    skill.proof_id = kept.id
    if before is not None:
        drop_file(session, actor, clock, before)


def _require_plausible(draft: PersonDraft, today: date) -> None:
    if not draft.name.strip():
        raise InvalidInputError(Message("Say what the person is called."))
    if not _OLDEST <= draft.birth_date < today:
        raise InvalidInputError(Message("Nobody is born on that day: correct the date of birth."))
    consent = draft.guardian_consent_on
    if consent is not None and not draft.birth_date < consent <= today:
        raise InvalidInputError(Message("A guardian's consent is noted on its day or later: correct the day."))


def _require_number(draft: PersonDraft, document: PersonDocument | None, number: str | None) -> None:
    """Raise InvalidInputError unless the draft's document goes with a number of its own, entered now or stored."""
    known = number is not None and draft.document is document
    if draft.document is not None and not (draft.id_number or (draft.id_number is None and known)):
        raise InvalidInputError(Message("Enter the number of the document, too."))
    if draft.document is None and draft.id_number:
        raise InvalidInputError(Message("A number is entered: choose of which document it is."))


def _plain(draft: PersonDraft) -> Mapping[str, Any]:
    adult_since = draft.guardian_consent_on is not None and is_adult(draft.birth_date, draft.guardian_consent_on)
    return {
        "name": draft.name.strip(),
        "kind": draft.kind,
        "birth_date": draft.birth_date,
        "household": draft.household.strip() or None,
        # Nobody consents for somebody who is of age.
        "guardian_consent_on": None if adult_since else draft.guardian_consent_on,
        "insurance": draft.insurance.strip(),
        "insured_until": draft.insured_until,
        "max_sessions": draft.max_sessions,
        "max_per_day": draft.max_per_day,
        "active": draft.active,
    }


def _fill_sealed(session: Session, row: Volunteer, draft: PersonDraft) -> set[str]:
    """Write the sealed fields that the form answers, with the document, and return the names of those that changed."""
    changed = set()
    for name in ("phone", "id_number", "emergency_contact"):
        value = getattr(draft, name)
        if value is not None and (value or None) != getattr(row, name):
            setattr(row, name, value or None)
            changed.add(name)
    document = (draft.document or row.document) if row.id_number else None
    if row.document is not document:
        row.document = document
        changed.add("document")
    if "phone" in changed:
        row.phone_index = None if row.phone is None else vault_of(session).blind_index(PHONE_INDEX, row.phone)
    return changed


def _account(session: Session, account_id: UUID | None) -> User | None:
    if account_id is None:
        return None
    account = session.get(User, account_id)
    if account is None:
        raise NotFoundError(Message("There is no such account."))
    if account.volunteer_id is not None:
        raise ConflictError(Message("This account has a file already."))
    return account


def _record(session: Session, actor: Actor, clock: Clock, row: Volunteer, action: str, **detail: object) -> None:
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="volunteer",
        subject_id=row.id,
        detail=detail,
    )
