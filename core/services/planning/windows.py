"""Stretches of a term in which a room is open or a volunteer is free, in the planner's minutes."""

from bisect import bisect_right
from collections.abc import Collection, Iterable
from datetime import date, datetime, time

from core.planning.moments import Window, from_datetime, merged


def moments(day: date, start: time, end: time) -> Window:
    """Return the stretch of a day between two times."""
    return from_datetime(datetime.combine(day, start)), from_datetime(datetime.combine(day, end))


def without(windows: Iterable[Window], taken: Iterable[Window]) -> tuple[Window, ...]:
    """Return what is left of the windows where none of `taken` lies, in order."""
    busy = merged(taken)
    ends = [end for _, end in busy]
    left: set[Window] = set()
    for begin, end in windows:
        start = begin
        # A calendar may have thousands of busy times, of which few touch a window.
        for busy_from, busy_to in busy[bisect_right(ends, begin) :]:
            if busy_from >= end:
                break
            if start < busy_from:
                left.add((start, busy_from))
            start = max(start, busy_to)
        if start < end:
            left.add((start, end))
    return tuple(sorted(left))


def with_past(windows: tuple[Window, ...], past: Collection[Window]) -> tuple[Window, ...]:
    """Return the windows with those of `past` added, in order."""
    return merged((*windows, *past)) if past else windows
