"""The questionnaire under grant: who may open a course's answers, entering them, and each look on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import (
    Actor,
    Capability,
    Clock,
    ConflictError,
    InvalidInputError,
    Message,
    NotAllowedError,
    NotFoundError,
    children_of,
    record,
    require,
)
from plugins.sst import queries
from plugins.sst.models import Answers, Grant, Occasion
from plugins.sst.queries import Course

QUESTIONS: Final = 5
LOWEST: Final = 1
HIGHEST: Final = 5
#: A grant lasts no longer; a course is over by then.
LONGEST: Final = timedelta(days=120)
LONGEST_REFUSAL: Final = 200

#: What is asked where a station has written no questions of its own.
USUAL_QUESTIONS: Final = (
    Message("I like coming to the group."),
    Message("I can say how I feel."),
    Message("I know whom to ask when I need help."),
    Message("I get along with other children."),
    Message("I manage difficult things better than I used to."),
)


@dataclass(frozen=True)
class Scores:
    """What one child answered on one occasion, question by question."""

    child_id: UUID
    occasion: Occasion
    answered_on: date
    scores: tuple[int, ...]


def questions(session: Session, station_id: UUID) -> tuple[Message | str, ...]:
    """Return the five questions: as the station has worded them, the usual ones where it hasn't."""
    worded = {row.number: row.wording for row in session.scalars(queries.questions_of(station_id))}
    return tuple(worded.get(number, usual) for number, usual in enumerate(USUAL_QUESTIONS, start=1))


def ask_for_grant(
    session: Session, actor: Actor, clock: Clock, course: Course, *, reason: str, valid_until: date, today: date
) -> Grant:
    """Ask for leave to a course's answers; nothing can be opened before somebody else in charge has approved it."""
    if not course.curriculum.questionnaire:
        raise ConflictError(Message("This course has no questionnaire."))
    if not reason.strip():
        raise InvalidInputError(Message("Say what you need the answers for."))
    if not today <= valid_until <= today + LONGEST:
        values = {"last": today + LONGEST}
        raise InvalidInputError(Message("A grant ends on a day from today to %(last)s.", values))
    user = _who(actor)
    mine = session.scalars(queries.grants_of(course.id, user))
    if any(row.valid_until >= today and row.refused_at is None for row in mine):
        raise ConflictError(Message("You have a grant for this course, or have asked for one."))
    grant = Grant(
        station_id=course.station_id,
        activity_id=course.id,
        user_id=user,
        reason=reason.strip(),
        valid_until=valid_until,
        asked_at=clock.now(),
    )
    session.add(grant)
    _record(session, actor, clock, grant, "sst.grant_asked")
    return grant


def approve(session: Session, actor: Actor, clock: Clock, grant_id: UUID) -> Grant:
    """Approve what somebody else has asked for; NotAllowedError for whoever asked, and for who may not approve."""
    grant, approver = _grant(session, grant_id), _who(actor)
    require(actor, Capability.APPROVE_GRANTS)
    if grant.user_id == approver:
        raise NotAllowedError(Message("Somebody else must approve what you have asked for."))
    _require_waiting(grant)
    grant.approved_by_id, grant.approved_at = approver, clock.now()
    _record(session, actor, clock, grant, "sst.grant_approved")
    return grant


def refuse(session: Session, actor: Actor, clock: Clock, grant_id: UUID, reason: str) -> Grant:
    """Refuse what was asked for, and say why: whoever asked reads it, the log doesn't."""
    grant, told = _grant(session, grant_id), " ".join(reason.split())
    require(actor, Capability.APPROVE_GRANTS)
    _require_waiting(grant)
    if not 0 < len(told) <= LONGEST_REFUSAL:
        raise InvalidInputError(Message("Say why, in 200 characters at most: whoever asked reads it."))
    grant.refused_at, grant.refusal = clock.now(), told
    _record(session, actor, clock, grant, "sst.grant_refused")
    return grant


def end_grant(session: Session, actor: Actor, clock: Clock, grant_id: UUID) -> None:
    """Take back what was approved, or take away what was asked for or refused."""
    grant = _grant(session, grant_id)
    require(actor, Capability.APPROVE_GRANTS)
    _record(session, actor, clock, grant, "sst.grant_ended")
    session.delete(grant)
    session.flush()


def grant_held(session: Session, actor: Actor, course: Course, today: date) -> Grant | None:
    """Return the approved grant by which somebody may enter and open a course's answers today."""
    if actor.user_id is None:
        return None
    held = session.scalars(queries.grants_of(course.id, actor.user_id))
    return next((row for row in held if row.approved_at is not None and row.valid_until >= today), None)


def enter_answers(
    session: Session,
    actor: Actor,
    clock: Clock,
    course: Course,
    *,
    child_id: UUID,
    occasion: Occasion,
    scores: Sequence[int],
    today: date,
) -> None:
    """Seal what a child of the group answered; what was entered for the same occasion before is replaced."""
    grant = _require_grant(session, actor, course, today)
    if len(scores) != QUESTIONS or any(not LOWEST <= score <= HIGHEST for score in scores):
        raise InvalidInputError(Message("Answer all five questions with a number from 1 to 5."))
    if child_id not in children_of(session, course.id):
        raise NotFoundError(Message("There is no such child in the group."))
    row = session.scalars(queries.answer_of(course.id, child_id, occasion)).one_or_none()
    if row is None:
        row = Answers(station_id=course.station_id, activity_id=course.id, child_id=child_id, occasion=occasion)
        session.add(row)
    row.answered_on, row.scores = today, "".join(map(str, scores))
    session.flush()
    _record(session, actor, clock, grant, "sst.answers_entered", occasion=occasion.value)


def open_answers(session: Session, actor: Actor, clock: Clock, course: Course, *, today: date) -> tuple[Scores, ...]:
    """Return what the children answered, and leave on record that somebody looked."""
    grant = _require_grant(session, actor, course, today)
    found = tuple(unsealed(row) for row in session.scalars(queries.answers_of(course.id)))
    _record(session, actor, clock, grant, "sst.answers_opened", count=len(found))
    return found


def unsealed(row: Answers) -> Scores:
    """Return a row of answers opened: for somebody with a grant, or to be counted in an average."""
    return Scores(row.child_id, row.occasion, row.answered_on, tuple(map(int, row.scores)))


def _require_grant(session: Session, actor: Actor, course: Course, today: date) -> Grant:
    grant = grant_held(session, actor, course, today)
    if grant is None:
        raise NotAllowedError(Message("The answers of this course are open only to those who hold a grant."))
    return grant


def _require_waiting(grant: Grant) -> None:
    if grant.approved_by_id is not None:
        raise ConflictError(Message("This grant has been approved already."))
    if grant.refused_at is not None:
        raise ConflictError(Message("This grant was refused already."))


def _grant(session: Session, grant_id: UUID) -> Grant:
    grant = session.get(Grant, grant_id)
    if grant is None:
        raise NotFoundError(Message("There is no such grant."))
    return grant


def _who(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise NotAllowedError(Message("Sign in with an account of your own."))
    return actor.user_id


def _record(session: Session, actor: Actor, clock: Clock, grant: Grant, action: str, **detail: Any) -> None:
    session.flush()
    about: Mapping[str, Any] = {"grant": str(grant.id), "valid_until": grant.valid_until.isoformat(), **detail}
    record(
        session,
        actor,
        clock,
        station_id=grant.station_id,
        action=action,
        subject_kind="sst_course",
        subject_id=grant.activity_id,
        detail=about,
    )
