"""What one date is to a station and its children."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.errors import Message


class DayKind(StrEnum):
    """Why a day is open for children, or why it is not; where several hold, the first listed here speaks."""

    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_BREAK = "school_break"
    WORKING_WEEKEND = "working_weekend"
    WEEKEND = "weekend"
    SCHOOL_DAY = "school_day"


OPEN_KINDS = frozenset({DayKind.PUBLIC_HOLIDAY, DayKind.SCHOOL_BREAK, DayKind.WEEKEND})


@dataclass(frozen=True)
class Day:
    """One date of a station.

    `open`: children are free and the station opens for at least part of the day.
    `name`: the public holiday; `festival`: the lunar festival or solar term; `school_break`: the county's or the
    school's name for the break that covers the date, also where a public holiday lies in it.
    `provisional`: the State Council has not arranged the year yet, so the date may still change sides.
    `closed`: why the station is shut for the whole day or for the rest of it.
    """

    date: date
    kind: DayKind
    open: bool
    provisional: bool
    name: Message | None = None
    festival: Message | None = None
    school_break: str | None = None
    closed: Message | None = None
