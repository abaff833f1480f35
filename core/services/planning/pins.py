"""Pinning: an organizer fixes a session where the newest plan holds it, and every further plan keeps it there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Pin, Plan
from core.db.queries import planning as planning_queries
from core.db.queries import plans as plan_queries
from core.db.queries import runs as queries
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.planning.moments import to_datetime
from core.planning.plan import Plan as PlanDocument
from core.services.assignable import require_assignable
from core.services.audit import record

_LONGEST_REASON = 200


@dataclass(frozen=True)
class Placed:
    """A session as a plan holds it, in words; `staff` has names by role, `people` the ids by role."""

    session_id: UUID
    title: str
    type_key: str
    number: int
    starts_at: datetime
    room_id: UUID | None
    room: str | None
    people: Mapping[str, Sequence[str]]
    staff: Mapping[str, Sequence[str]]


def placed_sessions(session: Session, plan: Plan) -> Sequence[Placed]:
    """Return what a plan holds, by time; sessions and rooms that are gone since are left out."""
    document = PlanDocument.from_json(plan.document)
    rows = {
        (str(row.activity_id), row.position): row
        for row in session.scalars(queries.sessions_of_activities({UUID(one.activity) for one in document.sessions}))
    }
    room_ids = {UUID(one.room) for one in document.sessions if one.room is not None}
    people = {UUID(person) for one in document.sessions for ids in one.staff.values() for person in ids}
    rooms = {row.id: row.name for row in session.scalars(plan_queries.rooms_named(room_ids))}
    names = {str(row.id): row.name for row in session.scalars(plan_queries.volunteers_named(people))}
    found = [
        Placed(
            session_id=row.id,
            title=row.activity.title,
            type_key=row.activity.type_key,
            number=row.position + 1,
            starts_at=to_datetime(one.start),
            room_id=None if one.room is None else UUID(one.room),
            room=None if one.room is None else rooms.get(UUID(one.room)),
            people=one.staff,
            staff={role: [names[person] for person in ids if person in names] for role, ids in one.staff.items()},
        )
        for one in document.sessions
        if (row := rows.get(one.key)) is not None
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.title, one.number))


def newest_placing(session: Session, session_id: UUID) -> Placed:
    """Return where the newest plan of its term holds a session; ConflictError where it doesn't hold it."""
    plan = session.scalars(planning_queries.plans_of(term_of(session, session_id))).first()
    placed = placed_sessions(session, plan) if plan is not None else ()
    for one in placed:
        if one.session_id == session_id:
            return one
    raise ConflictError(Message("The newest plan does not hold this session, so there is nothing to pin it to."))


def term_of(session: Session, session_id: UUID) -> UUID:
    """Return the id of a session's term; raise NotFoundError where the actor reaches no session of that id."""
    row = session.get(ActivitySession, session_id)
    if row is None:
        raise NotFoundError(Message("There is no such session."))
    return row.activity.term_id


def is_newest(session: Session, plan: Plan) -> bool:
    """Tell whether no plan of the term is newer."""
    return plan.version == session.scalar(select(func.max(Plan.version)).where(Plan.term_id == plan.term_id))


def pin_session(
    session: Session,
    actor: Actor,
    clock: Clock,
    session_id: UUID,
    *,
    today: date,
    reason: str = "",
    with_staff: bool = False,
) -> Pin:
    """Pin a session where the newest plan holds it, instead of any pin it had, and return the pin.

    `with_staff` also keeps the people who serve in it there. ConflictError where the newest plan doesn't hold it, and
    NotAssignableError for people who by now may not serve on its day.
    """
    if len(reason) > _LONGEST_REASON:
        raise InvalidInputError(Message("Say it in 200 characters at most."))
    placed = newest_placing(session, session_id)
    if with_staff:
        people = {UUID(person) for ids in placed.people.values() for person in ids}
        serving = session.scalars(plan_queries.volunteers_named(people)).all()
        require_assignable(((one, placed.starts_at.date()) for one in serving), today=today)
    row = session.get_one(ActivitySession, session_id)
    pin = session.scalars(queries.pin_of(session_id)).one_or_none()
    if pin is None:
        pin = Pin(station_id=row.station_id, session_id=session_id)
        session.add(pin)
    pin.starts_at, pin.room_id = placed.starts_at, placed.room_id
    pin.staff = {role: list(ids) for role, ids in placed.people.items() if ids} if with_staff else {}
    pin.reason = reason.strip()
    pin.pinned_at, pin.pinned_by = clock.now(), actor.user_id
    session.flush()
    _record(session, actor, clock, pin, "session.pinned", starts_at=pin.starts_at.isoformat(), with_staff=with_staff)
    return pin


def unpin_session(session: Session, actor: Actor, clock: Clock, pin_id: UUID) -> UUID:
    """Take a pin back, and return the id of its term."""
    pin = session.get(Pin, pin_id)
    if pin is None:
        raise NotFoundError(Message("There is no such pin."))
    term_id = pin.session.activity.term_id
    _record(session, actor, clock, pin, "session.unpinned")
    session.delete(pin)
    session.flush()
    return term_id


def _record(session: Session, actor: Actor, clock: Clock, pin: Pin, action: str, **detail: object) -> None:
    record(
        session,
        actor,
        clock,
        station_id=pin.station_id,
        action=action,
        subject_kind="session",
        subject_id=pin.session_id,
        detail=detail,
    )
