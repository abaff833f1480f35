"""The values that plugins return: frozen, and validated by the manager before anything uses them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from core.domain.actor import Role
from core.domain.errors import Message
from core.domain.vocabulary import Skill, Zone

if TYPE_CHECKING:
    from flask import Flask

    from core.planning.problem import Relation


class ActivityLine(StrEnum):
    """The five lines along which stations design activities."""

    COMPANIONSHIP = "companionship"
    COMFORT = "comfort"
    LEARNING = "learning"
    INCLUSION = "inclusion"
    VIRTUES = "virtues"


class FieldKind(StrEnum):
    """What a setting's input takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    CHOICE = "choice"
    FLAG = "flag"


@dataclass(frozen=True)
class Program:
    """A program that stations run; `key` is the plugin's."""

    key: str
    name: Message
    description: Message


@dataclass(frozen=True)
class SettingField:
    """One question that an activity type's form asks beyond what every activity has.

    `choices` are pairs of stored value and label, for CHOICE; `minimum` and `maximum` bound an INTEGER or the length
    of a text.
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
class ActivityType:
    """A kind of activity that a program offers; `key` is `program.name`.

    `zones`, `roles`, `closed` and `duration` (minutes) are what a new activity of the type starts from.
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
class SessionOutline:
    """A session as a program may know it when a feed's text is written; nothing of a person is in it."""

    type_key: str
    title: str
    index: int
    sessions: int
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class SessionText:
    """What a calendar entry says of a session beyond title, time and place; never a person, never a child's data."""

    description: Message


@dataclass(frozen=True)
class MenuEntry:
    """A line of the site's menu, shown to those who may call its endpoint."""

    label: Message
    endpoint: str


@dataclass(frozen=True)
class WebPart:
    """Pages of a plugin: `mount` registers them on the application, as a Flask extension's `init_app` does.

    `permissions` names for each endpoint who may call it; None is everybody.
    """

    name: str
    mount: Callable[["Flask"], None]
    permissions: Mapping[str, frozenset[Role] | None]
    menu: tuple[MenuEntry, ...] = ()


@dataclass(frozen=True)
class AdminSection:
    """A table that the back office shows and edits; being data, it can't forget the access check.

    `model` is a mapped class; `columns` are listed, `form` edited, `search` searched, by attribute name. `readers` see
    it, `writers` change it.
    """

    key: str
    name: Message
    model: type[Any]
    columns: Sequence[str]
    form: Sequence[str]
    readers: frozenset[Role]
    writers: frozenset[Role]
    search: Sequence[str] = ()
    labels: Mapping[str, Message] = field(default_factory=dict)
