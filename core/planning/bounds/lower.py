"""The bound on a plan's whole cost: prices set people against sessions, and timetables count what sessions cost."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil, inf
from time import monotonic

import numpy as np

from core.planning.bounds.asked import Asked
from core.planning.bounds.offers import Openings, market
from core.planning.bounds.parts import LIMITS, Part, merged, united
from core.planning.bounds.patience import Patience
from core.planning.bounds.people import Burden
from core.planning.bounds.prices import GRAIN, Priced, ascend
from core.planning.bounds.sessions import sessions_of, weights
from core.planning.bounds.timetable import Timetable
from core.planning.problem import Problem

#: The prices get this share of the time; at the size of a station they don't need it.
_PRICES_SHARE = 0.4
#: Each pass with larger parts gets this share of what the passes before have left.
_PASS_SHARE = 0.5


def floor(task: Asked) -> int:
    """Return at once a cost that no plan goes below: everybody does what they like most, as often as they offer."""
    weight = weights(task)["likes"]
    return -weight * sum(max(0, *person.likes.values(), 0) * person.max_sessions for person in task.problem.people)


def lower_bound(
    task: Asked,
    seconds: float,
    on_bound: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Return a cost that every plan of the task reaches or exceeds, the best that is found in about so many seconds.

    `on_bound` is called with each better bound, perhaps from another thread; `cancelled` is asked several times a
    second whether to stop.
    """
    patience = Patience(monotonic() + seconds, cancelled or (lambda: False), task.workers, task.seed)
    return _Search(task, patience, on_bound or (lambda _: None)).run()


class _Search:
    """One search for a bound: `_best` is valid at any moment, and told when it rises."""

    def __init__(self, task: Asked, patience: Patience, tell: Callable[[int], None]) -> None:
        self._task = task
        self._patience = patience
        self._tell = tell
        self._weight = weights(task)
        self._best = floor(task)

    def run(self) -> int:
        sessions = sessions_of(self._task, market(self._task, self._weight["likes"]))
        prices = self._patience.share(_PRICES_SHARE)
        burden = Burden(self._weight["trips"], self._weight["load"])
        priced = ascend(sessions, burden, lambda bound: self._raise(bound) and prices.left() > 0)
        self._raise(priced.bound)
        self._timetables(sessions.market.openings, priced)
        return self._best

    def _raise(self, bound: float) -> bool:
        # Costs are whole numbers, so the next whole one is a bound too.
        if ceil(bound) > self._best:
            self._best = ceil(bound)
            self._tell(self._best)
        return True

    def _timetables(self, openings: Openings, priced: Priced) -> None:
        """Raise what activities add to the cost by their timetables: of small parts first, of everything last."""
        problem = self._task.problem
        parts = _single(problem, openings, priced)
        costs = _slot_costs(problem, openings, priced)
        for limit in LIMITS:
            parts = merged(problem, parts, limit)
            parts = self._solved(parts, costs, priced.base, self._patience.share(_PASS_SHARE))
        if parts:
            self._solved((united(parts),), costs, priced.base, self._patience)

    def _solved(
        self, parts: tuple[Part, ...], costs: Mapping[tuple[str, int], int], base: float, patience: Patience
    ) -> tuple[Part, ...]:
        """Return the parts with what their timetables add; those that have been tried before stay as they are."""
        known = {part: part.bound for part in parts}
        waiting = sorted((part for part in parts if not part.tried), key=lambda part: part.size)
        while waiting and patience.left() > 0:
            part = waiting.pop(0)
            share = patience.share(part.size / max(1, sum(other.size for other in (part, *waiting))))
            others = base + sum(known.values()) - known[part]

            def better(added: int, others: float = others) -> None:
                self._raise(others + added / GRAIN)

            timetable = Timetable(self._task, self._weight, part.activities, costs, GRAIN)
            added = timetable.solve(share, better)
            known[part] = max(part.bound, -inf if added is None else added / GRAIN)
            self._raise(base + sum(known.values()))
        return tuple(replace(part, bound=known[part], tried=part not in waiting) for part in parts)


def _single(problem: Problem, openings: Openings, priced: Priced) -> tuple[Part, ...]:
    """Return each activity as a part of its own."""
    starts = np.bincount(openings.activity, minlength=len(problem.activities))
    return tuple(
        Part((activity.id,), int(starts[at]), float(priced.added[at])) for at, activity in enumerate(problem.activities)
    )


def _slot_costs(problem: Problem, openings: Openings, priced: Priced) -> dict[tuple[str, int], int]:
    """Return what a session adds to the cost by activity and start, without slots that can't be staffed."""
    slots = zip(openings.activity.tolist(), openings.start.tolist(), priced.staffed.cost.tolist(), strict=True)
    return {
        (problem.activities[activity].id, start): round(cost * GRAIN) for activity, start, cost in slots if cost < inf
    }
