"""When somebody can serve and how: read, saved whole in one transaction, taken back, carried on into another term."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Availability, Blackout, Volunteer, VolunteerAnswer
from core.db.queries import availability as queries
from core.domain.actor import Actor
from core.domain.availability import Answer, Company, FreeTime
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.security.permissions import may, require
from core.services.audit import record
from core.services.campaign_answers import note_availability_answer


@dataclass(frozen=True)
class Named:
    """People as they are typed, by name and one after the other, and as they are kept."""

    text: str
    ids: frozenset[UUID]


def answer_of(row: Volunteer) -> Answer:
    """Return what somebody has said, on whatever way it came."""
    said = row.answer
    return Answer(
        free=tuple(
            FreeTime(one.from_time, one.to_time, one.weekday, one.first, one.last)
            for one in sorted(row.availabilities, key=lambda one: (one.weekday or 0, one.from_time, str(one.first)))
        ),
        away=tuple(sorted((one.first, one.last) for one in row.blackouts)),
        max_per_day=row.max_per_day,
        max_per_week=said.max_per_week if said else None,
        venues=frozenset(map(UUID, said.venues)) if said else frozenset(),
        programs=dict(said.programs) if said else {},
        company=company_of(row),
    )


def company_of(row: Volunteer) -> Company:
    """Return with whom somebody serves; for the planner, the head and themselves."""
    stored = row.answer.company if row.answer else None
    return Company.from_json(json.loads(stored)) if stored else Company()


def has_said(answer: Answer) -> bool:
    """Tell whether there is any time in an answer."""
    return bool(answer.free)


def save_answer(session: Session, actor: Actor, clock: Clock, row: Volunteer, answer: Answer) -> None:
    """Put an answer in the place of the one before, which `take_back` brings back; InvalidInputError if it isn't sound.

    With whom somebody serves only they themselves and the head change; from others it is kept as it was.
    """
    _require_own(actor, row)
    before = answer_of(row)
    if not sees_company(actor, row):
        answer = _with_company(answer, before.company)
    answer.require_sound()
    if row.id in answer.company.only_with | answer.company.never_with | answer.company.lives_with:
        raise InvalidInputError(Message("Name others than the person themselves."))
    _write(session, actor, clock, row, answer, before)
    _record(session, actor, clock, row, "availability.saved")
    note_availability_answer(session, clock, row.id)


def take_back(session: Session, actor: Actor, clock: Clock, row: Volunteer) -> None:
    """Bring back what stood before the last save, which can be brought back the same way; ConflictError if none did."""
    _require_own(actor, row)
    if row.answer is None or row.answer.before is None:
        raise ConflictError(Message("There is nothing to take back."))
    _write(session, actor, clock, row, Answer.from_json(json.loads(row.answer.before)), answer_of(row))
    _record(session, actor, clock, row, "availability.taken_back")


def carry_on(session: Session, actor: Actor, clock: Clock, row: Volunteer, term_id: UUID) -> None:
    """Let the weekly pattern of the last period hold in a term as well."""
    term = session.scalars(queries.term_ahead(term_id)).one_or_none()
    if term is None:
        raise NotFoundError(Message("There is no such term."))
    before = answer_of(row)
    after = before.moved_to(term.first, term.last)
    if after == before:
        raise ConflictError(Message("There is no weekly pattern of an earlier term to copy."))
    save_answer(session, actor, clock, row, after)


def sees_company(actor: Actor, row: Volunteer) -> bool:
    """Tell whether somebody may see with whom a volunteer serves and with whom not."""
    return actor.volunteer_id == row.id or may(actor.role, Capability.SEE_COMPANY)


def people_named(session: Session, row: Volunteer, text: str) -> frozenset[UUID]:
    """Return the people of the station with the typed names; InvalidInputError for a name that nobody has."""
    found: set[UUID] = set()
    for name in _names(text):
        ids = session.scalars(queries.people_called(row.station_id, name)).all()
        if not ids:
            raise InvalidInputError(Message("Nobody here is called “%(name)s”: correct the name.", {"name": name}))
        found.update(ids)
    return frozenset(found - {row.id})


def names_of(session: Session, ids: Iterable[UUID]) -> str:
    """Return the names of people as they are typed."""
    return "、".join(session.scalars(queries.names_of(frozenset(ids))))


def _names(text: str) -> list[str]:
    for sign in ",，;；\n\r\t":
        text = text.replace(sign, "、")
    return [name for part in text.split("、") if (name := part.strip())]


def _with_company(answer: Answer, company: Company) -> Answer:
    return Answer.from_json({**answer.to_json(), "company": company.to_json()})


def _require_own(actor: Actor, row: Volunteer) -> None:
    if actor.volunteer_id != row.id:
        require(actor, Capability.KEEP_VOLUNTEERS)


def _write(session: Session, actor: Actor, clock: Clock, row: Volunteer, answer: Answer, before: Answer) -> None:
    row.availabilities = [
        Availability(
            station_id=row.station_id,
            from_time=one.from_time,
            to_time=one.to_time,
            weekday=one.weekday,
            first=one.first,
            last=one.last,
        )
        for one in dict.fromkeys(answer.free)
    ]
    row.blackouts = [
        Blackout(station_id=row.station_id, first=first, last=last) for first, last in dict.fromkeys(answer.away)
    ]
    row.max_per_day = answer.max_per_day
    said = row.answer or VolunteerAnswer(station_id=row.station_id, volunteer_id=row.id)
    said.max_per_week = answer.max_per_week
    said.venues = sorted(map(str, answer.venues))
    said.programs = {program: liking for program, liking in sorted(answer.programs.items()) if liking}
    said.company = None if answer.company == Company() else json.dumps(answer.company.to_json())
    said.before = json.dumps(before.to_json())
    said.said_at, said.said_by = clock.now(), actor.user_id
    row.answer = said
    session.flush()


def _record(session: Session, actor: Actor, clock: Clock, row: Volunteer, action: str) -> None:
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="volunteer",
        subject_id=row.id,
        # What was said is nobody's business who reads the log.
        detail={},
    )
