"""Taking an activity out of the published timetable: its rooms and people are free at once, and everybody is told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Pin
from core.db.models.activity import ActivityState, SessionStatus
from core.db.queries import planning as plan_queries
from core.db.queries import runs as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.hooks.calling import Hooks
from core.planning.check import audit
from core.planning.moments import from_datetime
from core.planning.outcome import Limits, Outcome, Status
from core.planning.plan import Plan as PlanDocument
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.security.permissions import require
from core.services.activities import find_activity
from core.services.planning.drafts import store_draft
from core.services.planning.problem import term_problem
from core.services.publishing import objections, publish_plan


def withdraw_activity(
    session: Session,
    actor: Actor,
    clock: Clock,
    hooks: Hooks,
    activity_id: UUID,
    *,
    reason: str,
    timezone: str,
    now: datetime,
) -> int:
    """Cancel what is left of an activity, as a new version of its term's plan, and return how many sessions that is.

    What was held stays, and the rest of the timetable is as it was: the version is published as any other, so that
    feeds, duties and the log say the same. From then on the activity is a draft, which nobody plans. Raises what
    publishing raises; but where the rest doesn't keep a rule without these sessions, such as one about what follows
    what, or programs object to it already, that is for the next plan, and doesn't hold what can't take place.
    """
    require(actor, Capability.PLAN)
    activity = find_activity(session, activity_id)
    current = session.scalars(plan_queries.published_plan_of(activity.term_id)).one_or_none()
    known = objections(session, hooks, current, now=now) if current is not None else ()
    activity.state = ActivityState.DRAFT
    left = [row for row in activity.sessions if _is_ahead(row, now)]
    if not left:
        session.flush()
        return 0
    for row in left:
        row.reason = reason
        _unpin(session, row)
    session.flush()
    problem = term_problem(session, hooks, activity.term, timezone=timezone, now=now)
    plan = store_draft(
        session,
        actor,
        clock,
        hooks,
        term_id=activity.term_id,
        problem=problem,
        outcome=_without(problem, str(activity.id), from_datetime(now), hooks),
        shortfalls=(),
        only_less=True,
    )
    publish_plan(session, actor, clock, hooks, plan.id, timezone=timezone, now=now, known=known)
    return len(left)


def _is_ahead(row: ActivitySession, now: datetime) -> bool:
    return row.status is SessionStatus.HELD and row.starts_at is not None and row.starts_at >= now


def _unpin(session: Session, row: ActivitySession) -> None:
    pin: Pin | None = session.scalars(queries.pin_of(row.id)).one_or_none()
    if pin is not None:
        session.delete(pin)


def _without(problem: Problem, activity: str, now: int, hooks: Hooks) -> Outcome:
    """Return what is published, less the activity's sessions ahead, as if a run had given it."""
    published = problem.incumbent.sessions if problem.incumbent else ()
    kept = tuple(row for row in published if row.activity != activity or row.start < now)
    plan = PlanDocument(problem.name, kept)
    found = audit(problem, plan, (*DEFAULT_RULES, *hooks.planning_rules()))
    limits = Limits(seconds=None, steps=0)
    return Outcome(plan, Status.STEPS_DONE, found.cost, 0, 0.0, found, seed=0, workers=0, limits=limits)
