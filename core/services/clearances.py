"""Background checks (从业查询): noting their outcome, and knowing whose runs out.

Law on the Protection of Minors, article 62: before somebody begins, and every year. The outcome is kept, no findings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from core.db.models import Clearance, Volunteer
from core.db.queries import volunteers as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message
from core.domain.serving import WARNING, Stage, a_year_after, last_day
from core.security.permissions import require
from core.services.assignable import checks_of
from core.services.audit import record

_LONGEST: Final = 80


@dataclass(frozen=True)
class CheckDraft:
    """The outcome of a check as the authority reported it."""

    checked_on: date
    passed: bool
    authority: str
    reference: str


@dataclass(frozen=True)
class Due:
    """Somebody whose check is over, runs out soon, or is missing; `until` is None where there is none that holds."""

    person: Volunteer
    until: date | None


def note_check(
    session: Session, actor: Actor, clock: Clock, volunteer: Volunteer, draft: CheckDraft, *, today: date
) -> Clearance:
    """Note a check; one that was passed holds until a year later, one that was not bars the person at once.

    InvalidInputError for a day to come, for one without authority or reference, and for a failed check that is older
    than one that was passed; ConflictError where a check of that day is noted already.
    """
    require(actor, Capability.CLEAR_PEOPLE)
    require_plausible(volunteer, draft, today)
    row = Clearance(
        station_id=volunteer.station_id,
        volunteer_id=volunteer.id,
        checked_on=draft.checked_on,
        valid_until=a_year_after(draft.checked_on),
        passed=draft.passed,
        authority=draft.authority.strip(),
        reference=draft.reference.strip(),
        noted_at=clock.now(),
        noted_by=actor.user_id,
    )
    volunteer.clearances.append(row)
    record(
        session,
        actor,
        clock,
        station_id=volunteer.station_id,
        action="volunteer.checked",
        subject_kind="volunteer",
        subject_id=volunteer.id,
        detail={"on": draft.checked_on.isoformat(), "passed": draft.passed},
    )
    return row


def require_plausible(volunteer: Volunteer, draft: CheckDraft, today: date) -> None:
    """Raise InvalidInputError or ConflictError for a check that can't be noted, as `note_check` says."""
    if not volunteer.birth_date < draft.checked_on <= today:
        raise InvalidInputError(Message("A check is noted on its day or later: correct the day."))
    if not draft.authority.strip() or not draft.reference.strip():
        raise InvalidInputError(Message("Say which authority answered, and under which number."))
    if max(len(draft.authority), len(draft.reference)) > _LONGEST:
        raise InvalidInputError(Message("Authority and number have 80 characters at most."))
    if any(row.checked_on == draft.checked_on and row.passed == draft.passed for row in volunteer.clearances):
        raise ConflictError(Message("The check of this day is noted already."))
    newer = (row for row in volunteer.clearances if row.passed and row.checked_on > draft.checked_on)
    # By its own date it would change nothing, and whoever enters it means that it shall.
    if not draft.passed and next(newer, None) is not None:
        raise InvalidInputError(
            Message("A newer check was passed. If this outcome is the true one, enter it with the day of its report.")
        )


def holds_until(volunteer: Volunteer, *, today: date) -> date | None:
    """Return until which day somebody's checks clear them, from today on without a gap; None: not even today."""
    return last_day(checks_of(volunteer), today=today)


def runs_out(volunteer: Volunteer, *, today: date) -> bool:
    """Tell whether somebody's check holds today and will be over within thirty days."""
    until = holds_until(volunteer, today=today)
    return until is not None and until <= today + WARNING


def due(people: Iterable[Volunteer], *, today: date) -> tuple[Due, ...]:
    """Return those of the people whose check is missing, over or running out: those without first, then by the day."""
    found = [Due(person, holds_until(person, today=today)) for person in people]
    late = [one for one in found if one.until is None or one.until <= today + WARNING]
    return tuple(sorted(late, key=lambda one: (one.until or date.min, one.person.name, one.person.number)))


def call_list(session: Session, *, today: date) -> tuple[Due, ...]:
    """Return whom to ask for a check among those who are accepted, whether or not they serve at present."""
    return due(session.scalars(queries.people().where(Volunteer.stage == Stage.ACCEPTED)), today=today)
