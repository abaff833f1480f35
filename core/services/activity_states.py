"""How far an activity has got: a draft, handed to the head of the station, ready to be planned."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Activity, Station
from core.db.models.activity import ActivityState
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message, NotAllowedError, NotFoundError
from core.security.permissions import may
from core.services.activities import find_activity
from core.services.audit import record
from core.services.workbook.store.timetable import published_sessions


def is_approval_needed(session: Session, actor: Actor, station_id: UUID) -> bool:
    """Tell whether somebody else than the actor must say yes before an activity of the station is planned."""
    station = session.get_one(Station, station_id)
    return station.approves_activities and not may(actor.role, Capability.APPROVE_ACTIVITIES)


def hand_in(session: Session, actor: Actor, clock: Clock, activities: Sequence[UUID]) -> ActivityState:
    """Declare drafts complete: they are ready to be planned, or wait for the head where the station wants that.

    Returns which of the two; ready ones stay as they are.
    """
    reached = ActivityState.READY
    for activity in _found(session, activities):
        waits = is_approval_needed(session, actor, activity.station_id)
        state = ActivityState.SUBMITTED if waits else ActivityState.READY
        if activity.state is not ActivityState.READY:
            _move(session, actor, clock, activity, state)
            reached = state
    return reached


def approve(session: Session, actor: Actor, clock: Clock, activities: Sequence[UUID]) -> None:
    """Say yes to activities that wait for the head; NotAllowedError for anybody else."""
    for activity in _found(session, activities):
        if is_approval_needed(session, actor, activity.station_id):
            raise NotAllowedError(Message("The head of the station approves activities."))
        _move(session, actor, clock, activity, ActivityState.READY)


def give_back(session: Session, actor: Actor, clock: Clock, activities: Sequence[UUID], note: str) -> None:
    """Make activities drafts again, with what should be changed; ConflictError for one that was published."""
    for activity in _found(session, activities):
        if published_sessions(activity):
            raise ConflictError(
                Message("“%(title)s” was published already and can't become a draft.", {"title": activity.title})
            )
        _move(session, actor, clock, activity, ActivityState.DRAFT, note)


def remove(session: Session, actor: Actor, clock: Clock, activities: Sequence[UUID]) -> int:
    """Remove activities of which nothing was ever published and return how many; else ConflictError, none is gone."""
    found = _found(session, activities)
    for activity in found:
        if published_sessions(activity):
            raise ConflictError(
                Message(
                    "“%(title)s” was published already: its sessions can be cancelled, not removed.",
                    {"title": activity.title},
                )
            )
    for activity in found:
        _record(session, actor, clock, activity, "activity.removed", {"type": activity.type_key})
        session.delete(activity)
    session.flush()
    return len(found)


def _found(session: Session, activities: Sequence[UUID]) -> list[Activity]:
    if not activities:
        raise NotFoundError(Message("Choose at least one activity."))
    return [find_activity(session, activity) for activity in dict.fromkeys(activities)]


def _move(
    session: Session, actor: Actor, clock: Clock, activity: Activity, state: ActivityState, note: str = ""
) -> None:
    if activity.state is state and activity.state_note == note:
        return
    before, activity.state, activity.state_note = activity.state, state, note
    session.flush()
    _record(session, actor, clock, activity, "activity.moved", {"from": before, "to": state})


def _record(
    session: Session, actor: Actor, clock: Clock, activity: Activity, action: str, detail: dict[str, str]
) -> None:
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
