"""Sections of reports: a table of figures for a period, counted by a program from what it knows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from core.domain.errors import Message

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: Fewer children than these are never told apart in a report: a figure about them would be about somebody.
FEWEST_CHILDREN: Final = 5


@dataclass(frozen=True)
class Period:
    """What a report is about: a station with all below it, from a first day to a last one."""

    station_id: UUID
    first: date
    last: date


@dataclass(frozen=True)
class ReportTable:
    """Headings, and rows of as many cells; a cell is a word, a number, or None for what must not be told."""

    headings: Sequence[Message]
    rows: Sequence[Sequence[Message | str | int | float | None]]


@dataclass(frozen=True)
class ReportSection:
    """A part of a station's report; `count` reads what the session reaches, and writes nothing.

    `key` begins with the plugin's.
    """

    key: str
    name: Message
    count: Callable[["Session", Period], ReportTable]
