"""The bound on a plan's whole cost: prices set people against sessions, and timetables count what sessions cost."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import ceil, inf
from time import monotonic

import numpy as np

from core.planning.bounds.asked import Asked
from core.planning.bounds.offers import market
from core.planning.bounds.parts import LIMITS, Part, merged, united
from core.planning.bounds.patience import Patience
from core.planning.bounds.people import Burden
from core.planning.bounds.prices import GRAIN, Ascent, Priced, ascend, ask, imbalance
from core.planning.bounds.sessions import Sessions, sessions_of, weights
from core.planning.bounds.timetable import Timetable
from core.planning.problem import Problem

#: The prices get this share of the time; at the size of a station they don't need it.
_PRICES_SHARE = 0.4
#: Each pass with larger parts gets this share of what the passes before have left.
_PASS_SHARE = 0.5
#: Tuning gets this share of what is left then, and each of its rounds this share of that.
_TUNE_SHARE, _ROUND_SHARE = 0.8, 0.1
#: It aims so far above the bound, a share of it, is content with timetables so close to the best, and lowers its aim
#: after so many rounds without much gain.
_TUNE_AIM, _ROUND_GAP, _TUNE_PATIENCE = 0.07, 0.5, 4


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
        self._burden = Burden(self._weight["trips"], self._weight["load"])
        self._best = floor(task)
        self._held: dict[tuple[str, int], int] = {}

    def run(self) -> int:
        likes, faces = self._weight["likes"], self._weight["staff"]
        offers = market(self._task, likes, faces, lambda: self._patience.left() > 0)
        if offers is None:
            return self._best
        sessions = sessions_of(self._task, offers)
        patience = self._patience.share(_PRICES_SHARE)
        priced = ascend(sessions, self._burden, lambda bound: self._raise(bound) and patience.left() > 0)
        self._raise(priced.bound)
        problem = self._task.problem
        parts = _parts(problem, priced, [Part((activity.id,)) for activity in problem.activities])
        for limit in LIMITS:
            parts = merged(problem, parts, limit)
            parts = self._solved(priced, parts, self._patience.share(_PASS_SHARE))
        if sessions.market.crews:
            self._tune(sessions, priced, parts)
        if parts:
            self._solved(priced, (united(parts),), self._patience)
        return self._best

    def _raise(self, bound: float) -> bool:
        # Costs are whole numbers, so the next whole one is a bound too.
        if ceil(bound) > self._best:
            self._best = ceil(bound)
            self._tell(self._best)
        return True

    def _tune(self, sessions: Sessions, priced: Priced, parts: tuple[Part, ...]) -> None:
        """Move the prices on by what timetables would hold, which know more of sessions than the first ascent did."""
        patience = self._patience.share(_TUNE_SHARE)
        ascent = Ascent(sessions.market, priced.prices, _TUNE_AIM * abs(self._best), _TUNE_PATIENCE)
        while not ascent.done and patience.left() > 0:
            found, served = ask(sessions, self._burden, ascent.prices)
            fresh = _parts(self._task.problem, found, parts)
            solved = self._solved(found, fresh, patience.share(_ROUND_SHARE), gap=_ROUND_GAP * abs(self._best))
            bound = found.base + sum(part.bound for part in solved)
            held = np.array([self._held.get(slot, 0) for slot in sessions.slots(self._task.problem)], dtype=np.float64)
            ascent.step(bound, imbalance(sessions, found, served, held))

    def _solved(
        self, priced: Priced, parts: tuple[Part, ...], patience: Patience, gap: float = 0.0
    ) -> tuple[Part, ...]:
        """Return the parts with what their timetables add; those that have been tried before stay as they are."""
        known = {part: part.bound for part in parts}
        costs = priced.slot_costs(self._task.problem)
        waiting = sorted((part for part in parts if not part.tried), key=lambda part: part.size)
        while waiting and patience.left() > 0:
            part = waiting.pop(0)
            share = patience.share(part.size / max(1, sum(other.size for other in (part, *waiting))))
            others = priced.base + sum(known.values()) - known[part]

            def better(added: int, others: float = others) -> None:
                self._raise(others + added / GRAIN)

            timetable = Timetable(self._task, self._weight, part.activities, costs, GRAIN)
            timetable.suggest(self._held)
            answer = timetable.solve(share, better, gap * GRAIN)
            self._held |= answer.held
            known[part] = max(part.bound, -inf if answer.bound is None else answer.bound / GRAIN)
            self._raise(priced.base + sum(known.values()))
        return tuple(replace(part, bound=known[part], tried=part not in waiting) for part in parts)


def _parts(problem: Problem, priced: Priced, like: Iterable[Part]) -> tuple[Part, ...]:
    """Return parts of the same activities, with what these add at the prices by themselves."""
    activity = priced.sessions.market.openings.activity
    size = dict(zip(problem.activity_of, np.bincount(activity, minlength=len(problem.activities)), strict=True))
    added = dict(zip(problem.activity_of, priced.added.tolist(), strict=True))
    return tuple(
        Part(
            part.activities,
            sum(int(size[name]) for name in part.activities),
            sum(added[name] for name in part.activities),
        )
        for part in like
    )
