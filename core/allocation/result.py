"""What an allocation answers: who has which places, what opens, and how good that is, with proof or gap."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.allocation.problem import Aim

#: Rises with every change that can give other places for the same problem.
VERSION = "1"

#: Aims of which more is better; of the others less is.
MORE_IS_BETTER = frozenset({Aim.MOST_CHILDREN, Aim.WISHES, Aim.EARLIER_LOSERS, Aim.LOTTERY})


class Status(StrEnum):
    """Why the solver stopped."""

    OPTIMAL = "optimal"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class AimValue:
    """The value of an aim, and the bound that no allocation can better while it keeps the values before it.

    `rank` is None but for `Aim.FAIR`, which has a value for each rank, from the longest list's last to 1: how many
    children got none of their wishes up to that rank.
    """

    aim: Aim
    value: int
    bound: int
    rank: int | None = None

    @property
    def proved(self) -> bool:
        """Say whether the value is the best possible."""
        return self.value == self.bound

    @property
    def gap(self) -> float:
        """Return by which share of the value, or of 1 where it is 0, the bound is better."""
        return abs(self.bound - self.value) / max(1, abs(self.value))


@dataclass(frozen=True)
class Allocation:
    """Who has which places. A child without one is not in `places`; an activity that is not in `opened` is not held.

    `problem` is the problem's term and `seed` its seed. `aims` follow the order in which they were reached for.
    Nothing here says for whom places were held back.
    """

    problem: str
    seed: str
    places: Mapping[str, tuple[str, ...]]
    opened: frozenset[str]
    aims: tuple[AimValue, ...] = ()
    status: Status = Status.OPTIMAL
    seconds: float = 0.0
    version: str = VERSION

    @property
    def proved(self) -> bool:
        """Say whether every aim's value is the best possible."""
        return all(each.proved for each in self.aims)


@dataclass(frozen=True, slots=True)
class Progress:
    """News of better places or bounds: the aims as they are now."""

    seconds: float
    aims: tuple[AimValue, ...]
