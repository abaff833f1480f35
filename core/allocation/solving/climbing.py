"""Reach the aims one after the other: proved where the bound is reached or branching ends, else with a bound."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from core.allocation.solving.aiming import Stage
from core.allocation.solving.branching import Effort, searched
from core.allocation.solving.city import City
from core.allocation.solving.compiling import Compiled
from core.allocation.solving.descent import Descent, Step, descend
from core.allocation.solving.lap import Lap
from core.allocation.solving.program import Numbers, Program
from core.allocation.solving.relaxation import Relaxed, relaxed
from core.allocation.solving.rounding import neighbourhoods, opened

Amounts: TypeAlias = tuple[int, ...]

#: Above so many open columns only neighbourhoods are searched, and bounds are those of linear programming.
_SEARCHABLE = 40_000
#: So many may be open around a relaxation's fractions: what is decided there keeps such searches easy.
_AROUND = 120_000
#: The share of the time left that one search may take: of all, for first values, and between two others.
_SHARE = 0.3
_SHARE_FIRST = 0.1
_SHARE_BETWEEN = 0.05
#: Values that differ by less are alike.
_APART = 1e-6


@dataclass(frozen=True, eq=False)
class Height:
    """The best values so far, the amount they reach of each stage, and what none exceeds that keeps those before."""

    values: Numbers
    amounts: Amounts
    bounds: Amounts


class Climb:
    """One run over all stages, from a first set of values that keeps the program."""

    def __init__(
        self,
        compiled: Compiled,
        stages: Sequence[Stage],
        start: Numbers,
        lap: Lap,
        workers: int,
        told: Callable[[Height], None] | None = None,
    ) -> None:
        self._compiled, self._stages, self._lap, self._workers, self._told = compiled, stages, lap, workers, told
        self._program = compiled.program
        self._rows = compiled.program.rows
        self._bounds = self._boundless()
        self._values = start
        self._amounts = self._measured(start)

    def height(self) -> Height:
        """Return how far it is."""
        return Height(self._values, self._amounts, tuple(map(max, self._bounds, self._amounts)))

    def run(self) -> Height:
        """Go on until every stage is proved or the time is over, and return how far it is."""
        first: int | None = None if self._large() and self._flow() else 0
        while first is not None:
            descent = descend(self._program, self._stages, first, self._lap)
            self._land(descent)
            first = self._climbed(descent)
        return self.height()

    def _flow(self) -> bool:
        """Reach and bound the stages by flows, and say whether values that keep the program came of it."""
        city = City(self._compiled, self._stages, self._lap, self._workers)
        before, values = self._amounts, city.values()
        if values is not None:
            self._accept(values)
        if self._amounts == before:
            return False
        bounds = city.bounds(self._amounts)
        self._bounds[: len(bounds)] = [min(pair) for pair in zip(bounds, self._bounds, strict=False)]
        self._tell()
        return True

    def _climbed(self, descent: Descent) -> int | None:
        """Go as far as goals are reached; return the stage to go on from, None if that's all that can be done."""
        for step in descent.steps:
            self._bounds[step.first : step.last + 1] = [step.goal] * (step.last + 1 - step.first)
            if step.first < step.last and self._missed(step) is not None:
                self._leap(step)
            at = self._missed(step)
            if at is not None:
                if self._branch(step, at):
                    return at + 1
                self._go_on_without_proof(step, at)
                return None
        return None

    def _boundless(self) -> list[int]:
        most = self._compiled.program.most
        sums = [int(np.maximum(stage.weights, 0) @ most) for stage in self._stages]
        return [
            total if stage.rank is None else min(total, stage.constant)
            for stage, total in zip(self._stages, sums, strict=True)
        ]

    def _measured(self, values: Numbers) -> Amounts:
        return tuple(stage.amount(values) for stage in self._stages)

    def _accept(self, values: Numbers) -> None:
        settled = self._compiled.settled(values)
        amounts = self._measured(settled)
        if amounts > self._amounts and self._compiled.program.keeps(settled):
            self._values, self._amounts = settled, amounts
            self._tell()

    def _tell(self) -> None:
        if self._told is not None:
            self._told(self.height())

    def _land(self, descent: Descent) -> None:
        """Find values near the last relaxation, at best such that reach every goal."""
        if not descent.steps:
            return
        step = descent.steps[-1]
        near = np.rint(step.relaxation.values).astype(np.int64)
        if bool(step.relaxation.whole.all()):
            self._accept(near)
        if self._lap.over() or all(self._missed(each) is None for each in descent.steps):
            return
        if _open(descent.face) <= _SEARCHABLE:
            self._reach(descent.face, step, near)
        if self._large() and any(self._missed(each) is not None for each in descent.steps):
            self._search_around(descent)

    def _leap(self, step: Step) -> None:
        """Try to reach the goal of all stages of a step at once."""
        if not self._large() and not self._lap.over():
            self._reach(step.program, step, self._values)

    def _reach(self, program: Program, step: Step, hint: Numbers) -> None:
        weights = self._stages[step.last].weights
        found = searched(program, weights, step.goal, self._effort(), hint, reach=True)
        if found.values is not None:
            self._accept(found.values)

    def _search_around(self, descent: Descent) -> None:
        """Search around a descent's last fractions, further each time, until values keep the program."""
        relaxation, at = descent.steps[-1].relaxation, descent.steps[0].first
        near, weights = np.rint(relaxation.values).astype(np.int64), self._stages[at].weights
        for around in neighbourhoods(self._program, near, ~relaxation.whole, self._rows, _AROUND):
            found = searched(around, weights, descent.steps[0].goal, self._effort(_SHARE_FIRST), near)
            if found.values is not None:
                self._accept(found.values)
            if found.values is not None or self._lap.over():
                return

    def _missed(self, step: Step) -> int | None:
        """Return the first stage of a step whose goal isn't reached."""
        return next((at for at in range(step.first, step.last + 1) if self._amounts[at] < step.goal), None)

    def _branch(self, step: Step, at: int) -> bool:
        """Search for the best that a stage can reach, hold it, and say whether there was time for it."""
        if self._large() or self._lap.over():
            return False
        program, stage, certificate = step.before(at, self._stages), self._stages[at], step.relaxation.certificate
        self._approach(program, step, at)
        # The nearer the places found so far are to the bound, the more columns are decided by it.
        proves = step.first == step.last
        left = certificate.face(program, self._amounts[at]) if proves else program
        if self._amounts[at] < step.goal:
            found = searched(left, stage.weights, step.goal, self._effort(), self._values)
            if found.values is not None:
                self._accept(found.values)
            self._bounds[at] = step.goal if found.bound is None else found.bound
        amount = self._amounts[at]
        self._program = (
            certificate.held(program, stage.weights, amount) if proves else program.with_row(stage.weights, amount)
        )
        return True

    def _approach(self, program: Program, step: Step, at: int) -> None:
        """Find values for a stage between the best so far and its relaxation, and around the relaxation's fractions."""
        near = np.rint(step.relaxation.values).astype(np.int64)
        weights, found_any = self._stages[at].weights, False
        self._search_between(program, step.relaxation, at, step.goal)
        for around in neighbourhoods(program, near, ~step.relaxation.whole, self._rows, _open(program) // 2):
            before = self._amounts
            found = searched(around, weights, step.goal, self._effort(_SHARE_BETWEEN), near)
            if found.values is not None:
                self._accept(found.values)
            if self._amounts[at] >= step.goal or (found_any and self._amounts == before):
                return
            found_any = found_any or found.values is not None

    def _search_between(self, program: Program, relaxation: Relaxed, at: int, bound: int) -> None:
        """Search what the best so far and a stage's relaxation don't agree on (relaxation-induced neighbourhood)."""
        between = opened(program, self._values, np.abs(relaxation.values - self._values) > _APART)
        weights = self._stages[at].weights
        found = searched(between, weights, bound, self._effort(_SHARE_BETWEEN), self._values)
        if found.values is not None:
            self._accept(found.values)

    def _go_on_without_proof(self, missed: Step, at: int) -> None:
        """From a stage whose goal wasn't reached, better and bound each with the amounts before as they are."""
        self._bounds[at:] = self._boundless()[at:]
        program = missed.before(at, self._stages)
        for later in range(at, len(self._stages)):
            stage = self._stages[later]
            if stage.rank is not None and later and self._stages[later - 1].rank is not None:
                # Whoever has one of the first wishes has one of the first and the next.
                self._bounds[later] = self._amounts[later - 1]
            if self._bounds[later] > self._amounts[later] and not self._lap.over():
                self._better(program, later)
            self._tell()
            program = program.with_row(stage.weights, self._amounts[later])

    def _better(self, program: Program, at: int) -> None:
        relaxation = relaxed(program, self._stages[at].weights, self._lap.left())
        if relaxation is None:
            return
        self._bounds[at] = min(self._bounds[at], relaxation.certificate.bound)
        if self._bounds[at] > self._amounts[at] and not self._lap.over():
            self._search_between(program, relaxation, at, self._bounds[at])

    def _large(self) -> bool:
        return _open(self._program) > _SEARCHABLE

    def _effort(self, share: float = _SHARE) -> Effort:
        return Effort(self._lap.left() * share, self._workers)


def _open(program: Program) -> int:
    return int((program.least < program.most).sum())
