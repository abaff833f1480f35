"""Plugins that are checked: installed ones by their key, others by the folder of their distribution."""

import sys
import tomllib
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from core.domain.errors import InvalidInputError, Message, NotFoundError
from core.hooks.calling import Hooks, Plugin
from core.hooks.installed import ENTRY_POINTS


def plugin_at(folder: Path) -> Plugin:
    """Return the plugin whose `pyproject.toml` lies in a folder, installed or not.

    Raises NotFoundError where there is none, InvalidInputError where the file names no plugin or several. Whatever the
    plugin's own module raises is raised.
    """
    file = folder / "pyproject.toml"
    if not file.is_file():
        raise NotFoundError(
            Message("There is no plugin in %(folder)s: its pyproject.toml is missing.", {"folder": folder})
        )
    try:
        project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
        ((key, module),) = project["entry-points"][ENTRY_POINTS].items()
    except (KeyError, ValueError, AttributeError) as error:
        raise InvalidInputError(
            Message(
                '%(file)s names no plugin: one line under [project.entry-points."weibao.plugins"] is needed.',
                {"file": file},
            )
        ) from error
    source = folder / "src" if (folder / "src").is_dir() else folder
    sys.path.insert(0, str(source.resolve()))
    return Plugin(key, import_module(module))


def chosen(names: Sequence[str], hooks: Hooks) -> tuple[Plugin, ...]:
    """Return the plugins of these names, keys or folders; without names all that are installed and load."""
    if not names:
        return hooks.plugins
    installed = {plugin.key: plugin for plugin in hooks.plugins}
    return tuple(installed[name] if name in installed else _other(name, hooks) for name in names)


def _other(name: str, hooks: Hooks) -> Plugin:
    for broken in hooks.broken:
        if broken.key == name:
            raise InvalidInputError(
                Message("The plugin %(name)s does not load: %(reason)s", {"name": name, "reason": broken.reason})
            )
    if not Path(name).is_dir():
        raise NotFoundError(
            Message("%(name)s is neither an installed plugin nor a folder: see “weibao plugin list”.", {"name": name})
        )
    return plugin_at(Path(name))
