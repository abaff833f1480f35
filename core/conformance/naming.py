"""Names: everything that a plugin adds carries its key, and is nobody else's."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import inspect

from core.conformance.subject import Subject
from core.db.base import Base, OfAChild, StationScoped
from core.hooks.calling import Plugin

_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

_COMMAND = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def loads(subject: Subject) -> Iterator[str]:
    """Yield why the plugin is left out, alone or beside the others, and whom it makes core leave out."""
    yield from (left_out.reason for left_out in subject.alone.broken)
    for left_out in subject.together.broken:
        if left_out.key == subject.plugin.key and not subject.alone.broken:
            yield f"beside the others: {left_out.reason}"


def names(subject: Subject) -> Iterator[str]:
    """Yield names that are not the plugin's to give, or that are given twice."""
    key = subject.plugin.key
    if not _KEY.fullmatch(key):
        yield f"the key “{key}” is not made of small letters, digits and single underscores"
    for other in subject.together.plugins:
        for short, long in ((key, other.key), (other.key, key)):
            if long.startswith(f"{short}_"):
                yield f"“{long}” begins with “{short}_”: its tables would be taken for those of “{short}”"
    hooks = subject.together
    parts = hooks.web_parts()
    yield from _twice("admin section", (section.key for section in hooks.admin_sections()))
    yield from _twice("web part", (part.name for part in parts))
    yield from _twice("endpoint", (endpoint for part in parts for endpoint in part.permissions))
    yield from _planning_names(subject)
    yield from _twice("report section", (section.key for one in hooks.report_sections().values() for section in one))
    for section in subject.alone.report_sections().get(key, ()):
        if not section.key.startswith(f"{key}_"):
            yield f"the report section “{section.key}” must begin with “{key}_”"
    yield from _command_names(subject)
    for part in subject.alone.web_parts():
        for entry in part.menu:
            if entry.endpoint not in part.permissions:
                yield f"the menu leads to “{entry.endpoint}”, for which “{part.name}” names no permission"


def _planning_names(subject: Subject) -> Iterator[str]:
    yield from _twice("planning rule", (rule.name for rule in subject.together.planning_rules()))
    yield from _twice(
        "planning preference", (preference.name for preference in subject.together.planning_preferences())
    )
    rules = (rule.name for rule in subject.alone.planning_rules())
    preferences = (preference.name for preference in subject.alone.planning_preferences())
    for name in (*rules, *preferences):
        if not name.startswith(f"{subject.plugin.key}."):
            yield f"“{name}” of the planning must begin with “{subject.plugin.key}.”"


def _command_names(subject: Subject) -> Iterator[str]:
    for key, commands in subject.alone.commands().items():
        yield from _twice("command", (command.name for command in commands))
        for command in commands:
            if not _COMMAND.fullmatch(command.name):
                yield f"the command “{key} {command.name}” is not made of small letters, digits and hyphens"


def tables(subject: Subject) -> Iterator[str]:
    """Yield tables without the plugin's name or without a station, and tables without migrations."""
    key = subject.plugin.key
    found = models_of(subject.plugin)
    for model in found:
        if not model.__tablename__.startswith(f"{key}_"):
            yield f"the table “{model.__tablename__}” must begin with “{key}_”"
        if not issubclass(model, StationScoped):
            yield f"the table “{model.__tablename__}” belongs to no station: let {model.__name__} be StationScoped"
        if _is_of_a_child(model) and not issubclass(model, OfAChild):
            yield f"the table “{model.__tablename__}” shows sealed files to everybody: let {model.__name__} be OfAChild"
    if bool(found) is not bool(subject.alone.histories):
        yield "there are tables without migrations/versions, or migrations without tables"


def _is_of_a_child(model: type[Base]) -> bool:
    keys = inspect(model).local_table.foreign_keys
    return any(key.target_fullname == "children.id" for key in keys)


def templates(subject: Subject) -> Iterator[str]:
    """Yield templates that could hide those of core or of another plugin."""
    folder = subject.plugin.folder / "templates"
    for path in sorted(folder.rglob("*.html")):
        if path.relative_to(folder).parts[0] != subject.plugin.key:
            yield f"{path.relative_to(subject.plugin.folder)} must lie in templates/{subject.plugin.key}/"


def models_of(plugin: Plugin) -> tuple[type[Base], ...]:
    """Return the mapped classes that the plugin's package defines."""
    package = plugin.module.__name__.rpartition(".")[0] or plugin.module.__name__
    return tuple(
        mapper.class_ for mapper in Base.registry.mappers if f"{mapper.class_.__module__}.".startswith(f"{package}.")
    )


def _twice(what: str, found: Iterable[str]) -> Iterator[str]:
    for name, count in Counter(found).items():
        if count > 1:
            yield f"the {what} “{name}” is there {count} times"
