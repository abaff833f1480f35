"""The planner's one entry: a problem in, an audited plan out, the best that was found in the time given."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic

from core.domain.errors import Message
from core.planning.bounds.lower import floor, lower_bound
from core.planning.check import Audit
from core.planning.errors import AuditFailedError
from core.planning.outcome import Limits, Outcome, Progress, Status
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from core.planning.search.first import first_plan
from core.planning.search.improve import Improver
from core.planning.search.modelling import Task
from core.planning.search.neighbourhoods import short_activities

#: The bound takes a tenth of the time, and no more seconds than this.
_BOUND_SHARE, _BOUND_SECONDS = 0.1, 10.0


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    gap: float = 0.0,
    seed: int = 0,
    workers: int = 8,
    rules: Iterable[Rule] = DEFAULT_RULES,
    preferences: Iterable[Preference] = DEFAULT_PREFERENCES,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Outcome:
    """Return the best plan found in about so many seconds; sooner if it is proved that no plan is better.

    With `steps` in place of seconds, one worker and a seed, the same input gives the same plan on the same version.
    The run also ends when cost − bound is at most `gap` × the cost (a fraction of 1).

    `on_progress` is called with each better plan or bound. `cancelled` is asked every few seconds whether to stop; the
    best plan so far is returned then. Eight workers find better plans than fewer, on two processors too. Every plan is
    audited first: AuditFailedError means a defect in a rule or in the search. ContradictoryPinsError names pins that
    can't all be kept, NoPlanInTimeError says that there was no time to find out.
    """
    limits = Limits(seconds, steps, gap)
    run = _Run(Task(problem, tuple(rules), tuple(preferences), seed, workers), limits, on_progress)
    seconds = limits.horizon
    run.accept(first_plan(run.task, run.left))
    improver = Improver(run.task)
    bounded = False
    status = run.status(cancelled)
    while status is None:
        if not bounded and (run.left() < seconds / 2 or not short_activities(problem, run.best.plan)):
            bounded = True
            run.raise_bound(lower_bound(run.task, min(_BOUND_SHARE * seconds, _BOUND_SECONDS)))
            status = run.status(cancelled)
            continue
        step = improver.step(run.best.plan, run.left())
        run.steps += 1
        run.accept(step.plan)
        if step.proved:
            run.raise_bound(run.best.audit.cost)
        status = run.status(cancelled)
    return run.outcome(status)


@dataclass(frozen=True)
class _Audited:
    plan: Plan
    audit: Audit


class _Run:
    """One run: what it has found and how much time it has left."""

    best: _Audited

    def __init__(self, task: Task, limits: Limits, on_progress: Callable[[Progress], None] | None) -> None:
        self.task = task
        self.steps = 0
        self._started = monotonic()
        self._limits = limits
        self._on_progress = on_progress
        self._bound = floor(task)
        self._has_plan = False

    def elapsed(self) -> float:
        return monotonic() - self._started

    def left(self) -> float:
        return max(0.0, self._limits.horizon - self.elapsed())

    def accept(self, plan: Plan) -> None:
        """Keep the plan if it is better than the best; AuditFailedError if it breaks a rule."""
        audit = self.task.audit(plan)
        if audit.breaches:
            first = audit.breaches[0]
            values = {"rule": first.rule, "message": str(first.message)}
            raise AuditFailedError(Message("The plan breaks the rule %(rule)s: %(message)s", values))
        if not self._has_plan or audit.cost < self.best.audit.cost:
            self.best, self._has_plan = _Audited(plan, audit), True
            self._tell()

    def raise_bound(self, bound: int) -> None:
        if bound > self._bound:
            self._bound = bound
            self._tell()

    def status(self, cancelled: Callable[[], bool] | None) -> Status | None:
        """Return why to stop, or None to go on."""
        if self.best.audit.cost <= self._bound:
            return Status.OPTIMAL
        if cancelled is not None and cancelled():
            return Status.CANCELLED
        if self.best.audit.cost - self._bound <= self._limits.gap * abs(self.best.audit.cost):
            return Status.GAP_REACHED
        if self._limits.steps is not None and self.steps >= self._limits.steps:
            return Status.STEPS_DONE
        return Status.TIMED_OUT if self.left() <= 0 else None

    def outcome(self, status: Status) -> Outcome:
        best, task = self.best, self.task
        return Outcome(
            best.plan,
            status,
            best.audit.cost,
            self._bound,
            self.elapsed(),
            best.audit,
            task.seed,
            task.workers,
            self._limits,
        )

    def _tell(self) -> None:
        if self._on_progress is not None:
            audit = self.best.audit
            self._on_progress(Progress(self.elapsed(), audit.cost, self._bound, audit.amounts))
