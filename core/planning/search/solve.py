"""The planner's one entry: a problem in, an audited plan out, the best that was found in the time given."""

import os
from collections.abc import Callable, Iterable

from core.planning.errors import ContradictoryPinsError
from core.planning.outcome import Limits, Outcome, Progress
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from core.planning.search.announced import Announced, announced, without_pins
from core.planning.search.campaign import Campaign
from core.planning.search.modelling import Task
from core.planning.search.run import Run

#: More walkers than these find no better plans together.
_MOST_WORKERS = 8


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    gap: float = 0.0,
    seed: int = 0,
    workers: int | None = None,
    fixed_times: bool = False,
    rules: Iterable[Rule] = DEFAULT_RULES,
    preferences: Iterable[Preference] = DEFAULT_PREFERENCES,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Outcome:
    """Return the best plan found in about so many seconds; sooner if it is proved that no plan is better.

    With `steps` (of ten thousand moves) in place of seconds and one worker, the same input and seed give the same plan
    on the same version. The run also ends when cost − bound is at most `gap` × the cost (a fraction of 1). With
    `fixed_times`, sessions of the incumbent keep their starts and rooms unless they can't be held so, and are staffed
    again around them. `workers` is how many search at once: as many as there are processors unless said.

    `on_progress` is called with each better plan or bound, a few times a second at most. `cancelled` is asked several
    times a second whether to stop; the best plan so far is returned then. Every plan is audited first: AuditFailedError
    means a defect in a rule or in the search. ContradictoryPinsError names pins that can't all be kept,
    NoPlanInTimeError says that there was no time to find out.
    """
    task = Task(problem, tuple(rules), tuple(preferences), seed, workers or processors())
    run = Run(task, Limits(seconds, steps, gap), on_progress, cancelled)
    if fixed_times:
        return _around(announced(task, run.left), run, problem)
    Campaign(run).fight()
    return run.outcome()


def _around(found: Announced, run: Run, problem: Problem) -> Outcome:
    """Return the outcome of a run around what was announced; what turns out to clash with pins is let go of."""
    run.task = found.task
    try:
        Campaign(run, found.plan).fight()
    except ContradictoryPinsError as error:
        fewer = without_pins(found, problem, error.pins)
        if fewer is None:
            raise
        return _around(fewer, run, problem)
    return run.outcome()


def processors() -> int:
    """Return how many searches run well side by side here."""
    return max(1, min(_MOST_WORKERS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2))
