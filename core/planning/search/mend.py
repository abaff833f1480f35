"""Mending a plan: take out what stands in the way of what is short, place that first, and refill."""

import random
from collections.abc import Callable, Iterator

from core.planning.plan import Plan, SessionKey
from core.planning.search.construct import construct
from core.planning.search.modelling import Task
from core.planning.search.neighbourhoods import rivals, short_activities
from core.planning.units import families

#: The share of the time that is given to mending by first fit, before the solver takes over.
_SHARE = 0.15


def mend(task: Task, plan: Plan, left: Callable[[], float]) -> Plan:
    """Return the plan with less short, or the same; valid if the plan was."""
    rng = random.Random(task.seed)  # noqa: S311 - no secret hangs on it
    until, cost = left() * (1 - _SHARE), task.audit(plan).cost
    parts = _parts(task, rng)
    while left() > until and (short := short_activities(task.problem, plan)):
        order, out = parts(plan, short)
        # What was published there stays or is given up for good: a course whose day was closed has to shift as a whole.
        loose = out if rng.random() < 1 / 2 else ()
        other = construct(task, rng.randrange(2**31), plan.without(out), order, loose)
        audit = task.audit(other)
        if not audit.breaches and audit.cost <= cost:
            plan, cost = other, audit.cost
    return plan


def _parts(task: Task, rng: random.Random) -> Callable[[Plan, list[str]], tuple[list[SessionKey], set[str]]]:
    """Return a function that picks what to place first and what to take out, given what is short."""
    family_of = {name: family for family in families(task.problem) for name in family}
    fixed = {pin.activity for pin in task.problem.pins}

    def members(names: list[str]) -> Iterator[str]:
        for name in names:
            yield from family_of[name]

    def blockers(first: str, plan: Plan) -> list[str]:
        """Return the activities that take people away whom this one could use."""
        roles = task.problem.activity_of[first].roles
        able = {
            person
            for start in task.choices.starts(first)
            for role in roles
            if role.skill is not None or role.max_people is not None
            for person in task.choices.people(first, start, role.role)
        }
        return sorted({row.activity for row in plan.sessions if not able.isdisjoint(row.people())} - {first})

    def pick(plan: Plan, short: list[str]) -> tuple[list[SessionKey], set[str]]:
        first = rng.choice(short)
        pool = blockers(first, plan) if rng.random() < 1 / 2 else rivals(task.problem, first)
        out = set(members([first, *rng.sample(pool, min(len(pool), rng.randint(1, 4)))]))
        if rng.random() < 1 / 2:
            out -= fixed
        return [(name, 0) for name in members([first])], out

    return pick
