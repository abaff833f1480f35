"""What a program brings to the demo: activities such as a station would plan, and rows of its own tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from core.domain.calendar.span import Span
from core.domain.vocabulary import ActivityLine, Feature, Zone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class DemoTown:
    """The made-up town of the demo: its season in two parts, its groups by age, its rooms by what they are good for.

    Rooms are named as `venue/room`. `away` are the days on which nearly all counsellors are away.
    """

    autumn: Span
    winter: Span
    festival: Span
    away: Span
    young: tuple[str, ...]
    middle: tuple[str, ...]
    old: tuple[str, ...]
    families: str
    circles: tuple[str, ...]
    schools: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, str]
    communities: tuple[str, ...]
    homes: tuple[str, ...]
    computers: str
    park: str


@dataclass(frozen=True)
class DemoRole:
    """A role of a demo activity: how many people of its type's role are required and wanted."""

    role: str
    required: int
    wanted: int


@dataclass(frozen=True)
class DemoActivity:
    """An activity of the demo; what is left out is as its type has it. `dates` are its first and last day.

    `settings` are answers to the type's form; `roles` takes the place of the type's roles.
    """

    type_key: str
    title: str
    sessions: int
    size: int
    dates: tuple[date, date]
    settings: Mapping[str, str | int | bool | tuple[str, ...]] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    times: tuple[str, ...] = ("09:00", "10:45", "14:00", "15:45")
    weekdays: tuple[int, ...] = ()
    rooms: tuple[str, ...] = ()
    zones: tuple[Zone, ...] | None = None
    features: tuple[Feature, ...] = ()
    roles: tuple[DemoRole, ...] = ()
    closed: bool | None = None
    line: ActivityLine | None = None
    min_adults: int | None = None
    max_per_day: int = 1
    ordered: bool = False
    priority: int = 2


@dataclass(frozen=True)
class DemoPart:
    """What a program brings to the demo; `fill` writes rows of its own tables, once, for the demo's station."""

    activities: Sequence[DemoActivity] = ()
    fill: Callable[["Session", UUID], None] | None = None
