"""The way back to the planner: how many children are registered becomes the size that it staffs, at fixed times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.db.models import Activity, ActivityGroup, ActivitySession, GroupMember, Pin, Term
from core.db.models.activity import SessionStatus
from core.db.queries import registration as queries
from core.db.queries import runs as run_queries
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.errors import Message, NotFoundError
from core.security.permissions import require
from core.services.audit import record
from core.services.desk import Desk
from core.services.registration.lists import numbers_of_term

_WHY = "registration"


@dataclass(frozen=True)
class Size:
    """How many children an activity was planned for and how many come: those of its groups, and who is offered a place.

    `rooms` are the published rooms that are too small for them.
    """

    activity_id: UUID
    title: str
    planned: int
    registered: int
    rooms: tuple[str, ...]


def sizes_of_term(session: Session, desk: Desk, term_id: UUID) -> tuple[Size, ...]:
    """Return the activities of a term that take registrations and weren't given up, with both numbers, by title."""
    require(desk.actor, Capability.PLAN)
    kept = [row.activity_id for row in session.scalars(queries.intakes_of(term_id)) if row.given_up_on is None]
    members = _members(session, kept)
    numbers = [one for one in numbers_of_term(session, term_id) if one.intake.activity_id in members]
    sessions = _ahead(session, desk, [one.intake.activity_id for one in numbers])
    found = []
    for one in numbers:
        activity, registered = one.intake.activity, members[one.intake.activity_id] + one.offered
        rooms = {row.room for row in sessions if row.activity_id == activity.id and row.room is not None}
        small = sorted(room.name for room in rooms if room.capacity < registered)
        found.append(Size(activity.id, activity.title, activity.size, registered, tuple(small)))
    return tuple(found)


def take_over_sizes(session: Session, desk: Desk, term_id: UUID) -> int:
    """Make the numbers of registered children the sizes to plan for, pin what is published; return how many changed.

    Pinned are time and room of each session ahead, where the room is large enough; who serves may change, so that the
    next run staffs what families have been told.
    """
    term = session.get(Term, term_id)
    if term is None:
        raise NotFoundError(Message("There is no such term."))
    sizes = {one.activity_id: one for one in sizes_of_term(session, desk, term_id)}
    changed = 0
    for activity in session.scalars(select(Activity).where(Activity.id.in_(sizes))):
        # A session without any child isn't staffed for none: it is given up, or it waits for children.
        wanted = max(1, sizes[activity.id].registered)
        changed += activity.size != wanted
        activity.size = wanted
    pinned = [row for row in _ahead(session, desk, list(sizes)) if not sizes[row.activity_id].rooms]
    fresh = sum(_pin(session, desk, row) for row in pinned)
    session.flush()
    record(
        session,
        desk.actor,
        desk.clock,
        station_id=term.station_id,
        action="registration.sizes_taken_over",
        subject_kind="term",
        subject_id=term.id,
        detail={"changed": changed, "pinned": fresh},
    )
    return changed


def _members(session: Session, activities: Sequence[UUID]) -> Mapping[UUID, int]:
    """Return how many children are in the groups of activities in reach, sealed files included."""
    query = (
        select(ActivityGroup.activity_id, func.count(func.distinct(GroupMember.child_id)))
        .join(GroupMember, GroupMember.group_id == ActivityGroup.group_id)
        .where(ActivityGroup.activity_id.in_(activities))
        .group_by(ActivityGroup.activity_id)
    )
    with seeing_all(session):
        counted = {row[0]: row[1] for row in session.execute(query)}
    return {activity: counted.get(activity, 0) for activity in activities}


def _ahead(session: Session, desk: Desk, activities: Sequence[UUID]) -> Sequence[ActivitySession]:
    query = (
        select(ActivitySession)
        .where(
            ActivitySession.activity_id.in_(activities),
            ActivitySession.status == SessionStatus.HELD,
            ActivitySession.starts_at >= desk.now,
        )
        .options(joinedload(ActivitySession.room))
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )
    return session.scalars(query).all()


def _pin(session: Session, desk: Desk, row: ActivitySession) -> bool:
    """Pin a published session where it is, unless somebody has pinned it already; tell whether it is new."""
    if session.scalars(run_queries.pin_of(row.id)).one_or_none() is not None:
        return False
    session.add(
        Pin(
            station_id=row.station_id,
            session_id=row.id,
            starts_at=row.starts_at,
            room_id=row.room_id,
            staff={},
            reason=_WHY,
            pinned_at=desk.clock.now(),
            pinned_by=desk.actor.user_id,
        )
    )
    return True
