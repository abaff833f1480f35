"""Commands that plugins bring: `weibao <plugin key> <name>`."""

import os
from collections.abc import Mapping

import click

from core.cli.console import reports_errors, say, wording
from core.cli.installation import open_machine
from core.config import Settings, plugins_in
from core.domain.clock import SystemClock
from core.hooks.commands import PluginCommand
from core.hooks.manager import load_hooks


def plugin_groups() -> Mapping[str, click.Group]:
    """Return a group of commands for each installed plugin that has any, by its key."""
    return {key: _group(key, commands) for key, commands in load_hooks(plugins_in(os.environ)).commands().items()}


def _group(key: str, commands: tuple[PluginCommand, ...]) -> click.Group:
    made = {command.name: _command(command) for command in commands}
    return click.Group(key, commands=made, help=", ".join(sorted(made)))


def _command(command: PluginCommand) -> click.Command:
    @reports_errors
    def run(**arguments: str) -> None:
        machine = open_machine(Settings.from_environment(), SystemClock())
        with machine.writing() as session:
            lines = command.run(session, machine.clock, arguments)
        for line in lines:
            say(line)

    words = wording()
    described = "".join(f"\n\n{name.upper()}: {words.say(what)}" for name, what in command.arguments.items())
    return click.Command(
        command.name,
        callback=run,
        params=[click.Argument([name]) for name in command.arguments],
        help=words.say(command.help) + described,
        short_help=words.say(command.help),
    )
