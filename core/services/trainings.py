"""Trainings: activities for adults that give a skill, and who completed them."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Activity, Volunteer, VolunteerSkill
from core.db.models.activity import ActivitySession, SessionStatus
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message
from core.domain.serving import Stage, Step
from core.domain.vocabulary import Skill
from core.security.permissions import require
from core.services.activities import find_activity
from core.services.audit import record
from core.services.volunteering import add_step, find_person


def mark_training(session: Session, actor: Actor, clock: Clock, activity_id: UUID, skill: Skill | None) -> Activity:
    """Say which skill adults have once they completed an activity; None: it is no training (any more)."""
    require(actor, Capability.KEEP_VOLUNTEERS)
    activity = find_activity(session, activity_id)
    if activity.grants_skill is not skill:
        activity.grants_skill = skill
        session.flush()
        _record(session, actor, clock, activity, "activity.training", skill=skill)
    return activity


def completed_by(people: Iterable[Volunteer], activity: Activity) -> frozenset[UUID]:
    """Return the ids of those among the people who have their skill from this training."""
    return frozenset(one.id for one in people for skill in one.skills if skill.training_id == activity.id)


def note_completed(
    session: Session,
    actor: Actor,
    clock: Clock,
    activity_id: UUID,
    volunteers: Collection[UUID],
    *,
    completed_on: date,
    today: date,
) -> int:
    """Note that people completed a training: they have its skill from that day, and the step of training is made.

    Return how many are new. ConflictError for an activity that is no training, or of which no session was held by that
    day; InvalidInputError for a day to come.
    """
    require(actor, Capability.KEEP_VOLUNTEERS)
    activity = find_activity(session, activity_id)
    skill = activity.grants_skill
    if skill is None:
        raise ConflictError(Message("This activity is no training: say first which skill it gives."))
    if completed_on > today:
        raise InvalidInputError(Message("A training is noted once it is completed: correct the day."))
    if not any(_held_by(row, completed_on) for row in activity.sessions):
        raise ConflictError(Message("No session of this training was held by that day."))
    people = [find_person(session, key) for key in sorted(volunteers)]
    added = [person for person in people if _grant(person, activity, skill, completed_on)]
    for person in added:
        if person.stage in {Stage.APPLICANT, Stage.ACCEPTED}:
            add_step(session, actor, clock, person, Step.TRAINED, happened_on=completed_on)
    session.flush()
    if added:
        _record(session, actor, clock, activity, "training.completed", volunteers=[person.id.hex for person in added])
    return len(added)


def _held_by(row: ActivitySession, day: date) -> bool:
    return row.status is SessionStatus.HELD and row.starts_at is not None and row.starts_at.date() <= day


def _grant(person: Volunteer, activity: Activity, skill: Skill, on: date) -> bool:
    """Give somebody the training's skill, and tell whether they did not have it from there."""
    row = next((one for one in person.skills if one.skill is skill), None)
    if row is not None and row.training_id == activity.id:
        return False
    if row is None:
        row = VolunteerSkill(station_id=person.station_id, volunteer_id=person.id, skill=skill)
        person.skills.append(row)
    row.granted_on, row.training_id, row.valid_until = on, activity.id, None
    return True


def _record(session: Session, actor: Actor, clock: Clock, activity: Activity, action: str, **detail: object) -> None:
    record(
        session,
        actor,
        clock,
        station_id=activity.station_id,
        action=action,
        subject_kind="activity",
        subject_id=activity.id,
        detail=detail,
    )
