"""One aim after the other by linear programming alone, as if each bound could be reached."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.allocation.solving.aiming import Stage
from core.allocation.solving.lap import Lap
from core.allocation.solving.program import Program
from core.allocation.solving.relaxation import Relaxed, relaxed


@dataclass(frozen=True, eq=False)
class Step:
    """What bounds the stages from `first` to `last`: the relaxation of the last, over what keeps the bounds before.

    `goal` is the amount that none of them can exceed.
    """

    first: int
    last: int
    program: Program
    relaxation: Relaxed
    goal: int

    def before(self, at: int, stages: Sequence[Stage]) -> Program:
        """Return the program with rows for the goals of the stages before one of these."""
        program = self.program
        for stage in stages[self.first : at]:
            program = program.with_row(stage.weights, self.goal)
        return program


@dataclass(frozen=True, eq=False)
class Descent:
    """The steps for which time sufficed, and what is open when every goal is to be reached."""

    steps: tuple[Step, ...]
    face: Program


def descend(program: Program, stages: Sequence[Stage], first: int, lap: Lap) -> Descent:
    """Return the steps from the first stage on."""
    steps = list[Step]()
    while first < len(stages) and not lap.over():
        step = _leap(program, stages, first, steps[-1] if steps else None, lap)
        if step is None:
            break
        steps.append(step)
        program = step.relaxation.certificate.held(step.program, stages[step.last].weights, step.goal)
        first = step.last + 1
    return Descent(tuple(steps), program)


def _leap(program: Program, stages: Sequence[Stage], first: int, before: Step | None, lap: Lap) -> Step | None:
    """Bound the first stage, and with it as many ranks after it as may equal the one before; None if time is over."""
    step = _step(program, stages, first, first, lap)
    if step is None or before is None or stages[first].rank is None or stages[before.last].rank is None:
        return step
    low, high = first, _last_rank(stages, first)
    while step.goal >= before.goal and low < high:
        middle = (low + high + 1) // 2
        further = _step(program, stages, first, middle, lap)
        if further is None:
            break
        if further.goal >= before.goal:
            step, low = further, middle
        else:
            high = middle - 1
    # Whoever has one of the first wishes has one of the first and the next.
    return replace(step, goal=min(step.goal, before.goal))


def _last_rank(stages: Sequence[Stage], first: int) -> int:
    return next(at for at in range(first, len(stages)) if at + 1 == len(stages) or stages[at + 1].rank is None)


def _step(program: Program, stages: Sequence[Stage], first: int, last: int, lap: Lap) -> Step | None:
    found = relaxed(program, stages[last].weights, lap.left())
    return None if found is None else Step(first, last, program, found, found.certificate.bound)
