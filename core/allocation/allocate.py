"""Places for children's wishes: the rules kept, the aims reached one after the other, ties drawn by lot."""

from collections.abc import Callable, Sequence
from time import monotonic

import numpy as np

from core.allocation.check import check
from core.allocation.errors import CheckFailedError
from core.allocation.problem import Problem
from core.allocation.result import AimValue, Allocation, Progress, Status
from core.allocation.solving.aiming import Stage, stages
from core.allocation.solving.branching import Effort, searched
from core.allocation.solving.climbing import Climb, Height
from core.allocation.solving.compiling import Compiled, compiled
from core.allocation.solving.contradictions import refuse
from core.allocation.solving.lap import Lap
from core.allocation.solving.program import Numbers
from core.domain.errors import Message

#: For the first places that keep all pins: without them there is nothing to return, so they aren't hurried.
_FIRST_SECONDS = 3600.0


def allocate(
    problem: Problem,
    *,
    seconds: float,
    workers: int = 8,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    clock: Callable[[], float] = monotonic,
) -> Allocation:
    """Return the best places found within the seconds, checked, with a bound for each aim.

    If every aim is proved, whoever solves the problem again gets the same places, in whatever order it is written: the
    lots leave no tie. Otherwise the places are as fair as the solver got, and a second run may give others.
    ContradictoryPinsError names pins that can't all be kept. CheckFailedError is a defect of the solver.
    `progress` is called with what is better than before; `cancelled` is asked between the steps of the work.
    """
    lap = Lap(seconds, cancelled, clock)
    program = compiled(problem)
    aims = stages(program)
    told = None if progress is None else lambda height: progress(Progress(lap.spent(), _values(aims, height)))
    height = Climb(program, aims, _start(program, workers), lap, workers, told).run()
    return _checked(problem, _allocation(program, aims, height, lap))


def _start(program: Compiled, workers: int) -> Numbers:
    """Return values that keep the program: nobody has a place but by a pin, and who must come with them."""
    values = program.program.least
    if program.program.keeps(values):
        return program.settled(values)
    nothing = np.zeros_like(values)
    found = searched(program.program, nothing, 0, Effort(_FIRST_SECONDS, workers))
    if found.values is None:
        refuse(program.problem)
    return program.settled(found.values)


def _allocation(program: Compiled, aims: Sequence[Stage], height: Height, lap: Lap) -> Allocation:
    proved = all(bound == amount for bound, amount in zip(height.bounds, height.amounts, strict=True))
    unproved = Status.CANCELLED if lap.cut else Status.TIMED_OUT
    return Allocation(
        problem=program.problem.term,
        seed=program.problem.seed,
        places=program.places(height.values),
        opened=program.opened(height.values),
        aims=_values(aims, height),
        status=Status.OPTIMAL if proved else unproved,
        seconds=round(lap.spent(), 2),
    )


def _values(aims: Sequence[Stage], height: Height) -> tuple[AimValue, ...]:
    rows = zip(aims, height.amounts, height.bounds, strict=True)
    return tuple(
        AimValue(stage.aim, stage.value(amount), stage.value(bound), stage.rank)
        for stage, amount, bound in rows
        if stage.reported
    )


def _checked(problem: Problem, found: Allocation) -> Allocation:
    verdict = check(problem, found)
    if not verdict.valid:
        first = verdict.violations[0]
        values = {"rule": first.rule, "message": str(first.message)}
        raise CheckFailedError(Message("The solver broke the rule %(rule)s: %(message)s", values))
    return found
