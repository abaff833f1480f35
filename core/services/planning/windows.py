"""Stretches of a term in which a room is open or a volunteer is free, in the planner's minutes."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time

from core.planning.moments import Window, from_datetime, merged


def moments(day: date, start: time, end: time) -> Window:
    """Return the stretch of a day between two times."""
    return from_datetime(datetime.combine(day, start)), from_datetime(datetime.combine(day, end))


def without(windows: Iterable[Window], taken: Iterable[Window]) -> tuple[Window, ...]:
    """Return what is left of the windows where none of `taken` lies, in order."""
    left = sorted(windows)
    for busy_from, busy_to in taken:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, busy_from)), (max(start, busy_to), end))
            if piece[0] < piece[1]
        ]
    return tuple(sorted(set(left)))


def with_past(windows: tuple[Window, ...], past: Collection[Window]) -> tuple[Window, ...]:
    """Return the windows with those of `past` added, in order."""
    return merged((*windows, *past)) if past else windows
