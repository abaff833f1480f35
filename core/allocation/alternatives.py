"""Other settings tried beside those of a problem: what each would give, in the same figures and aims."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from time import monotonic

from core.allocation.allocate import allocate
from core.allocation.compare import Comparison, compare
from core.allocation.problem import Problem
from core.allocation.result import Allocation
from core.allocation.settings import Settings


@dataclass(frozen=True)
class Alternative:
    """What other settings give, and how it differs from the first allocation; aims are the first settings'."""

    settings: Settings
    allocation: Allocation
    comparison: Comparison


def alternatives(
    problem: Problem,
    first: Allocation,
    others: Iterable[Settings],
    *,
    seconds: float,
    workers: int = 8,
    cancelled: Callable[[], bool] | None = None,
    clock: Callable[[], float] = monotonic,
) -> tuple[Alternative, ...]:
    """Return what each of the other settings gives with the same seed; what one doesn't use of the time, others may.

    The first allocation is the problem's own. ContradictoryPinsError: as for the problem itself.
    """
    waiting = tuple(others)
    ends = clock() + seconds
    found = []
    for at, settings in enumerate(waiting):
        share = max(0.0, ends - clock()) / (len(waiting) - at)
        other = replace(problem, settings=settings)
        given = allocate(other, seconds=share, workers=workers, cancelled=cancelled, clock=clock)
        found.append(Alternative(settings, given, compare(problem, first, given)))
    return tuple(found)
