"""`weibao allocate check` and `compare`: what is wrong with an allocation, and how two of them differ."""

import json
import sys
from collections import Counter
from pathlib import Path

import click

from core.allocation.check import Verdict
from core.allocation.check import check as judged
from core.allocation.compare import Change, Comparison
from core.allocation.compare import compare as compared
from core.allocation.files import read_allocation, read_problem
from core.allocation.problem import Problem
from core.allocation.result import Allocation
from core.cli.allocation_files.figures import aim_name, tell_figures
from core.cli.console import complain, reports_errors, say, wording
from core.cli.plan_files.opening import INPUT
from core.cli.tables import table
from core.domain.errors import ConflictError, Message
from core.exchange.node import MalformedFileError


@click.command()
@click.argument("problem_file", metavar="PROBLEM", type=INPUT)
@click.argument("allocation_file", metavar="ALLOCATION", type=INPUT)
@reports_errors
def check(problem_file: Path, allocation_file: Path) -> None:
    """Say every rule that ALLOCATION breaks, and what each aim is worth.

    Exits with 0 if it breaks none, 1 if it breaks one, 2 if a file can't be read.
    """
    try:
        problem, allocation = read_problem(problem_file), read_allocation(allocation_file)
    except MalformedFileError as error:
        complain(error.message)
        sys.exit(2)
    except OSError as error:
        complain(Message("The machine refused it: %(reason)s", {"reason": error}))
        sys.exit(2)
    verdict = judged(problem, allocation)
    for violation in verdict.violations:
        values = {"breach": violation.message, "rule": violation.rule.value}
        say(Message("Broken: %(breach)s (%(rule)s)", values))
    if verdict.worth:
        tell_figures(problem, allocation)
        _tell_worth(verdict)
    if not verdict.valid:
        complain(Message("The allocation is wrong in %(count)s places.", {"count": len(verdict.violations)}))
        sys.exit(1)
    say(Message("The allocation keeps every rule."))


@click.command()
@click.argument("problem_file", metavar="PROBLEM", type=INPUT)
@click.argument("first_file", metavar="A", type=INPUT)
@click.argument("second_file", metavar="B", type=INPUT)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@reports_errors
def compare(problem_file: Path, first_file: Path, second_file: Path, *, as_json: bool) -> None:
    """Say what allocation B gives and takes beside allocation A, aim by aim."""
    problem = read_problem(problem_file)
    first, second = _checked(problem, first_file), _checked(problem, second_file)
    found = compared(problem, first, second)
    if as_json:
        click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
        return
    _tell_children(found)
    click.echo(_aims(found))
    decided = found.decided_by
    if decided is None:
        say(Message("Both are worth the same."))
        return
    values = {"plan": "AB"[decided.better - 1], "aim": aim_name(decided.aim, decided.rank)}
    say(Message("%(plan)s is better; the first aim in which they differ is: %(aim)s.", values))


def _checked(problem: Problem, path: Path) -> Allocation:
    """Return an allocation that keeps every rule: others are worth nothing, and comparing them would mislead."""
    found = read_allocation(path)
    if not judged(problem, found).valid:
        text = Message("%(file)s breaks rules: “weibao allocate check” says which.", {"file": path})
        raise ConflictError(text)
    return found


def _tell_worth(verdict: Verdict) -> None:
    header = [wording().say(each) for each in (Message("Aim"), Message("Value"))]
    click.echo(table(header, [[aim_name(each.aim, each.rank), f"{each.value:,}"] for each in verdict.worth]))


def _tell_children(found: Comparison) -> None:
    count = Counter(found.children.values())
    values = {change.value: count[change] for change in Change}
    say(
        Message(
            "%(gained)s children have a place in B alone, %(lost)s in A alone, %(other)s have others in B than in A.",
            values,
        )
    )
    for name in found.only_first:
        say(Message("“%(activity)s” is held in A alone.", {"activity": name}))
    for name in found.only_second:
        say(Message("“%(activity)s” is held in B alone.", {"activity": name}))


def _aims(found: Comparison) -> str:
    header = [wording().say(Message("Aim")), "A", "B", "B – A"]
    rows = [
        [aim_name(each.aim, each.rank), f"{each.first:,}", f"{each.second:,}", f"{each.second - each.first:+,}"]
        for each in found.aims
    ]
    return table(header, rows)
