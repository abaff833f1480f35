"""Calls the hooks of the loaded plugins: one typed method for each, so that nobody calls pluggy by name."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy
import structlog
from sqlalchemy.orm import Session

from core.db.histories import History, plugin_history
from core.domain.capabilities import Capability
from core.domain.errors import DomainError, Message
from core.hooks import specs
from core.hooks.commands import PluginCommand
from core.hooks.demo import DemoPart, DemoTown
from core.hooks.joining import Applicant, Obstacle, Standing
from core.hooks.reports import Period, ReportSection, ReportTable
from core.hooks.types import (
    ActivityOutline,
    ActivityType,
    AdminSection,
    Contribution,
    Objection,
    PlannedOutline,
    Program,
    SessionOutline,
    SessionText,
    TermOutline,
    WebPart,
)
from core.hooks.values import require
from core.planning.preferences.base import Preference
from core.planning.rules.base import Rule

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


class PluginFailedError(DomainError):
    """A plugin failed where its answer was needed; what depended on it was not done."""

    code = "plugin_failed"

    def __init__(self, key: str) -> None:
        super().__init__(
            Message("The program “%(key)s” failed, so this was not done: tell whoever looks after it.", {"key": key})
        )


_NO_ANSWER = Obstacle(
    "no_answer",
    Message("The program can't say at the moment whether this is possible."),
    Message("An organizer may decide."),
    waived_by=Capability.PLAN,
)


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
            "planning_preferences": hook.planning_preferences(),
            "report_sections": hook.report_sections(),
            "commands": hook.commands(),
            "admin_sections": hook.admin_sections(),
            "web_parts": hook.web_parts(sections=()),
        }

    def repeated_types(self) -> tuple[str, ...]:
        """Return the keys of activity types that are defined more than once."""
        keys = [kind.key for kinds in self._manager.hook.activity_types() for kind in kinds]
        return tuple(sorted({key for key in keys if keys.count(key) > 1}))

    def eligibility(self, applicant: Applicant, activity: ActivityOutline, standing: Standing) -> tuple[Obstacle, ...]:
        """Return why somebody can't take part, by the program that offers the activity.

        A program that fails lets nobody in but those whom an organizer lets in.
        """
        plugin = self._plugin_of(activity)
        if plugin is None:
            return ()
        try:
            answers = self._of(plugin, "eligibility")(applicant=applicant, activity=activity, standing=standing)
            found = tuple(obstacle for obstacles in answers for obstacle in obstacles)
            require(found, Obstacle)
        except Exception as error:  # noqa: BLE001 (whatever a plugin raises, registration goes on)
            self.fence_off(plugin.key, "eligibility", error)
            return (_NO_ANSWER,)
        return found

    def planning_contributions(
        self, activities: Sequence[ActivityOutline], term: TermOutline, session: Session
    ) -> tuple[Contribution, ...]:
        """Return what the programs add to the problem of a term with these activities."""
        asked = {"activities": activities, "term": term, "session": session}
        found = [answer for plugin in self.plugins for answer in self._asked(plugin, "planning_contribution", asked)]
        require(found, Contribution)
        return tuple(found)

    def planning_rules(self) -> tuple[Rule, ...]:
        """Return the rules of all programs."""
        return tuple(rule for rules in self._manager.hook.planning_rules() for rule in rules)

    def planning_preferences(self) -> tuple[Preference, ...]:
        """Return the preferences of all programs."""
        return tuple(each for preferences in self._manager.hook.planning_preferences() for each in preferences)

    def publishing_objections(
        self, term: TermOutline, sessions: Sequence[PlannedOutline], session: Session
    ) -> tuple[Objection, ...]:
        """Return what the programs want settled before these sessions are published."""
        found: list[Objection] = []
        for plugin in self.plugins:
            own = tuple(row for row in sessions if self._plugin_of(row.activity) is plugin)
            asked = {"term": term, "sessions": own, "session": session}
            answers = self._asked(plugin, "publishing_objections", asked) if own else []
            found.extend(objection for objections in answers for objection in objections)
        require(found, Objection)
        return tuple(found)

    def report_sections(self) -> Mapping[str, tuple[ReportSection, ...]]:
        """Return the parts of reports that each plugin counts, by its key."""
        return {
            plugin.key: tuple(section for sections in self._of(plugin, "report_sections")() for section in sections)
            for plugin in self.plugins
        }

    def counted(self, key: str, section: ReportSection, session: Session, period: Period) -> ReportTable | None:
        """Return the table of a plugin's section, None where the plugin fails."""
        try:
            table = section.count(session, period)
            require((table,), ReportTable)
        except Exception as error:  # noqa: BLE001 (whatever a plugin raises, the report goes on)
            self.fence_off(key, f"report {section.key}", error)
            return None
        return table

    def commands(self) -> Mapping[str, tuple[PluginCommand, ...]]:
        """Return the commands of each plugin that has any, by its key."""
        found = {
            plugin.key: tuple(command for commands in self._of(plugin, "commands")() for command in commands)
            for plugin in self.plugins
        }
        return {key: commands for key, commands in found.items() if commands}

    def demo_parts(self, town: DemoTown) -> Mapping[str, DemoPart]:
        """Return what each plugin brings to the demo, by its key."""
        found = {plugin.key: self._of(plugin, "demo_part")(town=town) for plugin in self.plugins}
        require((part for parts in found.values() for part in parts), DemoPart)
        return {key: parts[0] for key, parts in found.items() if parts}

    def session_text(self, session: SessionOutline) -> SessionText | None:
        """Return what the first plugin that knows the session says of it in calendars, None if none says anything.

        A plugin that fails says nothing.
        """
        for plugin in self.plugins:
            try:
                text = self._of(plugin, "session_text")(session=session)
                if text is not None:
                    require((text,), SessionText)
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

    def _plugin_of(self, activity: ActivityOutline) -> Plugin | None:
        """Return the plugin of the activity's program, None where it is not there today."""
        key = activity.type_key.partition(".")[0]
        return next((plugin for plugin in self.plugins if plugin.key == key), None)

    def _asked(self, plugin: Plugin, hook: str, values: Mapping[str, object]) -> list[Any]:
        """Return a plugin's answers where nothing may go on without it; PluginFailedError names it if it fails."""
        try:
            answers: list[Any] = self._of(plugin, hook)(**values)
        except DomainError:
            raise
        except Exception as error:
            self.fence_off(plugin.key, hook, error)
            raise PluginFailedError(plugin.key) from error
        return answers

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
