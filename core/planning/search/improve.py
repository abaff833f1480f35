"""Better plans: free a part of the plan, solve it exactly or nearly so, keep what is better, again and again."""

import random
from dataclasses import dataclass

from core.planning.plan import Plan
from core.planning.search.modelling import Task
from core.planning.search.neighbourhoods import Neighbourhood, Neighbourhoods

#: Up to about so many decisions, the whole problem is given to the solver at once, which may prove an optimum.
_SMALL = 6_000


@dataclass(frozen=True)
class Step:
    """What freeing one part gave: a plan, perhaps the same; `proved` if no plan of the whole problem is better."""

    plan: Plan
    proved: bool


class Improver:
    """Improves plans of a task step by step; each step takes a few seconds at most."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._neighbourhoods = Neighbourhoods(task, random.Random(task.seed))  # noqa: S311 - no secret hangs on it
        self._whole = _is_small(task)

    @property
    def is_small(self) -> bool:
        """Say whether the whole problem can be given to the solver at once, which the next step will do."""
        return self._whole

    def step(self, plan: Plan, seconds: float) -> Step:
        """Return the plan improved where it could be; `seconds` is the time that is left for everything."""
        if self._whole:
            self._whole = False
            return self._solve(self._neighbourhoods.everything(), plan, seconds)
        part = self._neighbourhoods.next(plan)
        return self._solve(part, plan, min(seconds, 2.0))

    def _solve(self, part: Neighbourhood, plan: Plan, seconds: float) -> Step:
        model = self._task.model(part.choices, plan)
        answer = model.solve(seconds=seconds, seed=self._task.seed, workers=self._task.workers, hint=plan)
        self._neighbourhoods.learn(part, optimal=answer.optimal)
        return Step(answer.plan or plan, answer.optimal and part.kind == "everything")


def _is_small(task: Task) -> bool:
    """Say whether a model of the whole problem has few decisions; of a large problem that is seen without counting."""
    if sum(len(activity.starts) for activity in task.problem.activities) > _SMALL:
        return False
    decisions = sum(
        1
        + len(task.choices.rooms(slot.activity, slot.start))
        + sum(len(task.choices.people(slot.activity, slot.start, role.role)) for role in activity.roles)
        for activity in task.problem.activities
        for slot in task.choices.slots(activity.id)
    )
    return decisions <= _SMALL
