"""Applying to serve at a station, by anybody, without an account; whoever is known is not told so."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from core.db.models import Station
from core.domain.actor import SYSTEM
from core.domain.clock import Clock
from core.domain.errors import InvalidInputError, Message
from core.domain.phones import read_phone
from core.domain.serving import Stage, Step
from core.domain.vocabulary import Skill, VolunteerKind
from core.services.audit import record
from core.services.volunteer_files import PersonDraft, add_applicant, person_with_phone
from core.services.volunteering import PAID, add_step

LONGEST_MOTIVATION: Final = 300
LONGEST_TIMES: Final = 200
YOUNGEST: Final = 14
#: What can be chosen on the public page: whoever is paid is entered by the station.
KINDS: Final = tuple(kind for kind in VolunteerKind if kind not in PAID)


@dataclass(frozen=True)
class Application:
    """What somebody says on the public page; nothing of it shows in a repr."""

    name: str = field(repr=False)
    birth_date: date = field(repr=False)
    phone: str = field(repr=False)
    kind: VolunteerKind = field(repr=False)
    skills: tuple[Skill, ...] = field(default=(), repr=False)
    free_times: str = field(default="", repr=False)
    motivation: str = field(default="", repr=False)
    consent: bool = field(default=False, repr=False)


def apply_to_serve(
    session: Session, clock: Clock, station: Station, application: Application, *, today: date, demo: bool = False
) -> None:
    """Keep an application; one of somebody whom the station knows by their phone changes nothing of their file.

    Whether somebody is known never shows in what comes back. Who had left, or taken an application back, is an
    applicant again. InvalidInputError for what can't be right, and without the consent.
    """
    phone = read_phone(application.phone, demo=demo)
    _require_plausible(application, today)
    known = person_with_phone(session, station.id, phone)
    if known is None:
        _add(session, clock, station, application, phone, today)
    elif known.stage in {Stage.WITHDRAWN, Stage.LEFT}:
        add_step(session, SYSTEM, clock, known, Step.APPLIED, happened_on=today)
    else:
        record(
            session,
            SYSTEM,
            clock,
            station_id=station.id,
            action="volunteer.applied_again",
            subject_kind="volunteer",
            subject_id=known.id,
            detail={},
        )


def _add(session: Session, clock: Clock, station: Station, application: Application, phone: str, today: date) -> None:
    draft = PersonDraft(name=application.name, kind=application.kind, birth_date=application.birth_date, phone=phone)
    row = add_applicant(session, SYSTEM, clock, station.id, draft, today=today)
    row.data_consent_on = today
    row.claimed_skills = [skill.value for skill in application.skills]
    row.free_times = application.free_times.strip() or None
    row.motivation = application.motivation.strip() or None
    session.flush()


def _require_plausible(application: Application, today: date) -> None:
    if not application.consent:
        raise InvalidInputError(Message("Without your consent the station can't keep your application."))
    if not application.name.strip():
        raise InvalidInputError(Message("Say what the person is called."))
    if application.kind in PAID:
        raise InvalidInputError(Message("Choose what you are from the list."))
    latest = today.replace(year=today.year - YOUNGEST, day=min(today.day, 28))
    if not date(1900, 1, 1) <= application.birth_date <= latest:
        raise InvalidInputError(
            Message("Volunteers are at least %(age)s years old: check the date of birth.", {"age": YOUNGEST})
        )
    if len(application.motivation) > LONGEST_MOTIVATION or len(application.free_times) > LONGEST_TIMES:
        raise InvalidInputError(Message("That is too long: say it in fewer words."))
