"""The values that plugins return: frozen, and validated by the manager before anything uses them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.domain.capabilities import Asked, Capability
from core.domain.errors import Message
from core.domain.vocabulary import ActivityLine, Skill, Zone

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from core.planning.problem import Relation


class Audience(StrEnum):
    """Who takes part in an activity."""

    CHILDREN = "children"
    GUARDIANS = "guardians"
    FAMILIES = "families"


class FieldKind(StrEnum):
    """What a setting's input takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    CHOICE = "choice"
    FLAG = "flag"
    #: Several lines of text, each an item of a list.
    LINES = "lines"
    #: A day, kept as ISO 8601.
    DATE = "date"
    #: The id of something that the station has entered, from what `options` offers.
    REFERENCE = "reference"


@dataclass(frozen=True)
class Program:
    """A program that stations run; `key` is the plugin's, `color` how calendars show it, one of the names of CSS."""

    key: str
    name: Message
    description: Message
    color: str = "gray"


@dataclass(frozen=True)
class SettingField:
    """One question that an activity type's form asks beyond what every activity has.

    `choices` are pairs of stored value and label, for CHOICE; `options` returns pairs of id and name for REFERENCE, of
    what the reader of the session reaches in a term. `minimum` and `maximum` bound an INTEGER, the length of a text or
    the number of LINES.
    """

    key: str
    label: Message
    kind: FieldKind
    required: bool = False
    default: str | int | bool | None = None
    choices: tuple[tuple[str, Message], ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    help: Message | None = None
    options: Callable[["Session", "TermOutline"], Sequence[tuple[str, str]]] | None = None


@dataclass(frozen=True)
class RoleNeed:
    """A role that sessions of an activity type usually have; see the exchange format for the meaning of each."""

    role: str
    label: Message
    skill: Skill | None
    required: int
    wanted: int
    continuity: bool = False


@dataclass(frozen=True)
class ActivityTemplate:
    """An activity as stations often hold it, from which an organizer begins; what is left out is as its type has it.

    Texts among the settings are Messages, which the organizer reads in their own language.
    """

    title: Message
    settings: Mapping[str, Any] = field(default_factory=dict)
    sessions: int | None = None
    size: int | None = None
    times: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()

    def answers(self, say: Callable[[Message], str]) -> dict[str, Any]:
        """Return the settings as the form is answered with them; `say` puts a Message into words."""
        return {key: _said(value, say) for key, value in self.settings.items()}


def _said(value: object, say: Callable[[Message], str]) -> object:
    if isinstance(value, Message):
        return say(value)
    return [_said(part, say) for part in value] if isinstance(value, tuple) else value


@dataclass(frozen=True)
class ActivityType:
    """A kind of activity that a program offers; `key` is `program.name`.

    `line`, `zones`, `roles`, `closed`, `duration` (minutes), `size` and `sessions` are what a new activity of the type
    starts from; `templates` are ready to be changed a little. `safe_with_one` says why one adult is enough, such as a
    parent who is present; without it two are.
    """

    key: str
    name: Message
    line: ActivityLine
    description: Message
    form: tuple[SettingField, ...]
    zones: tuple[Zone, ...]
    roles: tuple[RoleNeed, ...]
    duration: int = 90
    closed: bool = False
    size: int = 20
    sessions: int = 1
    audience: Audience = Audience.CHILDREN
    safe_with_one: Message | None = None
    templates: tuple[ActivityTemplate, ...] = ()


@dataclass(frozen=True)
class TermOutline:
    """What a program may know of the term that is planned: its own id and its station's, its first and last day."""

    id: UUID
    station_id: UUID
    first: date
    last: date


@dataclass(frozen=True)
class ActivityOutline:
    """What a program may know of one of its activities when a term is planned; `id` is the planning problem's id."""

    id: str
    type_key: str
    title: str
    sessions: int
    size: int
    groups: tuple[str, ...]
    settings: Mapping[str, Any]
    line: ActivityLine = ActivityLine.LEARNING
    duration: int = 90


@dataclass(frozen=True)
class Contribution:
    """What a program adds to a planning problem.

    `relations` are rules that the exchange format can express; `extension`, JSON, is what the program's own planning
    rules read from `problem.extensions[program]`.
    """

    program: str
    relations: tuple["Relation", ...] = ()
    extension: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PlannedOutline:
    """A session as a plan holds it: of which activity, its number from 0, when, and in which room.

    `starts_at` and `ends_at` are the station's wall-clock time; `staff` says who serves, volunteers' ids by role.
    """

    activity: ActivityOutline
    index: int
    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None
    staff: Mapping[str, tuple[UUID, ...]]


@dataclass(frozen=True)
class Objection:
    """What must be settled before a session may be published, and what to do about it."""

    activity_id: str
    index: int
    reason: Message


@dataclass(frozen=True)
class SessionOutline:
    """A session as a program may know it when a feed's text is written; nothing of a person is in it."""

    type_key: str
    title: str
    index: int
    sessions: int
    settings: Mapping[str, Any]
    line: ActivityLine = ActivityLine.LEARNING


@dataclass(frozen=True)
class SessionText:
    """What a session's entry says beyond title, time and place; never a person, never a child's data.

    `category` is a word by which calendars sort the entry, beside the program's.
    """

    description: Message
    category: Message | None = None


class MenuSection(StrEnum):
    """The parts of the site's menu, in their order."""

    START = "start"
    ACTIVITIES = "activities"
    CHILDREN = "children"
    VOLUNTEERS = "volunteers"
    PROGRAMS = "programs"
    PROTECTION = "protection"
    STATION = "station"


@dataclass(frozen=True)
class MenuEntry:
    """A line of the site's menu, shown to those who may call its endpoint."""

    label: Message
    endpoint: str
    section: MenuSection = MenuSection.PROGRAMS


@dataclass(frozen=True)
class WebPart:
    """Pages of a plugin: `mount` registers them on the application, as a Flask extension's `init_app` does.

    `permissions` names for each endpoint the capability that it asks for, or ANYONE. `deeds` says in words what the
    plugin's actions in the audit log are.
    """

    name: str
    mount: Callable[["Flask"], None]
    permissions: Mapping[str, Asked]
    menu: tuple[MenuEntry, ...] = ()
    deeds: Mapping[str, Message] = field(default_factory=dict)


@dataclass(frozen=True)
class AdminSection:
    """A table that the back office shows and edits; being data, it can't forget the access check.

    `model` is a mapped class; `columns` are listed, `form` edited, `search` searched, by attribute name. Whoever may do
    `readers`' kind of work sees it, `writers`' changes it; no writers: nobody does.
    """

    key: str
    name: Message
    model: type[Any]
    columns: Sequence[str]
    form: Sequence[str]
    readers: Capability
    writers: Capability | None
    search: Sequence[str] = ()
    labels: Mapping[str, Message] = field(default_factory=dict)
