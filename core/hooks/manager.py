"""Loads plugins from their entry points, validates what they return and calls their hooks by typed methods."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pluggy
import structlog

from core.db.migrate import History, plugin_history
from core.hooks import specs
from core.hooks.types import (
    ActivityOutline,
    ActivityType,
    AdminSection,
    Contribution,
    Program,
    SessionOutline,
    SessionText,
    WebPart,
)
from core.planning.rules.base import Rule

ENTRY_POINTS = "weibao.plugins"
Value = TypeVar("Value")
log = structlog.get_logger()


@dataclass(frozen=True)
class Plugin:
    """A plugin that was found: its key is its entry point's name, `module` holds its hook implementations."""

    key: str
    module: ModuleType

    @property
    def folder(self) -> Path:
        """The folder of its package, in which migrations and translations are found by name."""
        return Path(inspect.getfile(self.module)).parent


@dataclass(frozen=True)
class BrokenPlugin:
    """A plugin that was left out, and why."""

    key: str
    reason: str


@dataclass(frozen=True)
class Failure:
    """A hook or page of a plugin that failed while the product ran; `error` is its kind, never its text."""

    key: str
    where: str
    error: str


class Hooks:
    """The loaded plugins; one typed method for each hook, so that nobody calls pluggy by name.

    What fails while the product runs is fenced off: logged, remembered for staff, and the rest goes on.
    """

    def __init__(self, plugins: Sequence[Plugin], broken: Sequence[BrokenPlugin] = ()) -> None:
        self._manager = pluggy.PluginManager(specs.NAMESPACE)
        self._manager.add_hookspecs(specs)
        # Pluggy asks the last one registered first; the order of the entry points shall hold.
        for plugin in reversed(plugins):
            self._manager.register(plugin.module, name=plugin.key)
        self._manager.check_pending()
        self.plugins = tuple(plugins)
        self.broken = tuple(broken)
        self._failures: dict[tuple[str, str], Failure] = {}

    @property
    def translation_folders(self) -> tuple[Path, ...]:
        """The folders of the plugins' catalogues, where there are any."""
        folders = (plugin.folder / "translations" for plugin in self.plugins)
        return tuple(folder for folder in folders if folder.is_dir())

    @property
    def histories(self) -> tuple[History, ...]:
        """The migrations of the plugins that have tables of their own."""
        return tuple(
            plugin_history(plugin.key, plugin.folder / "migrations" / "versions")
            for plugin in self.plugins
            if (plugin.folder / "migrations").is_dir()
        )

    @cached_property
    def programs(self) -> Mapping[str, Program]:
        """The programs, by key; a plugin that describes none, such as the back office, is no program."""
        return {program.key: program for program in self._manager.hook.program() if program is not None}

    @cached_property
    def activity_types(self) -> Mapping[str, ActivityType]:
        """The kinds of activity of all programs, by key."""
        return {kind.key: kind for kinds in self._manager.hook.activity_types() for kind in kinds}

    def returned_lists(self) -> Mapping[str, Sequence[object]]:
        """Return what each plugin answers to the hooks that are asked for several things, by the hook's name."""
        hook = self._manager.hook
        return {
            "activity_types": hook.activity_types(),
            "planning_rules": hook.planning_rules(),
            "admin_sections": hook.admin_sections(),
            "web_parts": hook.web_parts(sections=()),
        }

    def repeated_types(self) -> tuple[str, ...]:
        """Return the keys of activity types that are defined more than once."""
        keys = [kind.key for kinds in self._manager.hook.activity_types() for kind in kinds]
        return tuple(sorted({key for key in keys if keys.count(key) > 1}))

    def planning_contributions(self, activities: Sequence[ActivityOutline]) -> tuple[Contribution, ...]:
        """Return what the programs add to the problem of a term with these activities."""
        return tuple(self._manager.hook.planning_contribution(activities=activities))

    def planning_rules(self) -> tuple[Rule, ...]:
        """Return the rules of all programs."""
        return tuple(rule for rules in self._manager.hook.planning_rules() for rule in rules)

    def session_text(self, session: SessionOutline) -> SessionText | None:
        """Return what the first plugin that knows the session says of it in calendars, None if none says anything.

        A plugin that fails says nothing.
        """
        for plugin in self.plugins:
            try:
                text = self._of(plugin, "session_text")(session=session)
                if text is not None:
                    _require((text,), SessionText)
            except Exception as error:  # noqa: BLE001 (whatever a plugin raises, the calendar goes out)
                self.fence_off(plugin.key, "session_text", error)
            else:
                if text is not None:
                    found: SessionText = text
                    return found
        return None

    @property
    def failures(self) -> tuple[Failure, ...]:
        """What has failed in this process so far, each once, by plugin."""
        return tuple(sorted(self._failures.values(), key=lambda failure: (failure.key, failure.where)))

    def fence_off(self, key: str, where: str, error: Exception) -> None:
        """Log and remember that a plugin failed, by the error's kind: its text may quote somebody."""
        log.error("plugin_failed", plugin=key, where=where, exc_info=error)
        self._failures[key, where] = Failure(key, where, type(error).__name__)

    def owner_of(self, part: WebPart) -> str | None:
        """Return the key of the plugin that a web part belongs to."""
        return self._owners.get(part.name)

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        sections = self.admin_sections()
        return {
            part.name: plugin.key
            for plugin in self.plugins
            for parts in self._of(plugin, "web_parts")(sections=sections)
            for part in parts
        }

    def _of(self, plugin: Plugin, hook: str) -> Callable[..., Any]:
        """Return the caller of a hook that asks this plugin alone."""
        others = [other.module for other in self.plugins if other is not plugin]
        return self._manager.subset_hook_caller(hook, others)

    def admin_sections(self) -> tuple[AdminSection, ...]:
        """Return the tables that plugins show in the back office."""
        return tuple(section for sections in self._manager.hook.admin_sections() for section in sections)

    def web_parts(self) -> tuple[WebPart, ...]:
        """Return the pages of all plugins."""
        sections = self.admin_sections()
        return tuple(part for parts in self._manager.hook.web_parts(sections=sections) for part in parts)


