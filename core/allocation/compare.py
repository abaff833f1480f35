"""Two allocations side by side: what each is worth, who has other places, and what is held in one alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.allocation.checking.worth import asking, best_rank, satisfaction, worth
from core.allocation.problem import Aim, Problem
from core.allocation.result import MORE_IS_BETTER, Allocation


class Change(StrEnum):
    """How a child's places differ between the two."""

    GAINED = "gained"
    LOST = "lost"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Figures:
    """What an allocation gives: `ranks` counts children by the rank of their dearest wish that came true."""

    with_a_place: int
    with_nothing: int
    places: int
    opened: int
    satisfaction: float
    ranks: Mapping[int, int]

    @classmethod
    def of(cls, problem: Problem, allocation: Allocation) -> "Figures":
        """Return the figures of an allocation of the problem."""
        children = asking(problem)
        has = sum(1 for child in children if allocation.places.get(child.id))
        ranks = Counter(best_rank(child, allocation.places) for child in children)
        return cls(
            with_a_place=has,
            with_nothing=len(children) - has,
            places=sum(map(len, allocation.places.values())),
            opened=len(allocation.opened),
            satisfaction=satisfaction(problem, allocation.places),
            ranks=dict(sorted((rank, count) for rank, count in ranks.items() if rank is not None)),
        )


@dataclass(frozen=True, slots=True)
class AimComparison:
    """An aim in both; `better` is 1 or 2 for the one that is better in it, 0 where they are equal."""

    aim: Aim
    rank: int | None
    first: int
    second: int

    @property
    def better(self) -> int:
        """Return which of the two is better in the aim."""
        if self.first == self.second:
            return 0
        return 1 if (self.first > self.second) is (self.aim in MORE_IS_BETTER) else 2


@dataclass(frozen=True)
class Comparison:
    """Both allocations' figures and aims; `children` who have other places, by how; what is held in one alone."""

    first: Figures
    second: Figures
    aims: tuple[AimComparison, ...]
    children: Mapping[str, Change]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]

    @property
    def decided_by(self) -> AimComparison | None:
        """Return the first aim in which they differ: the one that is better in it is the better allocation."""
        return next((each for each in self.aims if each.better), None)

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as JSON."""
        return {
            "first": _figures_json(self.first),
            "second": _figures_json(self.second),
            "aims": [
                {"aim": each.aim.value, "rank": each.rank, "first": each.first, "second": each.second}
                for each in self.aims
            ],
            "children": {child: change.value for child, change in self.children.items()},
            "only_first": list(self.only_first),
            "only_second": list(self.only_second),
        }


def compare(problem: Problem, first: Allocation, second: Allocation) -> Comparison:
    """Return how the second allocation differs from the first; both are of the problem and name nothing else."""
    return Comparison(
        first=Figures.of(problem, first),
        second=Figures.of(problem, second),
        aims=tuple(
            AimComparison(one.aim, one.rank, one.value, two.value)
            for one, two in zip(worth(problem, first.places), worth(problem, second.places), strict=True)
        ),
        children={
            child.id: change
            for child in problem.children
            if (change := _change(first.places.get(child.id, ()), second.places.get(child.id, ())))
        },
        only_first=tuple(sorted(first.opened - second.opened)),
        only_second=tuple(sorted(second.opened - first.opened)),
    )


def _change(first: tuple[str, ...], second: tuple[str, ...]) -> Change | None:
    if set(first) == set(second):
        return None
    if not first or not second:
        return Change.GAINED if second else Change.LOST
    return Change.OTHER


def _figures_json(figures: Figures) -> dict[str, Any]:
    return {
        "with_a_place": figures.with_a_place,
        "with_nothing": figures.with_nothing,
        "places": figures.places,
        "opened": figures.opened,
        "satisfaction": round(figures.satisfaction, 6),
        "ranks": {str(rank): count for rank, count in figures.ranks.items()},
    }
