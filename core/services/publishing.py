"""Publishing: what would change, and the one transaction that makes a plan the timetable everybody sees."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.guards import CLEARANCE_GUARD, ROOM_GUARD, VOLUNTEER_GUARD
from core.db.models import ActivitySession, Assignment, Plan, Room, Term
from core.db.models.activity import SessionStatus
from core.db.models.plan import PlanStatus
from core.db.queries import planning as planning_queries
from core.db.queries import plans as plan_queries
from core.db.queries import timetable as queries
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message
from core.hooks.calling import Hooks
from core.hooks.types import Objection
from core.planning.moments import to_datetime
from core.planning.plan import PlannedSession
from core.services.assignable import require_assignable
from core.services.audit import record
from core.services.desk import Desk
from core.services.feed_ledger import update_ledger
from core.services.notices.changes import call_webhook
from core.services.outlines import outline, planned, term_outline
from core.services.planning.audit import UnsoundPlanError, require_sound
from core.services.planning.problem import term_problem
from core.services.planning.shortfalls import named
from core.services.replies.occasions import answered_document
from core.services.replies.settling import settle


class ChangeKind(StrEnum):
    """What publishing does to a session."""

    ADDED = "added"
    MOVED = "moved"
    CANCELLED = "cancelled"
    RESTAFFED = "restaffed"


@dataclass(frozen=True)
class Place:
    """When and where a session is held, in the station's wall-clock time."""

    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None


@dataclass(frozen=True)
class Staffing:
    """One volunteer in one role."""

    volunteer_id: UUID
    role: str


@dataclass(frozen=True)
class Change:
    """What publishing would do to one session; a session that is moved may be restaffed as well.

    `joining` and `leaving` are the staff places that come and go, of people who serve on somewhere else included.
    """

    kind: ChangeKind
    session_id: UUID
    before: Place | None
    after: Place | None
    joining: frozenset[Staffing] = frozenset()
    leaving: frozenset[Staffing] = frozenset()


@dataclass(frozen=True)
class _Standing:
    """A session as it is or shall be: held at a place with staff, or not held."""

    place: Place | None = None
    staff: frozenset[Staffing] = frozenset()


class NotSettledError(ConflictError):
    """Programs want something settled before the plan is published; `objections` says what, session by session."""

    code = "not_settled"

    def __init__(self, open_still: tuple[Objection, ...]) -> None:
        super().__init__(
            Message(
                "Before this plan can be published, %(count)s things must be settled, first: %(first)s",
                {"count": len(open_still), "first": open_still[0].reason},
            )
        )
        self.objections = open_still


def objections(session: Session, hooks: Hooks, plan: Plan, *, now: datetime) -> tuple[Objection, ...]:
    """Return what programs want settled before the plan is published; `now` is the station's wall-clock time."""
    term = session.get_one(Term, plan.term_id)
    own = {str(row.id): outline(row) for row in session.scalars(planning_queries.activities_of(term.id))}
    document = answered_document(session, plan)
    ahead = tuple(row for row in planned(document, own) if row.starts_at >= now)
    return hooks.publishing_objections(term_outline(term), ahead, session)


def publication_diff(session: Session, plan: Plan) -> tuple[Change, ...]:
    """Return what publishing the plan would change, with people's answers, in the order of the sessions' times."""
    rows = {row.id: row for row in session.scalars(queries.sessions_of_term(plan.term_id))}
    wanted = _wanted(session, plan, rows.values())
    changes = (_change(row, wanted.get(row.id, _Standing())) for row in rows.values())
    return tuple(sorted((change for change in changes if change is not None), key=_when))


