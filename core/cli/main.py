"""The `weibao` command; exit codes: 0 done, 1 the work failed with a message, 2 wrong usage."""

from collections.abc import Mapping
from importlib import import_module

import click

from core import __version__
from core.cli.lazy import LazyGroup

_COMMANDS = {
    "audit": "core.cli.audit:audit",
    "backup": "core.cli.backups:backup",
    "children": "core.cli.children:children",
    "compliance": "core.cli.compliance:compliance",
    "daily": "core.cli.daily:daily",
    "demo": "core.cli.demo:demo",
    "feed": "core.cli.feeds:feed",
    "import": "core.cli.imports:import_group",
    "init": "core.cli.data:init",
    "key": "core.cli.keys:key",
    "notices": "core.cli.notices:notices",
    "plugin": "core.cli.plugins:plugin",
    "restore": "core.cli.backups:restore",
    "retention": "core.cli.retention:retention",
    "serve": "core.cli.serve:serve",
    "template": "core.cli.data:template",
    "user": "core.cli.users:user",
}

_ALLOCATION = {
    "check": "core.cli.allocation_files.reading:check",
    "compare": "core.cli.allocation_files.reading:compare",
    "solve": "core.cli.allocation_files.solving:solve",
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


class _Main(LazyGroup):
    """Core's commands, and a group for each plugin that has some: they are asked for when a name is not core's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of core's commands, then the plugins'."""
        return [*super().list_commands(ctx), *sorted(self._of_plugins())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return core's command of that name, else the plugin's group."""
        return super().get_command(ctx, cmd_name) or self._of_plugins().get(cmd_name)

    def _of_plugins(self) -> Mapping[str, click.Group]:
        # Imported now: a planner's file needs no database.
        found: Mapping[str, click.Group] = import_module("core.cli.of_plugins").plugin_groups()
        return found


@click.group(cls=_Main, places=_COMMANDS)
@click.version_option(__version__, prog_name="weibao")
def main() -> None:
    """Plan a station's activities, volunteers and rooms, and give everyone a calendar that stays true."""


@main.group(cls=LazyGroup, places=_PLANNING)
def plan() -> None:
    """Plan a term and publish the plan; or solve, check, explain, compare and draw with files alone."""


@main.group(cls=LazyGroup, places=_ALLOCATION)
def allocate() -> None:
    """Give children's wishes places, fairly and so that anybody can check it, with files alone."""
