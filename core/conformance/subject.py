"""What is checked, and what a check is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.conformance.databases import EmptyDatabase, empty_database
from core.domain.errors import Message
from core.hooks.calling import Hooks, Plugin
from core.hooks.manager import build_hooks
from core.hooks.types import ActivityType


@dataclass(frozen=True)
class Subject:
    """A plugin, its hooks by themselves and beside those of all other plugins, and where its tables are tried."""

    plugin: Plugin
    alone: Hooks
    together: Hooks
    empty_database: EmptyDatabase = empty_database

    @property
    def kinds(self) -> tuple[ActivityType, ...]:
        """The kinds of activity that the plugin offers."""
        return tuple(self.alone.activity_types.values())


@dataclass(frozen=True)
class Check:
    """One thing that a plugin must keep: `look` yields what is wrong, for its author, and nothing if all is well."""

    name: str
    title: Message
    look: Callable[[Subject], Iterable[str]]


def subject_of(plugin: Plugin, others: Iterable[Plugin], database: EmptyDatabase = empty_database) -> Subject:
    """Return the plugin as a subject, with others beside it; itself among them only once."""
    beside = [other for other in others if other.key != plugin.key]
    return Subject(plugin, build_hooks([plugin]), build_hooks([*beside, plugin]), database)
