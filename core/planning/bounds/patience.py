"""How long a bound may take: until a deadline, or until somebody cancels."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Event, Thread
from time import monotonic

from ortools.sat.python import cp_model

#: The solver doesn't ask whether it is cancelled; somebody else does, every so many seconds.
_GLANCE = 0.1


@dataclass(frozen=True)
class Patience:
    """A deadline, by the monotonic clock in seconds, a question whether to stop before, and how a solver works."""

    deadline: float
    cancelled: Callable[[], bool]
    workers: int
    seed: int

    def left(self) -> float:
        """Return the seconds that are left: 0 once it is cancelled."""
        return 0.0 if self.cancelled() else max(0.0, self.deadline - monotonic())

    def share(self, part: float) -> "Patience":
        """Return patience for a part of the time that is left, a fraction of 1."""
        return replace(self, deadline=monotonic() + part * self.left())

    def solver(self, on_bound: Callable[[float], None] | None = None) -> cp_model.CpSolver:
        """Return a solver that stops at the deadline and tells each better bound, from a thread of its own."""
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(self.left(), 0.01)
        solver.parameters.num_workers = self.workers
        solver.parameters.random_seed = self.seed % 2**31
        # Ctrl-C is for whoever asked for the bound, not for the solver.
        solver.parameters.catch_sigint_signal = False
        solver.best_bound_callback = on_bound
        return solver

    @contextmanager
    def watching(self, solver: cp_model.CpSolver) -> Iterator[None]:
        """Stop the solver if it is cancelled within the block."""
        done = Event()
        watch = Thread(target=self._watch, args=(solver, done), daemon=True)
        watch.start()
        try:
            yield
        finally:
            done.set()
            watch.join()

    def _watch(self, solver: cp_model.CpSolver, done: Event) -> None:
        while not done.wait(_GLANCE):
            if self.cancelled():
                solver.stop_search()
