"""The aims as weights over the columns of a program: what is to be made great, and what it counts as."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.allocation.lottery import draw, ticket
from core.allocation.problem import Aim, Child
from core.allocation.solving.compiling import Compiled
from core.allocation.solving.program import Numbers

#: What all the wishes that a child could get count for; the format's document defines it.
_FULL = 1000
#: Digits of a lot after those of the ticket.
_FURTHER = slice(4, 9)


@dataclass(frozen=True, eq=False)
class Stage:
    """An aim, or one rank of it: `weights` are to be made great.

    The aim's value is `constant` plus or, if `less` is better, minus their sum. `reported` is False for what only
    decides between allocations that are equal in every aim.
    """

    aim: Aim
    weights: Numbers
    rank: int | None = None
    constant: int = 0
    less: bool = False
    reported: bool = True

    def amount(self, values: Numbers) -> int:
        """Return the sum that is made great."""
        return int(self.weights @ values)

    def value(self, amount: int) -> int:
        """Return the aim's value for such a sum."""
        return self.constant - amount if self.less else self.constant + amount


def stages(compiled: Compiled) -> tuple[Stage, ...]:
    """Return what is aimed at, the first first: the settings' aims, the lottery, and the lots' further digits."""
    aims = (*compiled.problem.settings.aims, Aim.LOTTERY)
    return tuple(stage for aim in aims for stage in _MAKERS[aim](compiled))


def _most_children(compiled: Compiled) -> Iterator[Stage]:
    weights = _nothing(compiled)
    for reached in compiled.reached:
        np.add.at(weights, list(reached[-1]), 1)
    yield Stage(Aim.MOST_CHILDREN, weights)


def _earlier_losers(compiled: Compiled) -> Iterator[Stage]:
    weights = _nothing(compiled)
    for child, reached in zip(compiled.problem.children, compiled.reached, strict=True):
        if child.empty_terms:
            np.add.at(weights, list(reached[-1]), child.empty_terms)
    yield Stage(Aim.EARLIER_LOSERS, weights)


def _fair(compiled: Compiled) -> Iterator[Stage]:
    children = compiled.problem.children
    asking = compiled.reading.asking()
    for rank in range(max((len(child.wishes) for child in children), default=0), 0, -1):
        columns = [
            column
            for child, reached in zip(children, compiled.reached, strict=True)
            for column in reached[min(rank, len(child.wishes))]
        ]
        weights = np.bincount(columns, minlength=compiled.program.columns).astype(np.int64)
        yield Stage(Aim.FAIR, weights, rank=rank, constant=asking, less=True)


def _wishes(compiled: Compiled) -> Iterator[Stage]:
    weights = _nothing(compiled)
    for at, child in enumerate(compiled.problem.children):
        worth = dict(zip(child.wishes, _points(child), strict=True))
        for activity in compiled.reading.joinable[at]:
            weights[compiled.place[at, activity]] += worth.get(compiled.problem.activities[activity].id, 0)
    yield Stage(Aim.WISHES, weights)


def _points(child: Child) -> list[int]:
    count = len(child.wishes)
    room = min(child.most, count)
    full = room * count - room * (room - 1) // 2
    return [_FULL * (count - at) // full if full else 0 for at in range(count)]


def _together(compiled: Compiled) -> Iterator[Stage]:
    weights = _nothing(compiled)
    weights[list(compiled.split)] = -1
    yield Stage(Aim.TOGETHER, weights, less=True)


def _lottery(compiled: Compiled) -> Iterator[Stage]:
    """Yield the sum of tickets, then of the lots' further digits, which decide where even those are equal."""
    problem = compiled.problem
    tickets, further = _nothing(compiled), _nothing(compiled)
    for at, child in enumerate(problem.children):
        wished = set(child.wishes)
        for activity in compiled.reading.joinable[at]:
            name = problem.activities[activity].id
            if name in wished:
                column = compiled.place[at, activity]
                tickets[column] += ticket(problem.seed, child.id, name)
                further[column] += int(draw(problem.seed, child.id, name)[_FURTHER], 16)
    yield Stage(Aim.LOTTERY, tickets)
    yield Stage(Aim.LOTTERY, further, reported=False)


def _nothing(compiled: Compiled) -> Numbers:
    return np.zeros(compiled.program.columns, dtype=np.int64)


_MAKERS = {
    Aim.MOST_CHILDREN: _most_children,
    Aim.FAIR: _fair,
    Aim.WISHES: _wishes,
    Aim.EARLIER_LOSERS: _earlier_losers,
    Aim.TOGETHER: _together,
    Aim.LOTTERY: _lottery,
}
