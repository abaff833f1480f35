"""Drafts: plans that passed the audit, stored as immutable versions of their term."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Plan, Term
from core.db.models.plan import PlanStatus
from core.db.queries import planning as queries
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError
from core.hooks.calling import Hooks
from core.planning.outcome import Outcome, Shortfall
from core.planning.problem import Problem
from core.services.audit import record
from core.services.planning.audit import require_sound


def find_term(session: Session, name: str) -> Term:
    """Return the term of that name; raise NotFoundError, naming those there are, when there is none."""
    found = list(session.scalars(queries.term_named(name)))
    if len(found) == 1:
        return found[0]
    names = tuple(session.scalars(select(Term.name).order_by(Term.first)))
    raise NotFoundError(
        Message("There is no term “%(name)s”. Terms: %(names)s.", {"name": name, "names": names or "–"})
    )


def store_draft(
    session: Session,
    actor: Actor,
    clock: Clock,
    hooks: Hooks,
    *,
    term_id: UUID,
    problem: Problem,
    outcome: Outcome,
    shortfalls: Sequence[Shortfall],
    only_less: bool = False,
) -> Plan:
    """Audit the outcome's plan and store it as the term's next draft; UnsoundPlanError before anything is kept.

    `only_less`: it is what is published already, less some sessions, which is taken as it is.
    """
    if not only_less:
        require_sound(problem, outcome.plan, hooks)
    term = session.get_one(Term, term_id, with_for_update=True)
    _found_sessions(session, term_id)
    version = (session.scalar(select(func.max(Plan.version)).where(Plan.term_id == term_id)) or 0) + 1
    base = session.scalars(queries.published_plan_of(term_id)).one_or_none()
    plan = Plan(
        station_id=term.station_id,
        term_id=term_id,
        version=version,
        status=PlanStatus.DRAFT,
        problem=_kept(problem),
        document=outcome.plan.to_json(),
        summary={**summary_of(problem, outcome), "based_on": base.version if base else None},
        shortfalls=[shortfall.to_json() for shortfall in shortfalls],
        created_at=clock.now(),
        created_by=actor.user_id,
    )
    session.add(plan)
    session.flush()
    record(
        session,
        actor,
        clock,
        station_id=term.station_id,
        action="plan.drafted",
        subject_kind="plan",
        subject_id=plan.id,
        detail={"version": version, "held": len(outcome.plan.sessions)},
    )
    return plan


def _kept(problem: Problem) -> dict[str, Any]:
    """Return the problem as it is stored: without whom somebody asks to serve with or not, which stays sealed."""
    told = problem.to_json()
    sealed = {"only_with", "never_with"}
    told["people"] = [{key: value for key, value in person.items() if key not in sealed} for person in told["people"]]
    return told


def _found_sessions(session: Session, term_id: UUID) -> None:
    """Give each activity the sessions that it got since it was entered: from here on they have an identity."""
    for activity in session.scalars(queries.activities_of(term_id)):
        own = {"station_id": activity.station_id, "activity_id": activity.id}
        known = {row.position for row in activity.sessions}
        new = (position for position in range(activity.session_count) if position not in known)
        activity.sessions.extend(ActivitySession(position=position, **own) for position in new)


def summary_of(problem: Problem, outcome: Outcome) -> dict[str, Any]:
    """Return what a run's page shows of it, as JSON: how it ended, what it cost by term, and how near the bound is."""
    return {
        "status": outcome.status.value,
        "seconds": round(outcome.seconds, 1),
        "seed": outcome.seed,
        "workers": outcome.workers,
        "planner": outcome.version,
        "cost": outcome.cost,
        "bound": outcome.bound,
        "amounts": dict(outcome.audit.amounts),
        "costs": dict(outcome.audit.costs),
        "held": len(outcome.plan.sessions),
        "session_count": sum(activity.sessions for activity in problem.activities),
    }
