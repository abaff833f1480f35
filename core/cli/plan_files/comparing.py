"""`weibao plan compare`: two plans, term by term and session by session."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from core.cli.console import complain, reports_errors, say, wording
from core.cli.plan_files.figures import term
from core.cli.plan_files.opening import INPUT, known_rules, read_both
from core.cli.tables import table
from core.domain.errors import Message
from core.planning.compare import Comparison, Difference, SessionComparison, TermComparison
from core.planning.compare import compare as compared
from core.planning.moments import iso
from core.planning.plan import PlannedSession


@click.command()
@click.argument("problem_file", metavar="PROBLEM", type=INPUT)
@click.argument("first_file", metavar="A", type=INPUT)
@click.argument("second_file", metavar="B", type=INPUT)
@click.option("--other-problem", type=INPUT, help="The problem of B, such as “plan what-if” makes.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@reports_errors
def compare(
    problem_file: Path, first_file: Path, second_file: Path, other_problem: Path | None, *, as_json: bool
) -> None:
    """Say what plan B gives and takes beside plan A: sessions that differ, then amounts and costs."""
    problem, first = read_both(problem_file, first_file)
    other, second = read_both(other_problem or problem_file, second_file)
    known = known_rules()
    found = compared(problem, first, second, other_problem=other, rules=known.rules, preferences=known.preferences)
    if as_json:
        click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
        return
    for each in found.sessions:
        say(told(each))
    say(counted(found))
    click.echo(terms(found))
    for name, audit in (("A", found.first), ("B", found.second)):
        if not audit.valid:
            values = {"plan": name, "count": len(audit.breaches)}
            complain(Message("Plan %(plan)s breaks rules in %(count)s places.", values))


def counted(found: Comparison) -> Message:
    """Return in one sentence how many sessions differ."""
    count = Counter(difference for each in found.sessions for difference in each.differences)
    return Message(
        "%(moved)s sessions at another time, %(rehoused)s in another room, %(restaffed)s with other staff; "
        "%(only_first)s held in A alone, %(only_second)s in B alone.",
        {difference.value: count[difference] for difference in Difference},
    )


def told(each: SessionComparison) -> Message:
    """Return in one sentence how a session differs."""
    activity, index = each.key
    title = Message("%(title)s, session %(number)s", {"title": activity, "number": index + 1})
    return Message("%(title)s: %(differences)s", {"title": title, "differences": tuple(_differences(each))})


def _differences(each: SessionComparison) -> Iterator[Message]:
    one, two = each.first, each.second
    if one is None or two is None:
        yield Message("held in A alone") if two is None else Message("held in B alone")
        return
    if Difference.MOVED in each.differences:
        values = {"before": iso(one.start), "after": iso(two.start)}
        yield Message("%(before)s becomes %(after)s", values)
    if Difference.REHOUSED in each.differences:
        yield Message("%(before)s becomes %(after)s", {"before": one.room, "after": two.room})
    if Difference.RESTAFFED in each.differences:
        yield from _staff(one, two)


def _staff(one: PlannedSession, two: PlannedSession) -> Iterator[Message]:
    before, after = (tuple(sorted(set(row.people()))) for row in (one, two))
    if gone := tuple(name for name in before if name not in after):
        yield Message("without %(people)s", {"people": gone})
    if come := tuple(name for name in after if name not in before):
        yield Message("with %(people)s", {"people": come})
    if not gone and not come:
        yield Message("the same people in other roles")


def terms(found: Comparison) -> str:
    """Return the table of the terms that either plan has any of; prices are shown where they differ."""
    repriced = any(each.first.weight != each.second.weight for each in found.terms)
    headings = [Message("How much"), *([Message("Price of each")] if repriced else []), Message("Cost")]
    header = [wording().say(Message("What")), *(f"{wording().say(each)} {plan}" for each in headings for plan in "AB")]
    rows = [_row(each, repriced=repriced) for each in found.terms if each.first.amount or each.second.amount]
    blank = [""] * (4 if repriced else 2)
    total = [wording().say(Message("In all")), *blank, f"{found.first.cost:,}", f"{found.second.cost:,}"]
    return table([*header, "B – A"], [*rows, [*total, f"{found.difference:+,}"]])


def _row(each: TermComparison, *, repriced: bool) -> list[str]:
    one, two = each.first, each.second
    weights = [one.weight, two.weight] if repriced else []
    figures = [one.amount, two.amount, *weights, one.cost, two.cost]
    return [term(each.name), *(f"{figure:,}" for figure in figures), f"{each.difference:+,}"]
