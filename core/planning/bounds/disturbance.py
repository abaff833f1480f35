"""How little of a published plan can change, and a plan that changes so little."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import monotonic

from core.planning.bounds.asked import Asked
from core.planning.bounds.options import Scope
from core.planning.bounds.patience import Patience
from core.planning.bounds.published import Published, Reply
from core.planning.check import audit
from core.planning.plan import Plan, PlannedSession
from core.planning.problem import Problem

#: Each question gets this share of the time that is left.
_SHARE = 0.4


@dataclass(frozen=True)
class LeastDisturbed:
    """A bound on what changes cost in plans as little short as can be, and a plan that is so and changes little.

    `shortage` is what is short in the plan, `changed` what its changes cost.
    """

    bound: int
    plan: Plan
    shortage: int
    changed: int


def disturbance_bound(task: Asked, seconds: float, cancelled: Callable[[], bool] | None = None) -> int:
    """Return a bound on what moved, rehoused and restaffed cost together in plans as little short as can be.

    Short is what sessions not held and required places left empty cost. Found in about so many seconds; 0 if they don't
    suffice, or without an incumbent.
    """
    found = least_disturbed(task, seconds, cancelled)
    return found.bound if found else 0


def least_disturbed(task: Asked, seconds: float, cancelled: Callable[[], bool] | None = None) -> LeastDisturbed | None:
    """Return that bound with a plan close to it; None if there was no time, or a program's rule forbids the plan.

    The plan is as little short as was found, and as little changed; what else makes a plan good is left to the search.
    Sessions that the bound's relaxation would rather have out of the way are given a place for good and it is asked
    again, until there are none. So the bound is that of plans as short as this one or less, among which are all that
    are as little short as can be.
    """
    patience = Patience(monotonic() + seconds, cancelled or (lambda: False), task.workers, task.seed)
    replies = list(_asked(task, patience))
    if not replies:
        return None
    shortage, changed = replies[-1]
    if changed.away or changed.thinned or not audit(task.problem, changed.plan, task.rules, ()).valid:
        return None
    return LeastDisturbed(changed.bound, changed.plan, shortage, changed.amount)


def _asked(task: Asked, patience: Patience) -> Iterator[tuple[int, Reply]]:
    """Yield how much is short and how little must change then, in a scope that grows until the answer is a plan."""
    scope, shortage, bound = _first_scope(task), 0, 0
    nearest = task.problem.incumbent or Plan(task.problem.name)
    while patience.left() > 0:
        published = Published(task, scope)
        published.suggest(nearest)
        reply = published.least_changed(shortage, patience.share(_SHARE))
        if reply is None and published.impossible:
            short = Published(task, scope).least_short(patience.share(_SHARE))
            if short is None:
                return
            shortage, bound = short.amount, 0
            continue
        if reply is None:
            return
        # What a smaller scope could not avoid, a larger one can't either.
        bound = max(bound, reply.bound)
        yield shortage, replace(reply, bound=bound)
        if not reply.away and not reply.thinned:
            return
        scope = Scope(scope.placed | reply.away, scope.staffed | reply.thinned)
        nearest = reply.plan


def _first_scope(task: Asked) -> Scope:
    """Return the scope that places what is new and staffs what can't stay as it was published."""
    problem, published = task.problem, task.problem.incumbent_of
    everything = {(activity.id, index) for activity in problem.activities for index in range(activity.sessions)}
    broken = audit(problem, problem.incumbent or Plan(problem.name), task.rules, ()).breaches
    touched = {key for breach in broken for key in breach.sessions}
    short = {key for key, row in published.items() if key[0] in problem.activity_of and _is_short(problem, row)}
    past = problem.frozen.keys()
    return Scope(frozenset(everything - published.keys()), frozenset((touched | short) - past))


def _is_short(problem: Problem, row: PlannedSession) -> bool:
    roles = problem.activity_of[row.activity].roles
    return any(len(row.staff.get(role.role, ())) < role.required for role in roles)