def publish_plan(
    session: Session,
    actor: Actor,
    clock: Clock,
    hooks: Hooks,
    plan_id: UUID,
    *,
    timezone: str,
    now: datetime,
    known: Sequence[Objection] | None = None,
) -> tuple[Change, ...]:
    """Make a draft the published plan of its term, and return what that changed.

    People's answers count: whoever said no to a time is left out of it, and whoever agreed to step in is put in. The
    plan is audited once more, as it is then, against the term as it is now; UnsoundPlanError says what no longer
    holds, and NotSettledError what programs want settled first. Raises ConflictError when another plan was published
    since the draft was made, NotAssignableError for people who may not serve on a day on which it assigns them. `now`
    is the station's wall-clock time. `known` are the objections to what is published already, where only less is
    published: what stays was published as it is, so the rules aren't asked again, and programs only for what is new.
    """
    plan = session.get_one(Plan, plan_id)
    # Publications of a term wait for one another here; the second then finds the first one's plan and gives way.
    session.get_one(Term, plan.term_id, with_for_update=True)
    session.refresh(plan, with_for_update=True)
    current = session.scalars(planning_queries.published_plan_of(plan.term_id)).one_or_none()
    _require_fresh(plan, current)
    _require_cleared(session, plan, now=now)
    if known is None:
        _require_sound(session, hooks, plan, timezone=timezone, now=now)
    as_before = {_gist(one) for one in known or ()}
    if open_still := [one for one in objections(session, hooks, plan, now=now) if _gist(one) not in as_before]:
        raise NotSettledError(tuple(open_still))
    changes = publication_diff(session, plan)
    _carry_out_unless_taken(session, plan, changes)
    if current is not None:
        current.status = PlanStatus.SUPERSEDED
        session.flush()
    plan.status = PlanStatus.PUBLISHED
    plan.published_at, plan.published_by = clock.now(), actor.user_id
    settle(session, Desk(actor, clock, hooks, timezone), plan)
    update_ledger(session, clock, hooks, station_id=plan.station_id)
    call_webhook(session, clock, plan, len(changes))
    _record(session, actor, clock, plan, changes)
    return changes


def _gist(objection: Objection) -> tuple[str, str]:
    """Return what an objection is about, whatever its numbers and at whichever session it is told."""
    return objection.activity_id, objection.reason.text


def _require_fresh(plan: Plan, current: Plan | None) -> None:
    if plan.status is not PlanStatus.DRAFT:
        raise ConflictError(
            Message("Version %(version)s was published already: plan the term again.", {"version": plan.version})
        )
    base = plan.summary.get("based_on")
    if base != (current.version if current else None):
        raise ConflictError(
            Message("Another version was published since this draft was made: plan the term again, then compare.")
        )


def _require_cleared(session: Session, plan: Plan, *, now: datetime) -> None:
    """Raise NotAssignableError for whoever the plan puts near children on a day ahead and may not be there."""
    ahead = [row for row in answered_document(session, plan).sessions if to_datetime(row.start) >= now]
    days = {(UUID(one), to_datetime(row.start).date()) for row in ahead for ids in row.staff.values() for one in ids}
    people = {row.id: row for row in session.scalars(plan_queries.volunteers_named({one for one, _day in days}))}
    named_days = sorted((day, people[one].number, people[one]) for one, day in days if one in people)
    require_assignable(((person, day) for day, _number, person in named_days), today=now.date())


def _require_sound(session: Session, hooks: Hooks, plan: Plan, *, timezone: str, now: datetime) -> None:
    term = session.get_one(Term, plan.term_id)
    problem = term_problem(session, hooks, term, timezone=timezone, now=now)
    try:
        require_sound(problem, answered_document(session, plan), hooks)
    except UnsoundPlanError as error:
        raise UnsoundPlanError(error.breaches, named(session, hooks, error.breaches[0].message)) from error


def _wanted(session: Session, plan: Plan, rows: Iterable[ActivitySession]) -> Mapping[UUID, _Standing]:
    by_key = {(str(row.activity_id), row.position): row for row in rows}
    document = answered_document(session, plan)
    return {
        by_key[planned.key].id: _standing(planned, by_key[planned.key].activity.duration)
        for planned in document.sessions
        if planned.key in by_key
    }


