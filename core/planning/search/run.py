"""One run of the planner: the best plan and bound so far, what may still be done, and who is told."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from core.domain.errors import Message
from core.planning.bounds.lower import floor
from core.planning.check import Audit
from core.planning.errors import AuditFailedError
from core.planning.outcome import Limits, Outcome, Progress, Status
from core.planning.plan import Plan
from core.planning.search.modelling import Task


@dataclass(frozen=True)
class Audited:
    """A plan that keeps the rules, with its audit."""

    plan: Plan
    audit: Audit


class Run:
    """What a run has found, and whether it goes on."""

    def __init__(
        self,
        task: Task,
        limits: Limits,
        on_progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self.task = task
        self.limits = limits
        self.steps = 0
        self.best: Audited | None = None
        self._bound = floor(task)
        self._started = monotonic()
        self._on_progress = on_progress
        self._cancelled = cancelled or (lambda: False)
        self._status: Status | None = None
        self._ended = False
        self._failure: BaseException | None = None
        self._lock = Lock()

    def has_plan(self) -> bool:
        """Say whether a plan was found."""
        return self.best is not None

    def elapsed(self) -> float:
        """Return the seconds since the run began."""
        return monotonic() - self._started

    def left(self) -> float:
        """Return the seconds that are left."""
        return max(0.0, self.limits.horizon - self.elapsed())

    def spent(self) -> float:
        """Return what share of the run lies behind us, from 0 to 1: of its steps, or of its seconds."""
        if self.limits.steps is not None:
            return min(1.0, self.steps / max(1, self.limits.steps))
        return min(1.0, self.elapsed() / max(1e-9, self.limits.horizon))

    def accept(self, plan: Plan) -> None:
        """Keep a plan if it is better than the best; AuditFailedError if it breaks a rule."""
        self.keep(plan, self.task.audit(plan))

    def keep(self, plan: Plan, audit: Audit) -> None:
        """Keep an audited plan if it is better than the best; AuditFailedError if it breaks a rule."""
        if audit.breaches:
            first = audit.breaches[0]
            values = {"rule": first.rule, "message": str(first.message)}
            raise AuditFailedError(Message("The plan breaks the rule %(rule)s: %(message)s", values))
        with self._lock:
            if self.best is None or audit.cost < self.best.audit.cost:
                self.best = Audited(plan, audit)
                self._tell()

    def raise_bound(self, bound: int) -> None:
        """Keep a bound if it is better than the best."""
        with self._lock:
            if bound > self._bound:
                self._bound = bound
                self._tell()

    def is_over(self) -> bool:
        """Say whether to stop; once it is so, it stays so. Whatever failed beside the run is raised here."""
        self.require_no_failure()
        if self._status is None:
            self._status = self._why_stop()
        return self._status is not None

    def has_ended(self) -> bool:
        """Say whether the run is over, as far as is known without asking anybody; for threads beside the walkers."""
        return self._ended or self._failure is not None or self._status is not None or self.left() <= 0

    def fail(self, error: BaseException) -> None:
        """Let the run end with an error that happened beside it."""
        self._failure = error

    def require_no_failure(self) -> None:
        """Raise what failed beside the run, if anything did."""
        if self._failure is not None:
            raise self._failure

    def end(self) -> None:
        """Let whatever works beside the walkers come to its end."""
        self._ended = True

    def outcome(self) -> Outcome:
        """Return the best plan and how it came about."""
        if self.best is None:
            message = "a run ends with a plan or an error"
            raise AssertionError(message)
        plan, audit, task = self.best.plan, self.best.audit, self.task
        bound = min(self._bound, audit.cost)
        status = Status.OPTIMAL if audit.cost <= bound else self._status or Status.TIMED_OUT
        return Outcome(
            plan, status, audit.cost, bound, self.elapsed(), audit, task.seed, task.workers, self.limits, self.steps
        )

    def _why_stop(self) -> Status | None:
        if self.best is not None:
            cost = self.best.audit.cost
            if cost <= self._bound:
                return Status.OPTIMAL
            if cost - self._bound <= self.limits.gap * abs(cost):
                return Status.GAP_REACHED
        if self._cancelled():
            return Status.CANCELLED
        if self.limits.steps is not None and self.steps >= self.limits.steps:
            return Status.STEPS_DONE
        return Status.TIMED_OUT if self.left() <= 0 else None

    def _tell(self) -> None:
        if self._on_progress is not None and self.best is not None:
            audit, held = self.best.audit, len(self.best.plan.sessions)
            self._on_progress(Progress(self.elapsed(), audit.cost, min(self._bound, audit.cost), audit.amounts, held))
