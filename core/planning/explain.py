"""Reasons for what a plan could not fill, and small changes that would cure it, verified by solving again."""

from collections.abc import Iterable
from time import monotonic

from core.planning.outcome import Shortfall
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.reasons.cures import Findings, cures
from core.planning.reasons.obstacles import why_empty, why_not_held
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from core.planning.search.ledger import Ledger
from core.planning.search.modelling import Task


def explain(
    problem: Problem,
    plan: Plan,
    *,
    seconds: float = 60.0,
    seed: int = 0,
    workers: int = 8,
    rules: Iterable[Rule] = DEFAULT_RULES,
    preferences: Iterable[Preference] = DEFAULT_PREFERENCES,
) -> tuple[Shortfall, ...]:
    """Return a shortfall for each session that is not held and each role with empty required places, but for the past.

    The plan must keep the rules. Reasons count what stands in the way with everything else as planned. Cures were found
    by deciding again on the activity, and those tied to it, with the rest of the plan held fixed. The time is shared by
    what is short; what it doesn't suffice for has a reason, and `verified` is false.
    """
    task = Task(problem, tuple(rules), tuple(preferences), seed, workers)
    ledger = Ledger(problem, task.choices)
    for row in plan.sessions:
        ledger.put(row)
    found = [*_not_held(ledger), *_empty_places(ledger)]
    return _with_cures(task, plan, found, monotonic() + seconds)


def _not_held(ledger: Ledger) -> Iterable[Shortfall]:
    for activity in ledger.problem.activities:
        for index in range(activity.sessions):
            if (activity.id, index) not in ledger.rows:
                yield Shortfall(activity.id, index, None, why_not_held(ledger, (activity.id, index)))


def _empty_places(ledger: Ledger) -> Iterable[Shortfall]:
    for key, row in sorted(ledger.rows.items()):
        for role in ledger.problem.activity_of[row.activity].roles:
            if len(row.staff.get(role.role, ())) < role.required and key not in ledger.problem.frozen:
                yield Shortfall(row.activity, row.index, role.role, why_empty(ledger, row, role))


def _with_cures(task: Task, plan: Plan, found: list[Shortfall], deadline: float) -> tuple[Shortfall, ...]:
    """Return the shortfalls with their cures, which all shortfalls of an activity, or of a role of it, share."""
    known: dict[tuple[str, str | None], Findings] = {}
    kinds = list(dict.fromkeys((short.activity, short.role) for short in found))
    for at, (name, role) in enumerate(kinds):
        activity = task.problem.activity_of[name]
        share = (deadline - monotonic()) / (len(kinds) - at)
        wanted = activity.role_of[role] if role is not None else None
        known[name, role] = cures(task, plan, activity, wanted, share) if share > 0 else Findings((), verified=False)
    return tuple(
        Shortfall(
            short.activity,
            short.index,
            short.role,
            short.reason,
            known[short.activity, short.role].cures,
            known[short.activity, short.role].verified,
        )
        for short in found
    )
