"""The way to given places, aim by aim, to ask of one that wasn't given which aim it would have cost, and how much."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.allocation.settings import Aim
from core.allocation.solving.aiming import Stage
from core.allocation.solving.attainable import attained
from core.allocation.solving.branching import Effort, searched
from core.allocation.solving.compiling import Compiled
from core.allocation.solving.lap import Lap
from core.allocation.solving.program import Numbers, Program
from core.allocation.solving.relaxation import Certificate, relaxed


@dataclass(frozen=True, eq=False)
class Mark:
    """A stage on the way: the program that keeps the amounts before, this one's amount, and the proof of its bound.

    Of ranks that all have one amount only the last has a mark.
    """

    stage: Stage
    program: Program
    amount: int
    certificate: Certificate

    def cost(self, column: int) -> int:
        """Return how far the amount falls at least if the column is 1: what the prices alone prove."""
        if self.program.most[column] == 0:
            return 0
        loss = max(0, -int(self.certificate.loss[column]))
        bound = (self.certificate.total - loss) // self.certificate.scale
        return max(0, self.amount - bound)


@dataclass(frozen=True, eq=False)
class Toll:
    """By how much the amount of a mark's stage is less with a place than without.

    `exact` if no less would do, else it is at least that; 0 and not exact only of lots, where how much says nothing.
    """

    mark: Mark
    fall: int
    exact: bool


@dataclass(frozen=True, eq=False)
class Trail:
    """The marks of all stages for which time sufficed; `complete` if that was all of them."""

    compiled: Compiled
    values: Numbers
    marks: tuple[Mark, ...]
    complete: bool

    def proved(self, column: int) -> Toll | None:
        """Return the first toll that the prices alone prove, without solving; None if they prove none."""
        return next((Toll(mark, fall, exact=False) for mark in self.marks if (fall := mark.cost(column))), None)

    def tolls(self, columns: Collection[int], lap: Lap, workers: int) -> Mapping[int, Toll | None]:
        """Return the first toll of each column; None if the rules alone rule it out.

        A column is left out where the time didn't suffice and the prices prove nothing. What is drawn has the fall 0:
        an example has shown that only the lots stand in the way.
        """
        if not self.marks:
            return {}
        known = {column: self.proved(column) for column in columns}
        left, refuted = set(columns), set[int]()
        found: dict[int, Toll | None] = {column: toll for column, toll in known.items() if toll}
        first_lot = next((at for at, mark in enumerate(self.marks) if mark.stage.aim is Aim.LOTTERY), None)
        last = len(self.marks) - 1 if first_lot is None else first_lot
        for at in range(last, -1, -1):
            mark = self.marks[at]
            asked = {column for column in left if not self._costs_before(known[column], at)}
            came = attained(mark.program, asked, self.values, lap, workers)
            for column in came.possible:
                fall = max(mark.cost(column), int(column in refuted))
                if fall or at == first_lot:
                    found[column] = Toll(mark, fall, exact=False)
            left -= came.possible
            # Of whom nothing was found out here nothing is known at the marks before either.
            left -= asked - came.impossible
            refuted |= came.impossible
        return found | dict.fromkeys(left)

    def _costs_before(self, toll: Toll | None, at: int) -> bool:
        """Tell whether prices prove a toll at a mark before this one."""
        return toll is not None and self.marks.index(toll.mark) < at

    def exact(self, column: int, toll: Toll, effort: Effort) -> Toll:
        """Return the toll with the least fall that would do, found by solving again; as it is if that takes longer."""
        mark = toll.mark
        most = mark.amount - toll.fall
        found = searched(_with(mark.program, column), mark.stage.weights, most, effort, self.values)
        if found.values is None or found.bound is None:
            return toll
        reached = mark.stage.amount(self.compiled.settled(found.values))
        return Toll(mark, mark.amount - found.bound, exact=reached == found.bound)


def trail(compiled: Compiled, stages: Sequence[Stage], values: Numbers, lap: Lap) -> Trail:
    """Return the way to the values, which keep the program."""
    program, marks = compiled.program, list[Mark]()
    amounts = [stage.amount(values) for stage in stages]
    for at, stage in enumerate(stages):
        if _like_the_next(stages, amounts, at):
            continue
        found = None if lap.over() else relaxed(program, stage.weights, lap.left())
        if found is None:
            return Trail(compiled, values, tuple(marks), complete=False)
        marks.append(Mark(stage, program, amounts[at], found.certificate))
        program = found.certificate.held(program, stage.weights, amounts[at])
    return Trail(compiled, values, tuple(marks), complete=True)


def _like_the_next(stages: Sequence[Stage], amounts: Sequence[int], at: int) -> bool:
    """Say whether the next rank has the same amount, so that it says all that this one would."""
    if stages[at].rank is None or at + 1 == len(stages) or stages[at + 1].rank is None:
        return False
    return amounts[at] == amounts[at + 1]


def _with(program: Program, column: int) -> Program:
    least = program.least.copy()
    least[column] = 1
    return program.narrowed(least, np.maximum(program.most, least), program.low, program.high)
