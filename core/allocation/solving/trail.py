"""The way to given places, aim by aim, to ask of one that wasn't given which aim it would have cost, and how much."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.allocation.solving.aiming import Stage
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

    `exact` if no less would do, else it is at least that; 0 and not exact: nothing is known to stand in the way.
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

    def exact(self, column: int, effort: Effort) -> Toll | None:
        """Return the first toll, found by solving again with the column; None if the rules alone rule it out."""
        known = self.proved(column)
        last = self.marks.index(known.mark) if known else len(self.marks) - 1
        toll: Toll | None = None
        for mark in self.marks[: last + 1]:
            found = searched(_with(mark.program, column), mark.stage.weights, mark.amount, effort, self.values)
            if found.values is None and found.bound is None:
                # What the marks before allowed each for itself they don't allow together.
                return None if toll is None else Toll(toll.mark, 1, exact=False)
            reached = mark.amount if found.values is None else mark.stage.amount(self.compiled.settled(found.values))
            bound = mark.amount if found.bound is None else found.bound
            toll = Toll(mark, mark.amount - bound, exact=found.values is not None and reached == bound)
            if toll.fall > 0 or not toll.exact:
                break
        return toll


def possible(program: Program, column: int, effort: Effort) -> bool | None:
    """Say whether any values with the column keep the program, None if that wasn't found out."""
    found = searched(_with(program, column), np.zeros_like(program.least), 0, effort)
    if found.values is not None:
        return True
    return False if found.bound is None else None


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
