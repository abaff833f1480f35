"""Planning a term from what is stored to a stored draft; nothing is locked while the planner searches."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Plan, Term
from core.domain.actor import Actor
from core.domain.clock import Clock, wall_clock
from core.domain.errors import Message, NotFoundError
from core.hooks.calling import Hooks
from core.planning.explain import explain
from core.planning.outcome import Outcome, Status
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from core.services.planning.drafts import store_draft
from core.services.planning.problem import term_problem

#: Explaining what is short takes no longer than planning did, nor than so many seconds.
EXPLAIN_SECONDS: Final = 20.0
#: Whoever stopped the planner doesn't want to wait for long.
STOPPED_EXPLAIN_SECONDS: Final = 3.0

Opened = Callable[[], AbstractContextManager[Session]]
Search = Callable[[Problem, Sequence[Rule], Sequence[Preference]], Outcome]
Keep = Callable[[Session, Plan], None]


@dataclass(frozen=True)
class Desk:
    """For whom a term is planned, how they reach what is stored, and with which programs."""

    reading: Opened
    writing: Opened
    actor: Actor
    clock: Clock
    hooks: Hooks
    timezone: str


def draft_term(desk: Desk, term_id: UUID, search: Search, *, seconds: float, keep: Keep | None = None) -> Plan:
    """Plan a term with `search`, explain for as long at most what is short, store the draft and return it.

    `keep` is called in the transaction that stores the draft. Raises what the search raises, and UnsoundPlanError.
    """
    problem = _problem(desk, term_id)
    rules = (*DEFAULT_RULES, *desk.hooks.planning_rules())
    preferences = (*DEFAULT_PREFERENCES, *desk.hooks.planning_preferences())
    outcome = search(problem, rules, preferences)
    limit = min(seconds, STOPPED_EXPLAIN_SECONDS if outcome.status is Status.CANCELLED else EXPLAIN_SECONDS)
    shortfalls = explain(problem, outcome.plan, seconds=limit, rules=rules, preferences=preferences)
    with desk.writing() as session:
        plan = store_draft(
            session,
            desk.actor,
            desk.clock,
            desk.hooks,
            term_id=term_id,
            problem=problem,
            outcome=outcome,
            shortfalls=shortfalls,
        )
        if keep is not None:
            keep(session, plan)
    return plan


def _problem(desk: Desk, term_id: UUID) -> Problem:
    with desk.reading() as session:
        term = session.get(Term, term_id)
        if term is None:
            raise NotFoundError(Message("There is no such term."))
        now = wall_clock(desk.clock, desk.timezone)
        return term_problem(session, desk.hooks, term, timezone=desk.timezone, now=now)
