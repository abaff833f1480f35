"""Whether an id brings luck: the same term again and again, its ids dealt out anew, places counted by quartile of id.

As the ids are dealt at random, they can't go with age, wishes or friends: what differs by more than chance is the
doing of whoever gives the places. The statistic is that of a permutation test of four groups: with x the places of a
child, n the children of a quartile, D the sum over the trials of a quartile's places less a quarter of all, and S² the
variance of x among the children of a trial, Σ D² / (n Σ S²) is distributed as chi-squared with 3 degrees of freedom.
"""

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import variance

from core.allocation.problem import Problem

#: A result that chance alone brings less often than this is none of chance.
LEAST_CHANCE = 0.01

_QUARTERS = 4

Places = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Luck:
    """Places by quartile of the ids over all trials, the statistic, and how often chance alone brings one as great."""

    places: tuple[int, ...]
    statistic: float
    chance: float


def relabelled(problem: Problem, seed: int) -> Problem:
    """Return the problem with its ids dealt out anew, its children in their order, and another seed of the lottery."""
    rng = random.Random(f"ids {seed}")  # noqa: S311 - a made-up term
    ids = [child.id for child in problem.children]
    name = dict(zip(ids, rng.sample(ids, len(ids)), strict=True))
    children = sorted((replace(child, id=name[child.id]) for child in problem.children), key=lambda child: child.id)
    together = (replace(each, children=tuple(name[child] for child in each.children)) for each in problem.together)
    return replace(
        problem,
        seed=f"{rng.getrandbits(64):016x}",
        children=tuple(children),
        together=tuple(together),
        pins=tuple(replace(pin, child=name[pin.child]) for pin in problem.pins),
    )


def luck(problem: Problem, give: Callable[[Problem], Places], seeds: Iterable[int]) -> Luck:
    """Return what the ids brought over trials with these seeds; the number of children is a multiple of four."""
    trials = [_places(each, give(each)) for each in (relabelled(problem, seed) for seed in seeds)]
    size = len(problem.children) // _QUARTERS
    differences = [0.0] * _QUARTERS
    for trial in trials:
        for quarter, found in enumerate(_quarters(trial)):
            differences[quarter] += found - sum(trial) / _QUARTERS
    spread = size * sum(variance(trial) for trial in trials)
    statistic = sum(each**2 for each in differences) / spread if spread else 0.0
    totals = tuple(map(sum, zip(*map(_quarters, trials), strict=True)))
    return Luck(totals, statistic, chance_of(statistic))


def chance_of(statistic: float) -> float:
    """Return how often chi-squared with 3 degrees of freedom is as great (Abramowitz & Stegun 26.4.4)."""
    return math.erfc(math.sqrt(statistic / 2)) + math.sqrt(2 * statistic / math.pi) * math.exp(-statistic / 2)


def _places(problem: Problem, places: Places) -> list[int]:
    """Return how many places each child has, in the order of the ids."""
    return [len(places.get(name, ())) for name in sorted(problem.child_of)]


def _quarters(trial: Sequence[int]) -> list[int]:
    size = len(trial) // _QUARTERS
    return [sum(trial[quarter * size : (quarter + 1) * size]) for quarter in range(_QUARTERS)]
