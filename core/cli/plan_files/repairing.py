"""`weibao plan repair`: what else could be done with one session or one staff place, and what each would cost."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import click

from core.cli.console import reports_errors, say, wording
from core.cli.plan_files.figures import term
from core.cli.plan_files.opening import INPUT, OUTPUT, known_rules, made_ready, read_both
from core.cli.tables import table
from core.domain.errors import Message, NotFoundError
from core.exchange.files import write_json
from core.planning.moments import iso
from core.planning.plan import PlannedSession, SessionKey
from core.planning.repair import repairs
from core.planning.suggestions import Repair, Suggestions

#: The sessions that people gain, lose, and serve in at another time.
_Duties: TypeAlias = tuple[tuple[SessionKey, ...], tuple[SessionKey, ...], tuple[SessionKey, ...]]


def session_key(_context: click.Context, _parameter: click.Parameter, given: str) -> SessionKey:
    """Read `ACTIVITY#NUMBER`; numbers are counted from 1, as everywhere that people read."""
    activity, _, number = given.rpartition("#")
    if not activity or not (number.isascii() and number.isdigit()) or int(number) < 1:
        raise click.BadParameter(f"{given!r} is not ACTIVITY#NUMBER, such as talk#2 for its second session.")
    return activity, int(number) - 1


@click.command()
@click.argument("problem_file", metavar="PROBLEM", type=INPUT)
@click.argument("plan_file", metavar="PLAN", type=INPUT)
@click.option("--session", "key", required=True, metavar="ACTIVITY#NUMBER", callback=session_key, help="The session.")
@click.option("--role", help="Ask who else could serve in this role, not when and where else it could be.")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many are shown.")
@click.option("-o", "--output", type=OUTPUT, help="Where to write the plan with the one that is taken.")
@click.option("--take", type=click.IntRange(min=1), help="Take the one with this number.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@reports_errors
def repair(
    problem_file: Path,
    plan_file: Path,
    key: SessionKey,
    role: str | None,
    limit: int,
    output: Path | None,
    take: int | None,
    *,
    as_json: bool,
) -> None:
    """Say when and where else a session of PLAN could be held, or who else could serve in it, the cheapest first.

    Everything else stays as it is, but for what each of them says.
    """
    if (output is None) != (take is None):
        raise click.UsageError("--output and --take go together.")
    if output is not None:
        made_ready(output, problem_file, plan_file)
    problem, plan = read_both(problem_file, plan_file)
    limit = max(limit, take or 0)
    known = known_rules()
    found = repairs(problem, plan, key, role=role, limit=limit, rules=known.rules, preferences=known.preferences)
    if as_json:
        click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    else:
        tell(found)
    if output is not None and take is not None:
        write_json(output, taken(found, take).plan.to_json())
        if not as_json:
            say(Message("Written: %(file)s", {"file": output}))


def taken(found: Suggestions, number: int) -> Repair:
    """Return the alternative with that number, counted from 1; NotFoundError if there are fewer."""
    if number > len(found.ranked):
        values = {"number": number, "count": len(found.ranked)}
        raise NotFoundError(Message("There is no number %(number)s: there are %(count)s.", values))
    return found.ranked[number - 1]


def tell(found: Suggestions) -> None:
    """Print how it is now, the alternatives in a table with what each disturbs, and why there are no more."""
    if found.kept is None:
        say(Message("%(title)s: not held so far", {"title": title(found.key)}))
    else:
        say(Message("%(title)s: so far %(place)s", {"title": title(found.key), "place": told(found.kept)}))
    if found.fixed is not None:
        say(found.fixed)
    header = [wording().say(Message("What could be instead")), wording().say(Message("Cost difference"))]
    rows = [(f"{n}. {_said(told(each.session))}", f"{each.difference:+,}") for n, each in enumerate(found.ranked, 1)]
    if rows:
        heading, *lines = table(header, rows).splitlines()
        click.echo(heading)
        for line, each in zip(lines, found.ranked, strict=True):
            click.echo(line)
            for disturbance in disturbances(found.key, each):
                click.echo(f"     {_said(disturbance)}")
    else:
        say(Message("There is no alternative."))
    if found.why:
        say(Message("Not possible: %(reasons)s.", {"reasons": found.why}))


def told(row: PlannedSession) -> Message:
    """Return when and where a session is held, and by whom."""
    values = {"start": iso(row.start), "room": row.room, "people": row.people()}
    if row.room is None:
        return Message("%(start)s; %(people)s", values)
    return Message("%(start)s, %(room)s; %(people)s", values)


def disturbances(key: SessionKey, each: Repair) -> Iterator[Message]:
    """Yield in sentences what changes beside the session's own time and place, and what that does to the cost."""
    if each.session.key != key:
        yield Message("It becomes session %(number)s.", {"number": each.session.index + 1})
    rows = {row.key: row for row in each.plan.sessions}
    for other in each.along:
        yield Message("Moves with it: %(title)s, %(place)s", {"title": title(other), "place": told(rows[other])})
    for other in each.gives_way:
        yield Message("Gives way: %(title)s, %(place)s", {"title": title(other), "place": told(rows[other])})
    alike = defaultdict[_Duties, list[str]](list)
    for change in each.people:
        alike[change.gains, change.loses, change.moves].append(change.person)
    for duties, people in alike.items():
        yield from _changed(duties, tuple(people))
    if each.published:
        values = {"sessions": tuple(title(other) for other in each.published)}
        yield Message("Differs from what was published: %(sessions)s", values)
    if each.terms:
        terms = tuple(f"{term(name)} {amount:+,}" for name, amount in each.terms.items())
        yield Message("Counted: %(terms)s", {"terms": terms})


def _changed(duties: _Duties, people: tuple[str, ...]) -> Iterator[Message]:
    gains, loses, moves = (tuple(title(key) for key in keys) for keys in duties)
    values: dict[str, object] = {"people": people, "gains": gains, "loses": loses, "moves": moves}
    if gains and loses:
        yield Message("Called away from %(loses)s for %(gains)s: %(people)s", values)
    elif gains:
        yield Message("Also serving in %(gains)s: %(people)s", values)
    elif loses:
        yield Message("No longer serving in %(loses)s: %(people)s", values)
    if moves:
        yield Message("At another time in %(moves)s: %(people)s", values)


def title(key: SessionKey) -> Message:
    """Return what a session is called."""
    return Message("%(title)s, session %(number)s", {"title": key[0], "number": key[1] + 1})


def _said(message: Message) -> str:
    return wording().say(message)
