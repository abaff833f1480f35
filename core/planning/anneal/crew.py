"""Some walkers side by side, each in a thread of its own, and when each of them is how bold."""

import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median

import numpy as np

from core.planning.anneal.compiling import Memory
from core.planning.anneal.encode import encode
from core.planning.anneal.numbering import Numbering
from core.planning.anneal.walker import Walker
from core.planning.moments import day_of
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Rule
from core.planning.units import families

#: How many starts are looked at for a session when a first plan is made.
_LOOKS = 20

#: How much harder it is to place a series whose role may be filled by few different people.
_FEW_FACES = 20


#: More than there are ever walkers, so that no two seeds give two walkers the same.
_SEEDS = 1_000_003

#: Preferences whose prices say nothing of small changes.
_LARGE = frozenset({"unscheduled", "required", "wanted", "moved", "rehoused", "restaffed"})


class Crew:
    """Walkers of one problem, each with a seed of its own, the first always with the same: alone it is reproducible.

    They keep the standard rules and count the standard preferences with the weights that are given; rules of programs
    only narrow what they think of. Sessions of `fixed` that lie ahead keep their starts and rooms there.
    """

    def __init__(
        self,
        problem: Problem,
        weights: Mapping[str, int],
        programs: Iterable[Rule],
        count: int,
        *,
        seed: int,
        fixed: Plan | None = None,
    ) -> None:
        self._problem = problem
        self._random = random.Random(seed)  # noqa: S311 - no secret hangs on it
        self._numbering = Numbering(problem, weights, programs)
        memory, able = encode(self._numbering)
        self._fixed = fixed.sessions if fixed else tuple(problem.frozen.values())
        self.grain = _grain(weights)
        self.walkers = tuple(Walker(self._numbering, memory, able, seed * _SEEDS + number) for number in range(count))
        for walker in self.walkers:
            walker.hold_times([self._numbering.label(row.key) for row in self._fixed])
        self._threads: ThreadPoolExecutor | None = None

    @contextmanager
    def at_work(self) -> Iterator["Crew"]:
        """Keep threads for the walkers meanwhile."""
        if len(self.walkers) == 1:
            yield self
            return
        with ThreadPoolExecutor(len(self.walkers)) as self._threads:
            yield self
        self._threads = None

    @property
    def best(self) -> Walker:
        """Return the walker with the best plan so far."""
        return min(self.walkers, key=lambda walker: (not walker.is_valid, walker.best_cost))

    @property
    def is_complete(self) -> bool:
        """Say whether some walker's plan holds and staffs all there is to, as it was pinned."""
        return any(walker.is_valid and not any(walker.shortage()) for walker in self.walkers)

    def construct(self) -> None:
        """Let each walker make a first plan of its own, around what is fixed and what lies behind us."""
        orders = [self._order() for _ in self.walkers]

        def make(number: int) -> None:
            self._begin(self.walkers[number], orders[number])

        self._each(make)

    def start_again(self) -> None:
        """Let the walker whose best plan is furthest from complete make another first plan, in another order."""
        last = max(self.walkers, key=lambda walker: (not walker.is_valid, walker.best_cost))
        self._begin(last, self._order())

    def _begin(self, walker: Walker, order: Memory) -> None:
        walker.load(Plan(self._problem.name, self._fixed))
        walker.construct(order, _LOOKS)

    def keep(self) -> Plan:
        """Return what the first walker can keep of the published plan as it was, staffed anew where need be."""
        walker = self.walkers[0]
        walker.load(Plan(self._problem.name, tuple(self._problem.frozen.values())))
        return walker.keep()

    def place(self, moves: int, temperature: float) -> None:
        """Let each walker make moves that mend what is short."""
        self._each(lambda number: self.walkers[number].place(moves, temperature))

    def walk(self, moves: int, temperature: float) -> None:
        """Let each walker make moves at a temperature."""
        self._each(lambda number: self.walkers[number].walk(moves, temperature))

    def gather(self, plan: Plan) -> None:
        """Let all walkers go on from one plan."""
        self._each(lambda number: self.walkers[number].load(plan))

    def leave_alone(self, activities: Collection[str], plan: Plan) -> None:
        """Change nothing about these activities any more, and go on from a plan."""
        for walker in self.walkers:
            walker.clear()
            walker.leave_alone(activities)
        self.gather(plan)

    def _each(self, work: Callable[[int], None]) -> None:
        if self._threads is None:
            for number in range(len(self.walkers)):
                work(number)
        else:
            list(self._threads.map(work, range(len(self.walkers))))

    def _order(self) -> Memory:
        """Return all labels: pinned ones first, with people before those without, then what has the least choice."""
        problem, numbering = self._problem, self._numbering
        pins = {pin.key: 0 if pin.staff else 1 for pin in problem.pins}
        days = defaultdict[int, set[int]](set)
        for slot in numbering.slots:
            days[slot.activity].add(day_of(slot.start))
        ease = {}
        for family in families(problem):
            choice = min(
                len(days[numbering.activity[name]]) / max(1, problem.activity_of[name].sessions)
                - _FEW_FACES * any(role.max_people is not None for role in problem.activity_of[name].roles)
                for name in family
            )
            ease.update(dict.fromkeys(family, choice * (1 + self._random.random() / 5)))
        keys = [(activity.id, index) for activity in problem.activities for index in range(activity.sessions)]
        keys.sort(key=lambda key: (pins.get(key, 2), ease[key[0]], key))
        return np.array([numbering.label(key) for key in keys], np.int64)


def _grain(weights: Mapping[str, int]) -> float:
    """Return about how much a small change to a plan costs: the median of the prices of what makes a good plan better.

    What is short or differs from what was published costs far more, and is no measure of small changes.
    """
    prices = sorted(weight for name, weight in weights.items() if weight and name not in _LARGE)
    return float(median(prices)) if prices else 1.0
