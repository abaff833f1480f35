"""A run of the planner as the command line follows it: what it has told, what is shown, and how it is interrupted."""

import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from core.cli.console import wording
from core.domain.errors import Message
from core.planning.outcome import Limits, Outcome, Progress
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules.base import Rule
from core.planning.search.solve import solve

Show = Callable[[float, str], None]
#: Improvements may come by the thousand; nobody reads faster than this.
_SHOW_SECONDS = 0.1


class Record:
    """What a run has told: `history` of (seconds, cost, bound), a tenth of a second apart at least.

    `placed` is when every session was held and every required place filled, in seconds, None if never.
    """

    def __init__(self, show: Show) -> None:
        self.placed: float | None = None
        self._show = show
        self._started = time.monotonic()
        self._words = ""
        self._shown = -_SHOW_SECONDS
        self._history: dict[float, tuple[int, int]] = {}

    def note(self, news: Progress) -> None:
        """Take news of a better plan or bound, and show them."""
        self._history[round(news.seconds, 1)] = (news.cost, news.bound)
        if self.placed is None and not news.amounts.get("unscheduled") and not news.amounts.get("required"):
            self.placed = round(news.seconds, 2)
        self._words = told(news)
        self.tick()

    def tick(self) -> None:
        """Show how much time has passed, though there may be no news."""
        elapsed = time.monotonic() - self._started
        if elapsed - self._shown < _SHOW_SECONDS:
            return
        self._shown = elapsed
        self._show(elapsed, f"{elapsed:.0f} s  {self._words}")

    def to_json(self) -> dict[str, Any]:
        """Return what a plan's file keeps of it."""
        history = [[seconds, *figures] for seconds, figures in self._history.items()]
        return {"placed": self.placed, "history": history}


def followed(
    record: Record,
    problem: Problem,
    limits: Limits,
    seed: int,
    workers: int | None,
    rules: Iterable[Rule],
    preferences: Iterable[Preference],
    interrupted: Callable[[], bool] = lambda: False,
    *,
    fixed_times: bool = False,
) -> Outcome:
    """Return the best plan found until a limit is met or somebody interrupts; the record follows."""

    def cancelled() -> bool:
        record.tick()
        return interrupted()

    return solve(
        problem,
        seconds=limits.seconds,
        steps=limits.steps,
        gap=limits.gap,
        seed=seed,
        workers=workers,
        fixed_times=fixed_times,
        rules=rules,
        preferences=preferences,
        on_progress=record.note,
        cancelled=cancelled,
    )


def told(news: Progress) -> str:
    """Return the news in a few words."""
    values = {"cost": f"{news.cost:,}", "bound": f"{news.bound:,}", "gap": gap(news.cost, news.bound)}
    return wording().say(Message("cost %(cost)s, bound %(bound)s, gap %(gap)s", values))


def gap(cost: int, bound: int) -> str:
    """Return by which share of its cost a plan could be better at most."""
    if cost <= bound:
        return "0 %"
    return f"{100 * (cost - bound) / abs(cost):.1f} %" if cost else "–"


@contextmanager
def interruptions() -> Iterator[Callable[[], bool]]:
    """Take the first Ctrl-C, or the first request to terminate, for a wish to stop, which the block may ask for.

    A second one ends the process as it would anywhere else.
    """
    asked = Event()

    def ask(_number: int, _frame: object) -> None:
        asked.set()
        restore()

    former = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in former.items():
            signal.signal(number, handler)

    try:
        yield asked.is_set
    finally:
        restore()
