"""The `weibao` command; exit codes: 0 done, 1 the work failed with a message, 2 wrong usage."""

import click

from core import __version__
from core.cli.data import import_command, init, template
from core.cli.demo import demo
from core.cli.feeds import feed
from core.cli.plan_files.comparing import compare
from core.cli.plan_files.drawing import draw
from core.cli.plan_files.reading import check, explain
from core.cli.plan_files.repairing import repair
from core.cli.plan_files.solving import solve
from core.cli.plan_files.supposing import what_if
from core.cli.planning import plan
from core.cli.serve import serve
from core.cli.users import user


@click.group()
@click.version_option(__version__, prog_name="weibao")
def main() -> None:
    """Plan a station's activities, volunteers and rooms, and give everyone a calendar that stays true."""


for command in (demo, feed, import_command, init, plan, serve, template, user):
    main.add_command(command)

for command in (check, compare, draw, explain, repair, solve, what_if):
    plan.add_command(command)
