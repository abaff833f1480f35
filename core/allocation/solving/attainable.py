"""Which columns can be 1 while a program is kept: shown by examples, each for several columns, or refuted."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np

from core.allocation.solving.asking import Asking, counting
from core.allocation.solving.branching import Effort, Found, searched
from core.allocation.solving.lap import Lap
from core.allocation.solving.program import Numbers, Program
from core.allocation.solving.relaxation import Relaxed
from core.allocation.solving.rounding import opened

#: Values that differ by less are alike.
_APART = 1e-6
#: What is searched between two sets of values is small, or not worth longer.
_BETWEEN_SECONDS = 2.0
#: An example that shows fewer columns than this isn't worth asking for together.
_SEVERAL = 4
#: The share of the time left that a search over all that is open may take.
_SHARE = 0.5


@dataclass(frozen=True)
class Attained:
    """The columns for which there is an example, and those that are refuted; the time didn't suffice for the others."""

    possible: AbstractSet[int]
    impossible: AbstractSet[int]


def attained(program: Program, columns: Collection[int], known: Numbers, lap: Lap, workers: int) -> Attained:
    """Return which of the columns can be 1; the known values keep the program."""
    search = _Search(program, known, lap, workers, set(columns))
    search.run()
    return Attained(search.possible, search.impossible)


@dataclass
class _Search:
    program: Program
    known: Numbers
    lap: Lap
    workers: int
    left: set[int]
    possible: set[int] = field(default_factory=set)
    impossible: set[int] = field(default_factory=set)

    def run(self) -> None:
        self._refute({column for column in self.left if not self.program.most[column]})
        self._show(self.known)
        if not self.left or self.lap.over():
            return
        asking = Asking(self.program)
        while self.left and self._together(asking) >= _SEVERAL:
            pass
        for column in sorted(self.left):
            if column in self.left and not self.lap.over():
                self._alone(asking, column)
        while self.left and self._everywhere() and not self.lap.over():
            pass

    def _together(self, asking: Asking) -> int:
        """Look for an example of as many as can be, and return how many columns it shows."""
        relaxation = None if self.lap.over() else asking.relaxed(self.left, self.lap.left())
        if relaxation is None:
            return 0
        if relaxation.certificate.bound <= 0:
            self._refute(self.left)
            return 0
        return self._between(relaxation, self.left)

    def _alone(self, asking: Asking, column: int) -> None:
        relaxation = asking.relaxed([column], self.lap.left())
        if relaxation is not None:
            if relaxation.certificate.bound <= 0:
                self._refute({column})
            else:
                self._between(relaxation, [column])

    def _between(self, relaxation: Relaxed, columns: Collection[int]) -> int:
        """Search what the known values and a relaxation don't agree on."""
        around = opened(self.program, self.known, np.abs(relaxation.values - self.known) > _APART)
        effort = Effort(min(_BETWEEN_SECONDS, self.lap.left()), 1)
        return self._shown(self._searched(around, columns, relaxation.certificate.bound, effort))

    def _everywhere(self) -> int:
        """Search all that is open for an example of as many as can be; where there is none, they are refuted."""
        effort = Effort(self.lap.left() * _SHARE, self.workers)
        found = self._searched(self.program, self.left, len(self.left), effort)
        shown = self._shown(found)
        if found.bound is None or found.bound <= 0:
            self._refute(self.left)
        return shown

    def _searched(self, program: Program, columns: Collection[int], bound: int, effort: Effort) -> Found:
        weights = counting(program, columns)
        return searched(program, weights, min(bound, len(columns)), effort, self.known)

    def _shown(self, found: Found) -> int:
        return 0 if found.values is None else self._show(found.values)

    def _show(self, values: Numbers) -> int:
        shown = {column for column in self.left if values[column]}
        self.possible |= shown
        self.left -= shown
        return len(shown)

    def _refute(self, columns: Collection[int]) -> None:
        self.impossible |= set(columns)
        self.left -= set(columns)
