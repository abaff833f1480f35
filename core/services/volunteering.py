"""The way of whoever works near children into the station, and out of it: each step dated, by whom, and in order."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Volunteer, VolunteerStep
from core.db.queries import volunteers as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.serving import WARNING, Stage, Step, covering, is_adult, last_day
from core.domain.vocabulary import VolunteerKind
from core.security.permissions import require
from core.services.assignable import checks_of
from core.services.audit import record

LONGEST_NOTE: Final = 500
#: Who is paid for their work, or comes with a school, is no volunteer: the check alone is asked of them.
PAID: Final = frozenset(
    {
        VolunteerKind.STAFF,
        VolunteerKind.CONTRACTOR,
        VolunteerKind.SPEAKER,
        VolunteerKind.ACCOMPANYING_TEACHER,
    }
)
_LEADS_TO: Final[Mapping[Step, Stage]] = MappingProxyType(
    {
        Step.APPLIED: Stage.APPLICANT,
        Step.ACCEPTED: Stage.ACCEPTED,
        Step.REFUSED: Stage.REFUSED,
        Step.WITHDRAWN: Stage.WITHDRAWN,
        Step.LEFT: Stage.LEFT,
    }
)
#: From which stages each step can be made.
_FROM: Final[Mapping[Step, frozenset[Stage]]] = MappingProxyType(
    {
        Step.APPLIED: frozenset({Stage.REFUSED, Stage.WITHDRAWN, Stage.LEFT}),
        Step.INTERVIEWED: frozenset({Stage.APPLICANT}),
        Step.TRAINED: frozenset({Stage.APPLICANT, Stage.ACCEPTED}),
        Step.ACCEPTED: frozenset({Stage.APPLICANT}),
        Step.REFUSED: frozenset({Stage.APPLICANT}),
        Step.WITHDRAWN: frozenset({Stage.APPLICANT}),
        Step.LEFT: frozenset({Stage.ACCEPTED}),
    }
)
#: Steps that decide about somebody need a reason.
WITH_REASON: Final = frozenset({Step.REFUSED, Step.LEFT})


class Missing(StrEnum):
    """What somebody still needs before they can be accepted, in the order in which it is usually done."""

    INTERVIEW = "interview"
    TRAINING = "training"
    CHECK = "check"
    GUARDIAN = "guardian"

    @property
    def label(self) -> Message:
        """What is missing, in plain words."""
        return _MISSING[self]


class Action(StrEnum):
    """What is to be done next about somebody."""

    INTERVIEW = "interview"
    TRAINING = "training"
    CHECK = "check"
    GUARDIAN = "guardian"
    ACCEPT = "accept"
    COME_BACK = "come_back"


_MISSING: Final = {
    Missing.INTERVIEW: Message("An interview"),
    Missing.TRAINING: Message("The training"),
    Missing.CHECK: Message("A background check that was passed within the last year"),
    Missing.GUARDIAN: Message("The written consent of a guardian, since they are under age"),
}


def find_person(session: Session, volunteer_id: UUID) -> Volunteer:
    """Return somebody by id; raise NotFoundError where the actor reaches nobody of that id."""
    row = session.scalars(queries.people().where(Volunteer.id == volunteer_id)).one_or_none()
    if row is None:
        raise NotFoundError(Message("There is no such person."))
    return row


def missing(volunteer: Volunteer, *, today: date) -> tuple[Missing, ...]:
    """Return what somebody still needs before they can be accepted, as it is known today."""
    done = {row.step for row in volunteer.steps}
    is_volunteer = volunteer.kind not in PAID
    open_still = {
        Missing.INTERVIEW: is_volunteer and Step.INTERVIEWED not in done,
        Missing.TRAINING: is_volunteer and Step.TRAINED not in done,
        Missing.CHECK: covering(checks_of(volunteer), today, today=today) is None,
        Missing.GUARDIAN: not is_adult(volunteer.birth_date, today) and volunteer.guardian_consent_on is None,
    }
    return tuple(one for one in Missing if open_still[one])


def next_action(volunteer: Volunteer, *, today: date) -> Action | None:
    """Return the one thing to be done next about somebody; None: nothing is."""
    if volunteer.stage in _FROM[Step.APPLIED]:
        return Action.COME_BACK
    open_still = missing(volunteer, today=today)
    if volunteer.stage is Stage.APPLICANT:
        return Action(open_still[0].value) if open_still else Action.ACCEPT
    if Missing.GUARDIAN in open_still:
        return Action.GUARDIAN
    until = last_day(checks_of(volunteer), today=today)
    return Action.CHECK if until is None or until <= today + WARNING else None


def possible(volunteer: Volunteer, step: Step) -> bool:
    """Tell whether the step can follow where somebody stands."""
    return volunteer.stage in _FROM[step]


def note_step(
    session: Session,
    actor: Actor,
    clock: Clock,
    volunteer: Volunteer,
    step: Step,
    *,
    happened_on: date,
    today: date,
    note: str = "",
) -> VolunteerStep:
    """Note that a step was made, and let the stage follow.

    ConflictError where it can't follow the stage, or to accept while something is missing; InvalidInputError for a day
    to come or before their birth, for a note that is too long, and for a decision without its reason.
    """
    require(actor, Capability.CLEAR_PEOPLE if step is Step.ACCEPTED else Capability.KEEP_VOLUNTEERS)
    _require_plausible(volunteer, step, happened_on, today, note.strip())
    if step is Step.ACCEPTED and (open_still := missing(volunteer, today=today)):
        raise ConflictError(
            Message("Before this person can be accepted: %(missing)s.", {"missing": [one.label for one in open_still]})
        )
    return add_step(session, actor, clock, volunteer, step, happened_on=happened_on, note=note.strip())


def _require_plausible(volunteer: Volunteer, step: Step, happened_on: date, today: date, note: str) -> None:
    if not possible(volunteer, step):
        raise ConflictError(
            Message("This step can't follow now: where they stand is “%(stage)s”.", {"stage": volunteer.stage})
        )
    if not volunteer.birth_date < happened_on <= today:
        raise InvalidInputError(Message("A step is noted on its day or later: correct the day."))
    if len(note) > LONGEST_NOTE:
        raise InvalidInputError(Message("Say it in 500 characters at most."))
    if step in WITH_REASON and not note:
        raise InvalidInputError(Message("Say why, in a few words."))


def add_step(
    session: Session,
    actor: Actor,
    clock: Clock,
    volunteer: Volunteer,
    step: Step,
    *,
    happened_on: date,
    note: str = "",
) -> VolunteerStep:
    """Add a step that was judged already, with its audit entry, and let the stage follow."""
    row = VolunteerStep(
        station_id=volunteer.station_id,
        volunteer_id=volunteer.id,
        step=step,
        happened_on=happened_on,
        noted_at=clock.now(),
        noted_by=actor.user_id,
        note=note or None,
    )
    volunteer.steps.append(row)
    volunteer.stage = _LEADS_TO.get(step, volunteer.stage)
    record(
        session,
        actor,
        clock,
        station_id=volunteer.station_id,
        action=f"volunteer.{step.value}",
        subject_kind="volunteer",
        subject_id=volunteer.id,
        detail={"on": happened_on.isoformat()},
    )
    return row


def sessions_ahead(session: Session, volunteer_id: UUID, *, now: datetime) -> tuple[ActivitySession, ...]:
    """Return the published sessions in which somebody serves and which have not begun by `now`, wall-clock time."""
    return tuple(session.scalars(queries.sessions_ahead_of(volunteer_id, now)))
