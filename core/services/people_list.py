"""The list of people who work near children, narrowed by where they stand, what they are, their check and a skill."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from core.db.models import Volunteer
from core.db.queries import volunteers as queries
from core.domain.errors import Message
from core.domain.serving import WARNING, Stage
from core.domain.vocabulary import Skill, VolunteerKind
from core.services.clearances import holds_until


class CheckState(StrEnum):
    """How somebody's background check stands."""

    HOLDS = "holds"
    RUNS_OUT = "runs_out"
    NONE = "none"

    @property
    def label(self) -> Message:
        """What people call it."""
        return {
            CheckState.HOLDS: Message("Check holds"),
            CheckState.RUNS_OUT: Message("Check runs out within 30 days"),
            CheckState.NONE: Message("No check that holds"),
        }[self]


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed by; None: by nothing."""

    stage: Stage | None = None
    kind: VolunteerKind | None = None
    check: CheckState | None = None
    skill: Skill | None = None


@dataclass(frozen=True)
class Listed:
    """Somebody on the list, how their check stands and until when it holds."""

    person: Volunteer
    check: CheckState
    until: date | None


def people_listed(session: Session, wanted: Wanted, *, today: date) -> tuple[Listed, ...]:
    """Return the people in reach whom the list asks for, by name."""
    rows = (_listed(person, today) for person in session.scalars(queries.people()))
    return tuple(row for row in rows if _fits(row, wanted))


def check_state(until: date | None, *, today: date) -> CheckState:
    """Return how a check stands that holds until that day."""
    if until is None:
        return CheckState.NONE
    return CheckState.RUNS_OUT if until <= today + WARNING else CheckState.HOLDS


def _listed(person: Volunteer, today: date) -> Listed:
    until = holds_until(person, today=today)
    return Listed(person, check_state(until, today=today), until)


def _fits(row: Listed, wanted: Wanted) -> bool:
    return (
        wanted.stage in {None, row.person.stage}
        and wanted.kind in {None, row.person.kind}
        and wanted.check in {None, row.check}
        and (wanted.skill is None or any(one.skill is wanted.skill for one in row.person.skills))
    )
