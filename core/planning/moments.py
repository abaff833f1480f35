"""Local wall-clock moments as whole minutes since 2000-01-01T00:00, and windows between them; no time zones."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from math import inf
from typing import TypeAlias

#: A half-open stretch of time, in minutes: from the first to before the second.
Window: TypeAlias = tuple[int, int]

MINUTES_A_DAY = 24 * 60

_ZERO = datetime(2000, 1, 1)  # noqa: DTZ001 - wall-clock time of the problem's one zone, without an offset
_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


@lru_cache(maxsize=65536)
def moment(text: str) -> int:
    """Return the moment written as ISO 8601 to the minute (`2027-01-25T09:00`); ValueError for any other spelling."""
    if not _SHAPE.fullmatch(text):
        raise ValueError(text)
    return from_datetime(datetime.fromisoformat(text))


@lru_cache(maxsize=65536)
def iso(minute: int) -> str:
    """Return the moment as ISO 8601 to the minute, without an offset."""
    return to_datetime(minute).isoformat(timespec="minutes")


def from_datetime(when: datetime) -> int:
    """Return the moment of a wall-clock time; seconds and any time zone are dropped."""
    return (when.replace(tzinfo=None) - _ZERO) // timedelta(minutes=1)


def to_datetime(minute: int) -> datetime:
    """Return the moment as a datetime without a time zone."""
    return _ZERO + timedelta(minutes=minute)


def day_of(minute: int) -> int:
    """Return the number of the day, counted from 2000-01-01."""
    return minute // MINUTES_A_DAY


def week_of(minute: int) -> int:
    """Return the number of the week, which begins on Monday."""
    # 2000-01-01 was a Saturday.
    return (day_of(minute) + 5) // 7


def clock_of(minute: int) -> int:
    """Return the time of day, in minutes after midnight."""
    return minute % MINUTES_A_DAY


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Return the windows sorted, with those that touch or overlap made one, so that a session may span two."""
    result: list[Window] = []
    for start, end in sorted(windows):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def covers(windows: tuple[Window, ...], start: int, end: int) -> bool:
    """Say whether one of the windows, as `merged` returns them, holds the whole stretch."""
    at = bisect_right(windows, (start, inf)) - 1
    return at >= 0 and windows[at][0] <= start and end <= windows[at][1]
