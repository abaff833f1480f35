"""`weibao plugin`: what is installed, whether it keeps the contract, and a new one to begin with."""

import keyword
import os
import re
from importlib.metadata import packages_distributions, version
from pathlib import Path
from string import Template
from typing import Final

import click

from core.cli.console import reports_errors, say, wording
from core.config import plugins_in
from core.conformance.databases import databases_on, empty_database
from core.conformance.loading import chosen
from core.conformance.subject import Subject, subject_of
from core.conformance.suite import findings
from core.conformance.words import compile_catalogue
from core.domain.errors import ConflictError, InvalidInputError, Message
from core.hooks.calling import Plugin
from core.hooks.manager import load_hooks

_TEMPLATES: Final = Path(__file__).parent / "data" / "new_plugin"
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST_KEY = 30


@click.group()
def plugin() -> None:
    """Programs and other plugins."""


@plugin.command("list")
@reports_errors
def list_command() -> None:
    """List the installed plugins, and say why one is left out."""
    hooks = load_hooks(plugins_in(os.environ))
    for found in hooks.plugins:
        program = hooks.programs.get(found.key)
        kinds = sum(key.startswith(f"{found.key}.") for key in hooks.activity_types)
        say(
            Message(
                "%(key)s (%(distribution)s): %(name)s, %(count)s kinds of activity",
                {
                    "key": found.key,
                    "distribution": _distribution(found),
                    "name": program.name if program else Message("no program"),
                    "count": kinds,
                },
            )
        )
    for broken in hooks.broken:
        say(Message("%(key)s is left out: %(reason)s", {"key": broken.key, "reason": broken.reason}))


@plugin.command()
@click.argument("names", metavar="[PLUGIN | FOLDER]...", nargs=-1)
@click.option("--postgresql", metavar="URL", help="Check on databases that are made there and removed again.")
@reports_errors
def check(names: tuple[str, ...], postgresql: str | None) -> None:
    """Check that plugins keep what every plugin must keep: all installed ones, or those named by key or by folder."""
    database = empty_database if postgresql is None else databases_on(postgresql)
    hooks = load_hooks(plugins_in(os.environ))
    plugins = chosen(names, hooks)
    wrong = sum(_checked(subject_of(found, hooks.plugins, database)) for found in plugins)
    if wrong:
        say(Message("%(count)s findings.", {"count": wrong}))
        raise SystemExit(1)
    say(Message("%(count)s plugins keep all that a plugin must keep.", {"count": len(plugins)}))


def _checked(subject: Subject) -> int:
    """Print what the checks of a plugin find, and return how much that is."""
    click.echo(f"{subject.plugin.key}:")
    wrong = 0
    for one, complaints in findings(subject):
        click.echo(f"  {'✗' if complaints else '✓'} {wording().say(one.title)}")
        for complaint in complaints:
            click.echo(f"      {complaint}")
        wrong += len(complaints)
    return wrong


@plugin.command()
@click.argument("name")
@click.option("--in", "where", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="The folder.")
@reports_errors
def new(name: str, where: Path) -> None:
    """Write a working plugin with the key NAME to begin with, with tests, into a folder of its own."""
    if not _KEY.fullmatch(name) or keyword.iskeyword(name) or len(name) > _LONGEST_KEY:
        raise InvalidInputError(
            Message(
                "“%(name)s” can't be a plugin's key: take small letters, digits and underscores, at most %(most)s.",
                {"name": name, "most": _LONGEST_KEY},
            )
        )
    if name in {found.key for found in load_hooks().plugins}:
        raise ConflictError(Message("There is a plugin %(name)s already: choose another key.", {"name": name}))
    folder = where / f"weibao-{name}"
    if folder.exists():
        raise ConflictError(Message("%(folder)s is there already: nothing was written.", {"folder": folder}))
    _write(folder, name)
    say(Message("Written: %(folder)s. Next: weibao plugin check %(folder)s", {"folder": folder}))


def _write(folder: Path, key: str) -> None:
    package = folder / f"weibao_{key}"
    catalogue = package / "translations/zh_Hans_CN/LC_MESSAGES/messages.po"
    places = {
        "pyproject.toml": folder,
        "README.md": package,
        "test_plugin.py": folder / "tests",
        "messages.po": catalogue.parent,
    }
    names = {"key": key, "title": key.replace("_", " ").capitalize()}
    for template in sorted(_TEMPLATES.glob("*.txt")):
        path = places.get(template.stem, package) / template.stem
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(template.read_text(encoding="utf-8")).substitute(names), encoding="utf-8")
    compile_catalogue(catalogue)


def _distribution(found: Plugin) -> str:
    """Return the name and version of the distribution that a plugin came with."""
    names = packages_distributions().get(found.module.__name__.partition(".")[0], [])
    return f"{names[0]} {version(names[0])}" if names else "?"
