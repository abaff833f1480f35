"""Attendance: noting which children were at a session."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivityGroup, ActivitySession, Attendance, Child, GroupMember
from core.db.models.activity import SessionStatus
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message, NotFoundError
from core.domain.vocabulary import Presence
from core.services.audit import record


def find_held_session(session: Session, session_id: UUID) -> ActivitySession:
    """Return a session that is published as held; NotFoundError for any other."""
    row = session.get(ActivitySession, session_id)
    if row is None or row.status is not SessionStatus.HELD:
        raise NotFoundError(Message("There is no such session."))
    return row


def expected_children(session: Session, held: ActivitySession) -> list[Child]:
    """Return the children of the session's groups and those already noted, by the number of their file."""
    in_groups = (
        select(GroupMember.child_id)
        .join(ActivityGroup, ActivityGroup.group_id == GroupMember.group_id)
        .where(ActivityGroup.activity_id == held.activity_id)
    )
    noted = select(Attendance.child_id).where(Attendance.session_id == held.id)
    query = select(Child).where(Child.id.in_(in_groups) | Child.id.in_(noted)).order_by(Child.number)
    return list(session.scalars(query))


def presences(session: Session, session_id: UUID) -> Mapping[UUID, Presence]:
    """Return what is noted of a session, by child."""
    rows = session.scalars(select(Attendance).where(Attendance.session_id == session_id))
    return {row.child_id: row.presence for row in rows}


def note_attendance(
    session: Session,
    actor: Actor,
    clock: Clock,
    session_id: UUID,
    presence: Mapping[UUID, Presence | None],
    *,
    now: datetime,
) -> int:
    """Note who was at a session and return how many notes changed; None takes a note back.

    Raises ConflictError for a session that has not begun by `now`, the station's wall-clock time, and NotFoundError for
    a child that is not expected there.
    """
    held = find_held_session(session, session_id)
    if held.starts_at is not None and held.starts_at > now:
        raise ConflictError(Message("The session has not begun yet: note attendance once it has."))
    expected = {child.id for child in expected_children(session, held)}
    if presence.keys() - expected:
        raise NotFoundError(Message("A child on this list is not in the session's groups: load the page again."))
    rows = {row.child_id: row for row in session.scalars(select(Attendance).where(Attendance.session_id == held.id))}
    changed = sum(
        _note(session, actor, clock, held, child, wanted, rows.get(child)) for child, wanted in presence.items()
    )
    if changed:
        record(
            session,
            actor,
            clock,
            station_id=held.station_id,
            action="attendance.noted",
            subject_kind="session",
            subject_id=held.id,
            detail={"changed": changed},
        )
    return changed


def set_presence(
    session: Session, actor: Actor, clock: Clock, held: ActivitySession, child: UUID, wanted: Presence | None
) -> bool:
    """Note one child who is expected, and tell whether it changed anything; the caller writes the audit entry."""
    query = select(Attendance).where(Attendance.session_id == held.id, Attendance.child_id == child)
    return _note(session, actor, clock, held, child, wanted, session.scalars(query).first())


def _note(
    session: Session,
    actor: Actor,
    clock: Clock,
    held: ActivitySession,
    child: UUID,
    wanted: Presence | None,
    row: Attendance | None,
) -> bool:
    if wanted is None:
        if row is not None:
            session.delete(row)
        return row is not None
    if row is not None and row.presence is wanted:
        return False
    if row is None:
        row = Attendance(station_id=held.station_id, session_id=held.id, child_id=child)
        session.add(row)
    row.presence, row.noted_at, row.noted_by = wanted, clock.now(), actor.user_id
    return True
