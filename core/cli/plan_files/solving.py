"""`weibao plan solve`: a problem's file in, a plan's file out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from core.cli.console import progress, reports_errors, say
from core.cli.plan_files.figures import tell_outcome
from core.cli.plan_files.opening import INPUT, OUTPUT, known_rules, made_ready
from core.cli.plan_files.running import Record, Show, followed, interruptions
from core.domain.errors import Message
from core.exchange.files import write_json
from core.planning.backdrop import Backdrop
from core.planning.files import read_problem
from core.planning.outcome import Limits


@click.command()
@click.argument("problem_file", metavar="PROBLEM", type=INPUT)
@click.option("-o", "--output", type=OUTPUT, required=True, help="The plan's file, .json or .json.gz.")
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), help="End after so many seconds.")
@click.option("--steps", type=click.IntRange(min=1), help="End after so many steps: reproducible with one worker.")
@click.option("--gap", type=click.FloatRange(0, 1), default=0.0, help="End when no plan is better by this share.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="One for each processor unless said.")
@click.option("--fixed-times", is_flag=True, help="Leave announced times and rooms, and plan staff around them.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@reports_errors
def solve(
    problem_file: Path, output: Path, seed: int, workers: int | None, *, fixed_times: bool, quiet: bool, **limited: Any
) -> None:
    """Make a plan for PROBLEM, the best that is found in the time; Ctrl-C ends it early with the best so far."""
    if limited["seconds"] is None and limited["steps"] is None:
        raise click.UsageError("Say how long: --seconds or --steps.")
    made_ready(output, problem_file)
    problem, rules = read_problem(problem_file), known_rules()
    limits = Limits(**limited)
    with showing(problem.name, limits.seconds, quiet=quiet) as show, interruptions() as interrupted:
        record = Record(show)
        outcome = followed(
            record, problem, limits, seed, workers, rules.rules, rules.preferences, interrupted, fixed_times=fixed_times
        )
    backdrop = Backdrop.of(problem).to_json()
    write_json(output, {**outcome.to_json(), **record.to_json(), "backdrop": backdrop})
    rules.warn(problem.extensions)
    if not quiet:
        tell_outcome(problem, outcome)
        say(Message("Written: %(file)s", {"file": output}))


@contextmanager
def showing(name: str, seconds: float | None, *, quiet: bool) -> Iterator[Show]:
    """Show the run's progress, or nothing."""
    if quiet:
        yield lambda _elapsed, _words: None
        return
    with progress(Message("Planning “%(term)s”", {"term": name}), seconds) as show:
        yield show