def load_hooks(only: Iterable[str] | None = None) -> Hooks:
    """Return the hooks of the installed plugins, or of those named in `only`; a broken one is named and left out."""
    chosen = None if only is None else frozenset(only)
    found, broken = [], []
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        if chosen is not None and point.name not in chosen:
            continue
        try:
            found.append(Plugin(point.name, point.load()))
        except Exception as error:  # noqa: BLE001 (whatever a plugin raises, the others shall run)
            broken.append(BrokenPlugin(point.name, f"{type(error).__name__}: {error}"))
    return build_hooks(found, broken)


def build_hooks(plugins: Sequence[Plugin], broken: Sequence[BrokenPlugin] = ()) -> Hooks:
    """Return the hooks of those `plugins` that keep the contract; the others join `broken`."""
    sound: list[Plugin] = []
    failed = list(broken)
    for plugin in plugins:
        reason = _complaint(plugin) or _clash(plugin, sound)
        if reason is None:
            sound.append(plugin)
        else:
            failed.append(BrokenPlugin(plugin.key, reason))
    for left_out in failed:
        log.error("plugin_left_out", plugin=left_out.key, reason=left_out.reason)
    return Hooks(sound, failed)


def _complaint(plugin: Plugin) -> str | None:
    """Return how the plugin breaks the contract, None if it keeps it: every hook is tried once on empty input."""
    try:
        hooks = Hooks([plugin])
        _require_lists(hooks)
        _require(hooks.programs.values(), Program)
        _require(hooks.activity_types.values(), ActivityType)
        _require_own(plugin, hooks)
        _require(hooks.planning_contributions(()), Contribution)
        _require_rules(hooks.planning_rules())
        _require(hooks.admin_sections(), AdminSection)
        _require(hooks.web_parts(), WebPart)
    except Exception as error:  # noqa: BLE001 (whatever a plugin raises, the others shall run)
        return f"{type(error).__name__}: {error}"
    return None


def _require_lists(hooks: Hooks) -> None:
    for name, returned in hooks.returned_lists().items():
        for values in returned:
            if isinstance(values, str) or not isinstance(values, Sequence):
                kind = type(values).__name__
                raise TypeError(f"{name} returned {kind} where the contract asks for a list or a tuple")


def _require(values: Iterable[object], kind: type[Any]) -> None:
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(f"a hook returned {type(value).__name__} where the contract asks for {kind.__name__}")


def _require_own(plugin: Plugin, hooks: Hooks) -> None:
    if twice := hooks.repeated_types():
        raise ValueError(f"activity types are defined twice: {', '.join(twice)}")
    if foreign := [key for key in hooks.programs if key != plugin.key]:
        raise ValueError(f"the program's key must be '{plugin.key}', not {', '.join(foreign)}")
    if foreign := [key for key in hooks.activity_types if not key.startswith(f"{plugin.key}.")]:
        raise ValueError(f"activity types must begin with '{plugin.key}.': {', '.join(foreign)}")


def _require_rules(rules: Iterable[object]) -> None:
    # A protocol can't be asked by isinstance; a rule says what it is by subclassing it.
    for rule in rules:
        if Rule not in type(rule).__mro__:
            raise TypeError(f"{type(rule).__name__} is no subclass of Rule")


def _clash(plugin: Plugin, others: Sequence[Plugin]) -> str | None:
    """Return what the plugin has in common with one loaded before it, None if nothing."""
    if plugin.key in {other.key for other in others}:
        return "another plugin has the same key"
    return None
