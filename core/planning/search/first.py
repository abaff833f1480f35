"""The first valid plan: by first fit in several orders, with the solver's help where pins need it."""

from collections import Counter
from collections.abc import Callable

from core.domain.errors import DomainError, Message
from core.planning.plan import Plan, SessionKey
from core.planning.search.construct import construct, fill_wanted
from core.planning.search.contradictions import contradiction
from core.planning.search.mend import mend
from core.planning.search.modelling import Task
from core.planning.units import families, units


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
    if not fixed:
        return Plan(plan.problem)
    core = _mended_core(task, plan, fixed, left) or _solved(task, Plan(plan.problem), fixed, left() / 3)
    if core is not None:
        return core
    clash = contradiction(task, left)
    if clash is not None:
        raise clash
    raise NoPlanInTimeError(Message("No plan that keeps all pins was found in time. Give the planner longer."))


def _mended_core(task: Task, plan: Plan, fixed: set[str], left: Callable[[], float]) -> Plan | None:
    """Return the fixed families one after another, as first fit has placed them if that keeps the rules, else solved.

    Those that broke a rule come first; one that finds no place beside the others starts the next attempt.
    """
    broken = {activity for breach in task.audit(plan).breaches for activity, _ in breach.sessions}
    mine = [family for family in families(task.problem) if not fixed.isdisjoint(family)]
    mine.sort(key=broken.isdisjoint)
    until = left() / 2
    while left() > until:
        core, failed = _line_up(task, plan, mine, left)
        if failed is None:
            return core
        if failed == mine[0]:
            return None
        mine.remove(failed)
        mine.insert(0, failed)
    return None


def _line_up(
    task: Task, plan: Plan, line: list[tuple[str, ...]], left: Callable[[], float]
) -> tuple[Plan, tuple[str, ...] | None]:
    """Return the families of the line placed one after another, and the first one that found no place, if any."""
    core, placed = Plan(plan.problem), set[str]()
    for family in line:
        placed |= set(family)
        kept = Plan(plan.problem, (*core.sessions, *(row for row in plan.sessions if row.activity in family)))
        about = ({activity for activity, _ in breach.sessions} for breach in task.audit(kept).breaches)
        solved = None if any(activities <= placed for activities in about) else kept
        if solved is None:
            solved = _solved(task, core, set(family), min(5.0, left() / 4))
        if solved is None:
            return core, family
        core = solved
    return core, None


def _solved(task: Task, around: Plan, activities: set[str], seconds: float) -> Plan | None:
    """Return the plan with the families of these activities added by the solver, or None.

    Nothing is asked of them but to keep the rules: what they lack, first fit adds.
    """
    wanted = sorted(name for family in families(task.problem) if activities & set(family) for name in family)
    model = task.model(task.free(wanted), around, penalties=False)
    return model.solve(seconds=seconds, seed=task.seed, workers=task.workers, minimize=False).plan


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
