"""`weibao allocate solve`: a problem's file in, an allocation's file out."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from core.allocation.allocate import allocate
from core.allocation.files import read_problem, write_allocation
from core.allocation.result import Progress
from core.cli.allocation_files.figures import aim_name, tell_figures, tell_status
from core.cli.console import progress, reports_errors, say, wording
from core.cli.plan_files.opening import INPUT, OUTPUT, made_ready
from core.cli.plan_files.running import Show, interruptions
from core.domain.errors import Message

DEFAULT_SECONDS = 60.0


@click.command()
@click.argument("problem_file", metavar="PROBLEM", type=INPUT)
@click.option("-o", "--output", type=OUTPUT, required=True, help="The allocation's file, .json or .json.gz.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=DEFAULT_SECONDS,
    show_default=True,
    help="End after so many seconds at the latest.",
)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Searches side by side.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@reports_errors
def solve(problem_file: Path, output: Path, seconds: float, workers: int, *, quiet: bool) -> None:
    """Give the places of PROBLEM, as well as is found in the time; Ctrl-C ends it early with the best so far."""
    made_ready(output, problem_file)
    problem = read_problem(problem_file)
    with _showing(problem.term, seconds, quiet=quiet) as show, interruptions() as interrupted:
        news = _News(show, interrupted)
        found = allocate(problem, seconds=seconds, workers=workers, progress=news.note, cancelled=news.cancelled)
    write_allocation(output, found)
    if not quiet:
        tell_status(found)
        tell_figures(problem, found)
        say(Message("Written: %(file)s", {"file": output}))


@contextmanager
def _showing(term: str, seconds: float, *, quiet: bool) -> Iterator[Show]:
    """Show the work's progress, or nothing."""
    if quiet:
        yield lambda _elapsed, _words: None
        return
    with progress(Message("Giving the places of “%(term)s”", {"term": term}), seconds) as show:
        yield show


class _News:
    """Shows the last news, and how much time has passed whenever the solver asks whether to stop."""

    def __init__(self, show: Show, interrupted: Callable[[], bool]) -> None:
        self._show = show
        self._interrupted = interrupted
        self._started = time.monotonic()
        self._words = ""

    def note(self, news: Progress) -> None:
        """Take news of better places or bounds, and show them: the first aim that isn't proved yet, or the last."""
        now = next((each for each in news.aims if not each.proved), news.aims[-1])
        values = {"aim": aim_name(now.aim, now.rank), "value": f"{now.value:,}", "bound": f"{now.bound:,}"}
        self._words = wording().say(Message("%(aim)s: %(value)s, bound %(bound)s", values))
        self._tick()

    def cancelled(self) -> bool:
        """Say whether somebody has interrupted the work."""
        self._tick()
        return self._interrupted()

    def _tick(self) -> None:
        elapsed = time.monotonic() - self._started
        self._show(elapsed, f"{elapsed:.0f} s  {self._words}")