def _standing(planned: PlannedSession, duration: int) -> _Standing:
    start = to_datetime(planned.start)
    room = None if planned.room is None else UUID(planned.room)
    staff = frozenset(Staffing(UUID(person), role) for role, people in planned.staff.items() for person in people)
    return _Standing(Place(start, start + timedelta(minutes=duration), room), staff)


def _published(row: ActivitySession) -> _Standing:
    if row.status is not SessionStatus.HELD or row.starts_at is None or row.ends_at is None:
        return _Standing()
    staff = frozenset(Staffing(one.volunteer_id, one.role) for one in row.assignments)
    return _Standing(Place(row.starts_at, row.ends_at, row.room_id), staff)


def _change(row: ActivitySession, after: _Standing) -> Change | None:
    before = _published(row)
    if before == after:
        return None
    kind = ChangeKind.RESTAFFED
    if before.place is None:
        kind = ChangeKind.ADDED
    elif after.place is None:
        kind = ChangeKind.CANCELLED
    elif before.place != after.place:
        kind = ChangeKind.MOVED
    return Change(kind, row.id, before.place, after.place, after.staff - before.staff, before.staff - after.staff)


def _when(change: Change) -> tuple[str, UUID]:
    place = change.after or change.before
    return (place.starts_at.isoformat() if place else "", change.session_id)


def _carry_out_unless_taken(session: Session, plan: Plan, changes: Iterable[Change]) -> None:
    """Carry the plan out; what another station has booked, out of the actor's sight, the database's guards know."""
    try:
        _carry_out(session, plan, changes)
    except IntegrityError as error:
        if CLEARANCE_GUARD in str(error.orig):
            raise ConflictError(
                Message("Somebody whom this plan assigns may not serve any more: plan the term again.")
            ) from None
        if not any(guard in str(error.orig) for guard in (ROOM_GUARD, VOLUNTEER_GUARD)):
            raise
        # Without its cause: the database's message may quote a row.
        raise ConflictError(
            Message("A room or a volunteer of this plan is booked elsewhere at that time: plan the term again.")
        ) from None


def _carry_out(session: Session, plan: Plan, changes: Iterable[Change]) -> None:
    """Lift every session that changes, then set it down anew: two that swap rooms would else meet on the way."""
    rows = {row.id: row for row in session.scalars(queries.sessions_of_term(plan.term_id))}
    wanted = _wanted(session, plan, rows.values())
    changed = [rows[change.session_id] for change in changes]
    for row in changed:
        row.assignments.clear()
        row.status = SessionStatus.CANCELLED if _published(row).place else row.status
    session.flush()
    for row in changed:
        if (standing := wanted.get(row.id)) is not None and standing.place is not None:
            _set_down(session, row, standing.place)
    session.flush()
    for row in changed:
        for one in sorted(wanted.get(row.id, _Standing()).staff, key=lambda one: (one.role, one.volunteer_id)):
            row.assignments.append(_assignment(row, one))
    session.flush()


def _set_down(session: Session, row: ActivitySession, place: Place) -> None:
    room = None if place.room_id is None else session.get_one(Room, place.room_id)
    row.status, row.reason = SessionStatus.HELD, ""
    row.starts_at, row.ends_at, row.room = place.starts_at, place.ends_at, room
    row.room_free_at = place.ends_at + timedelta(minutes=room.turnover if room else 0)


def _assignment(row: ActivitySession, one: Staffing) -> Assignment:
    return Assignment(
        station_id=row.station_id,
        volunteer_id=one.volunteer_id,
        role=one.role,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def _record(session: Session, actor: Actor, clock: Clock, plan: Plan, changes: Iterable[Change]) -> None:
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.kind] = counts.get(change.kind, 0) + 1
    record(
        session,
        actor,
        clock,
        station_id=plan.station_id,
        action="plan.published",
        subject_kind="plan",
        subject_id=plan.id,
        detail={"version": plan.version, **counts},
    )
