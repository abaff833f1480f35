"""`weibao plan what-if`: a changed copy of a problem, to be solved and compared."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeAlias

import click

from core.cli.console import reports_errors, say
from core.cli.plan_files.opening import INPUT, OUTPUT, made_ready
from core.domain.errors import Message
from core.planning import what_if as changes
from core.planning.files import read_problem, write_problem
from core.planning.moments import day_of, from_datetime
from core.planning.problem import Problem

#: A name and its number, as in `trips=8`.
Setting: TypeAlias = tuple[str, int]
#: A person's id with the first and last day of an absence.
Absence: TypeAlias = tuple[str, date, date]


def setting(_context: click.Context, _parameter: click.Parameter, given: Iterable[str]) -> tuple[Setting, ...]:
    """Read `NAME=NUMBER`, a whole number from 0."""
    return tuple(_setting(text) for text in given)


def absence(_context: click.Context, _parameter: click.Parameter, given: Iterable[str]) -> tuple[Absence, ...]:
    """Read `PERSON=DAY` or `PERSON=DAY..DAY`, days as 2027-02-03."""
    return tuple(_absence(text) for text in given)


@click.command("what-if")
@click.argument("problem_file", metavar="PROBLEM", type=INPUT)
@click.option("-o", "--output", type=OUTPUT, required=True, help="The copy's file, .json or .json.gz.")
@click.option("--more-like", multiple=True, metavar="PERSON", help="One more person who can do and offers the same.")
@click.option("--without-person", multiple=True, metavar="PERSON", help="Somebody who can't serve any more.")
@click.option("--away", multiple=True, metavar="PERSON=DAY[..DAY]", callback=absence, help="Somebody away on days.")
@click.option("--without-room", multiple=True, metavar="ROOM", help="A room that is closed.")
@click.option("--weight", multiple=True, metavar="TERM=N", callback=setting, help="Another price.")
@click.option("--size", multiple=True, metavar="ACTIVITY=N", callback=setting, help="Another number of children.")
@click.option("--min-adults", multiple=True, metavar="ACTIVITY=N", callback=setting, help="Adults who must be there.")
@reports_errors
def what_if(problem_file: Path, output: Path, **asked: Iterable[Any]) -> None:
    """Write a copy of PROBLEM with changes; solve it, then “plan compare” it with the plan there is."""
    made_ready(output, problem_file)
    write_problem(output, changed(read_problem(problem_file), asked))
    say(Message("Written: %(file)s", {"file": output}))


def changed(problem: Problem, asked: Mapping[str, Iterable[Any]]) -> Problem:
    """Return the problem with all that was asked for; who is to be doubled is doubled before anybody is gone."""
    for person in asked["more_like"]:
        problem = changes.with_one_more_like(problem, person)
    for person in asked["without_person"]:
        problem = changes.without_person(problem, person)
    for person, first, last in asked["away"]:
        problem = changes.with_person_away(problem, person, _day(first), _day(last))
    for room in asked["without_room"]:
        problem = changes.without_room(problem, room)
    for term, weight in asked["weight"]:
        problem = changes.with_weight(problem, term, weight)
    for activity, size in asked["size"]:
        problem = changes.with_activity(problem, activity, size=size)
    for activity, adults in asked["min_adults"]:
        problem = changes.with_activity(problem, activity, min_adults=adults)
    return problem


def _setting(text: str) -> Setting:
    name, _, number = text.rpartition("=")
    if not name or not (number.isascii() and number.isdigit()):
        raise click.BadParameter(f"{text!r} is not NAME=NUMBER.")
    return name, int(number)


def _absence(text: str) -> Absence:
    person, _, days = text.rpartition("=")
    first, _, last = days.partition("..")
    try:
        return person, date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not PERSON=DAY or PERSON=DAY..DAY, such as an=2027-02-03.") from None


def _day(day: date) -> int:
    return day_of(from_datetime(datetime.combine(day, time())))
