"""The `weibao` command; exit codes: 0 done, 1 the work failed with a message, 2 wrong usage."""

import click

from core import __version__
from core.cli.lazy import LazyGroup

_COMMANDS = {
    "demo": "core.cli.demo:demo",
    "feed": "core.cli.feeds:feed",
    "import": "core.cli.data:import_command",
    "init": "core.cli.data:init",
    "plugin": "core.cli.plugins:plugin",
    "serve": "core.cli.serve:serve",
    "template": "core.cli.data:template",
    "user": "core.cli.users:user",
}

_PLANNING = {
    "check": "core.cli.plan_files.reading:check",
    "compare": "core.cli.plan_files.comparing:compare",
    "draw": "core.cli.plan_files.drawing:draw",
    "explain": "core.cli.plan_files.reading:explain",
    "export": "core.cli.planning:export",
    "publish": "core.cli.planning:publish",
    "repair": "core.cli.plan_files.repairing:repair",
    "run": "core.cli.planning:run",
    "solve": "core.cli.plan_files.solving:solve",
    "what-if": "core.cli.plan_files.supposing:what_if",
}


@click.group(cls=LazyGroup, places=_COMMANDS)
@click.version_option(__version__, prog_name="weibao")
def main() -> None:
    """Plan a station's activities, volunteers and rooms, and give everyone a calendar that stays true."""


@main.group(cls=LazyGroup, places=_PLANNING)
def plan() -> None:
    """Plan a term and publish the plan; or solve, check, explain, compare and draw with files alone."""
