"""`weibao plan check` and `weibao plan explain`: what is wrong with a plan, and why something is missing in it."""

import sys
from pathlib import Path

import click

from core.cli.console import complain, reports_errors, say, wording
from core.cli.plan_files.figures import tell_places, tell_terms
from core.cli.plan_files.opening import INPUT, known_rules, read_both
from core.domain.errors import ConflictError, Message
from core.exchange.node import MalformedFileError
from core.planning.explain import explain as reasons
from core.planning.outcome import Shortfall


@click.command()
@click.argument("problem_file", metavar="PROBLEM", type=INPUT)
@click.argument("plan_file", metavar="PLAN", type=INPUT)
@reports_errors
def check(problem_file: Path, plan_file: Path) -> None:
    """Say every rule that PLAN breaks, and what it costs.

    Exits with 0 if it breaks none, 1 if it breaks one, 2 if a file can't be read.
    """
    try:
        problem, plan = read_both(problem_file, plan_file)
    except (MalformedFileError, OSError) as error:
        complain(error.message if isinstance(error, MalformedFileError) else unreadable(error))
        sys.exit(2)
    rules = known_rules()
    found = rules.audit(problem, plan)
    for breach in found.breaches:
        say(Message("Broken: %(breach)s (%(rule)s)", {"breach": breach.message, "rule": breach.rule}))
    rules.warn(problem.extensions)
    tell_places(problem, plan, found)
    tell_terms(problem, found)
    if not found.valid:
        complain(Message("The plan breaks rules in %(count)s places.", {"count": len(found.breaches)}))
        sys.exit(1)
    say(Message("The plan keeps every rule."))


@click.command()
@click.argument("problem_file", metavar="PROBLEM", type=INPUT)
@click.argument("plan_file", metavar="PLAN", type=INPUT)
@click.option("--seconds", type=click.FloatRange(min=0), default=60.0, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=8, show_default=True)
@reports_errors
def explain(problem_file: Path, plan_file: Path, seconds: float, seed: int, workers: int) -> None:
    """Say why sessions or required staff are missing in PLAN, and what was tried and would help."""
    problem, plan = read_both(problem_file, plan_file)
    rules = known_rules()
    if not rules.audit(problem, plan).valid:
        raise ConflictError(Message("The plan breaks rules: “weibao plan check” says which."))
    found = reasons(
        problem,
        plan,
        seconds=seconds,
        seed=seed,
        workers=workers,
        rules=rules.rules,
        preferences=rules.preferences,
    )
    for short in found:
        tell(short)
    if not found:
        say(Message("Every session is held, and every required place is filled."))


def tell(short: Shortfall) -> None:
    """Print a shortfall with its reason and what would help."""
    title = Message("%(title)s, session %(number)s", {"title": short.activity, "number": short.index + 1})
    what = Message("Not held") if short.role is None else short.role
    values = {"title": title, "what": what, "reason": short.reason}
    say(Message("%(title)s – %(what)s: %(reason)s", values))
    for cure in short.cures:
        say(Message("  What would help: %(cure)s", {"cure": cure}))
    if short.cures and short.verified:
        click.echo(f"  {wording().say(Message('Each was tried by planning again, and it helps.'))}")


def unreadable(error: OSError) -> Message:
    """Return the sentence for a file that the machine won't read."""
    return Message("The machine refused it: %(reason)s", {"reason": error})
