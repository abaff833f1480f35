"""Groups of commands that are imported only when they are asked for: a planner's file needs no database.

What a group's help says of its commands is read from their source, so that saying it imports none of them.
"""

import ast
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

_ROOT = Path(__file__).parents[2]


class LazyGroup(click.Group):
    """A group that knows where its commands are: name → `module:attribute`."""

    def __init__(self, *args: Any, places: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in order."""
        return sorted({*super().list_commands(ctx), *self._places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now if it wasn't before; None if there is none of that name."""
        if cmd_name not in self._places:
            return super().get_command(ctx, cmd_name)
        module, attribute = self._places[cmd_name].split(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            message = f"{self._places[cmd_name]} is no command"
            raise TypeError(message)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click passes it)
        """Write the commands with what each is for."""
        self.write_places(formatter)

    def write_places(self, formatter: click.HelpFormatter) -> None:
        """Write the commands with what each is for; those that are imported already say it themselves."""
        unread = {name: click.Command(name, help=said_in(place)) for name, place in self._places.items()}
        every = sorted({**self.commands, **unread}.items())
        room = formatter.width - 6 - max(len(name) for name, _command in every)
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(room)) for name, command in every])


def said_in(place: str) -> str:
    """Return the docstring of the function at `module:attribute`, read from its source; empty where it has none."""
    module, attribute = place.split(":")
    source = _ROOT.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")
    functions = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    return next((ast.get_docstring(node) or "" for node in functions if node.name == attribute), "")
