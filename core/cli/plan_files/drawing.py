"""`weibao plan draw`: a plan as a picture; the library that draws is an extra that not everybody installs."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import click

from core.cli.console import reports_errors, say, wording
from core.cli.plan_files.opening import INPUT, OUTPUT, made_ready
from core.cli.plan_files.picture import Picture, picture_of
from core.domain.errors import DomainError, Message
from core.exchange.files import read_json, write_bytes
from core.planning.backdrop import Backdrop
from core.planning.files import read_problem
from core.planning.plan import Plan
from core.planning.reading import Node

FORMATS = (".png", ".svg")


class DrawingMissingError(DomainError):
    """The library that draws isn't installed."""

    code = "drawing_missing"


@click.command()
@click.argument("plan_file", metavar="PLAN", type=INPUT)
@click.option("-o", "--output", type=OUTPUT, required=True, help="The picture's file, .png or .svg.")
@click.option("--problem", "problem_file", type=INPUT, help="Its problem, for a plan that “plan solve” didn't write.")
@reports_errors
def draw(plan_file: Path, output: Path, problem_file: Path | None) -> None:
    """Draw PLAN: rooms and days in the colours of programs, and its cost over time."""
    if output.suffix not in FORMATS:
        raise click.BadParameter("The picture's file ends in .png or .svg.", param_hint="--output")
    made_ready(output, plan_file)
    picture = read_picture(plan_file, problem_file)
    write_bytes(output, _chart().drawn(picture, output.suffix.removeprefix("."), wording()))
    say(Message("Written: %(file)s", {"file": output}))


def read_picture(plan_file: Path, problem_file: Path | None) -> Picture:
    """Return what is to be drawn, by the problem if it is given, else by what the plan's file says of it."""
    node = Node(read_json(plan_file))
    plan = Plan.read(node)
    if problem_file is not None:
        backdrop = Backdrop.of(read_problem(problem_file))
    elif (told := node.get("backdrop")) is not None:
        backdrop = Backdrop.read(told)
    else:
        raise node.fail(Message("The plan doesn't say what rooms and activities there are: add --problem."))
    return picture_of(plan, backdrop, node.some("history", _milestone))


def _milestone(node: Node) -> tuple[float, int, int]:
    seconds, cost, bound = node.triple()
    if isinstance(seconds.value, bool) or not isinstance(seconds.value, int | float):
        raise seconds.fail(Message("A number is expected."))
    return float(seconds.value), cost.whole(-(2**63), 2**63), bound.whole(-(2**63), 2**63)


def _chart() -> ModuleType:
    try:
        # Only who draws pays for the library, which takes a second to load.
        return import_module("core.cli.plan_files.chart")
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("matplotlib"):
            raise
        raise DrawingMissingError(
            Message("Drawing needs one more package: install it with “%(command)s”.", {"command": INSTALL})
        ) from None


INSTALL = "pip install 'weibao[draw]'"
