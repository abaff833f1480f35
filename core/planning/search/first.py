"""The first valid plan: by first fit in several orders, with the solver's help where pins need it."""

from collections import Counter
from collections.abc import Callable

from core.domain.errors import DomainError, Message
from core.planning.plan import Plan, SessionKey
from core.planning.search.construct import construct, fill_wanted
from core.planning.search.contradictions import contradiction
from core.planning.search.mend import mend
from core.planning.search.modelling import Task
from core.planning.search.units import families, units


class NoPlanInTimeError(DomainError):
    """The pins are so many, or so entangled, that no valid plan was found in the time given."""

    code = "no_plan_in_time"


def first_plan(task: Task, left: Callable[[], float]) -> Plan:
    """Return a valid plan; `left` says how many seconds remain.

    ContradictoryPinsError if pins or the frozen past clash; NoPlanInTimeError if they could not be told apart in time.
    """
    core = Plan(task.problem.name)
    plan = _by_first_fit(task, core, left)
    if task.audit(plan).breaches:
        core = _fixed_core(task, plan, left)
        plan = _by_first_fit(task, core, left)
    plan = mend(task, _without_breaches(task, plan, core), left)
    full = fill_wanted(task.problem, task.choices, plan)
    return plan if task.audit(full).breaches else full


def _by_first_fit(task: Task, core: Plan, left: Callable[[], float]) -> Plan:
    """Return the best of several plans by first fit, each placing first what the one before could not place."""
    best, order = construct(task, task.seed, core), tuple[SessionKey, ...]()
    budget = left() / 20
    for attempt in range(1, 4):
        missing = _missing(task, best)
        if not missing or left() < 19 * budget:
            break
        order = tuple(dict.fromkeys((*missing, *order)))
        other = construct(task, task.seed + attempt, core, order)
        best = min(best, other, key=lambda plan: (len(task.audit(plan).breaches), task.audit(plan).cost))
    return best


def _missing(task: Task, plan: Plan) -> list[SessionKey]:
    held = {row.key for row in plan.sessions}
    return [(key[0], 0) for unit in units(task.problem) for key in unit if key not in held]


def _fixed_core(task: Task, plan: Plan, left: Callable[[], float]) -> Plan:
    """Return the sessions of the families that hold pins or the past, placed by the solver with all rules."""
    fixed = {pin.activity for pin in task.problem.pins} | {activity for activity, _ in task.problem.frozen}
    broken = {activity for breach in task.audit(plan).breaches for activity, _ in breach.sessions}
    for touched in (fixed & broken, fixed) if fixed else ():
        wanted = {name for family in families(task.problem) if touched & set(family) for name in family}
        kept = fixed - wanted - broken
        around = Plan(plan.problem, tuple(row for row in plan.sessions if row.activity in kept))
        model = task.model(task.free(sorted(wanted)), around)
        answer = model.solve(seconds=left() / 2, seed=task.seed, workers=task.workers, hint=plan)
        if answer.plan is not None:
            return answer.plan
    problem = contradiction(task, left)
    if problem is not None:
        raise problem
    if not fixed:
        return Plan(plan.problem)
    raise NoPlanInTimeError(Message("No plan that keeps all pins was found in time. Give the planner longer."))


def _without_breaches(task: Task, plan: Plan, core: Plan) -> Plan:
    """Return the plan without sessions that break a rule, one taken out at a time, those first that break most.

    In the end only the core is left, which breaks none.
    """
    stays = {row.key for row in core.sessions} | task.problem.frozen.keys() | {pin.key for pin in task.problem.pins}
    while breaches := task.audit(plan).breaches:
        guilt = Counter(key for breach in breaches for key in breach.sessions if key not in stays)
        held = sorted(key for key in guilt if key in {row.key for row in plan.sessions})
        if not held:
            return core
        worst = max(held, key=lambda key: (guilt[key], key[1]))
        plan = Plan(plan.problem, tuple(row for row in plan.sessions if row.key != worst))
    return plan
