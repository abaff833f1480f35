"""The lines of a form of times: a week to tap, exact times, single days, days away, as they are sent and shown."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from werkzeug.datastructures import MultiDict

from core.domain.availability import HOURS, Answer, FreeTime, Part
from core.domain.errors import InvalidInputError, Message

#: How many empty lines stand below those that are filled.
_SPARE: Final = 2
_DAYS: Final = 7
Sent = MultiDict[str, str]
Period = tuple[date | None, date | None]


@dataclass(frozen=True)
class Lines:
    """What a form shows: the period of the week, its cells, and lines of text, empty ones at the end."""

    period: Period
    cells: frozenset[str]
    exact: tuple[tuple[str, ...], ...]
    single: tuple[tuple[str, ...], ...]
    away: tuple[tuple[str, ...], ...]


def lines_of(answer: Answer) -> Lines:
    """Return an answer as a form shows it; the week is that of the period which most of its cells share."""
    weekly = [one for one in answer.free if one.part is not None]
    periods = Counter((one.first, one.last) for one in weekly).most_common(1)
    period: Period = periods[0][0] if periods else (None, None)
    cells = [one for one in weekly if (one.first, one.last) == period]
    single = [one for one in answer.free if one.single is not None]
    exact = [one for one in answer.free if one not in cells and one not in single]
    return Lines(
        period,
        frozenset(cell(one.weekday or 0, one.part) for one in cells if one.part is not None),
        _spared([_exact(one) for one in exact], 5),
        _spared([(str(one.single), _clock(one.from_time), _clock(one.to_time)) for one in single], 3),
        _spared([(first.isoformat(), last.isoformat()) for first, last in answer.away], 2),
    )


def lines_sent(sent: Sent) -> Lines:
    """Return what was sent, as it was written, for a form that comes back."""
    return Lines(
        (_lenient(sent.get("period_first", "")), _lenient(sent.get("period_last", ""))),
        frozenset(sent.getlist("cell")),
        _spared(list(_rows(sent, "exact_day", "exact_from", "exact_to", "exact_first", "exact_last")), 5),
        _spared(list(_rows(sent, "single_day", "single_from", "single_to")), 3),
        _spared(list(_rows(sent, "away_first", "away_last")), 2),
    )


def free_times(sent: Sent) -> tuple[FreeTime, ...]:
    """Return the times of a form; InvalidInputError for a line that is half filled or no time."""
    first, last = _day(sent.get("period_first", "")), _day(sent.get("period_last", ""))
    tapped = [
        FreeTime(*HOURS[part], weekday, first, last)
        for weekday in range(_DAYS)
        for part in Part
        if cell(weekday, part) in sent.getlist("cell")
    ]
    exact = [
        FreeTime(_time(begin), _time(end), _weekday(day), _day(since), _day(until))
        for day, begin, end, since, until in _rows(
            sent, "exact_day", "exact_from", "exact_to", "exact_first", "exact_last"
        )
    ]
    single = [
        FreeTime(_time(begin), _time(end), None, _needed(day), _needed(day))
        for day, begin, end in _rows(sent, "single_day", "single_from", "single_to")
    ]
    return (*tapped, *exact, *single)


def days_away(sent: Sent) -> tuple[tuple[date, date], ...]:
    """Return the days away; one without its last day is a single one."""
    return tuple((_needed(first), _needed(last or first)) for first, last in _rows(sent, "away_first", "away_last"))


def stretches(sent: Sent) -> list[tuple[datetime, datetime]]:
    """Return times that are written down for a room: a day, from when, until when."""
    return [
        (datetime.combine(_needed(day), _time(begin)), datetime.combine(_needed(day), _time(end)))
        for day, begin, end in _rows(sent, "single_day", "single_from", "single_to")
    ]


def cell(weekday: int, part: Part) -> str:
    """Return a part of a weekday as a form sends it."""
    return f"{weekday}-{part}"


def _exact(one: FreeTime) -> tuple[str, ...]:
    day = "" if one.weekday is None else str(one.weekday)
    ends = (one.first.isoformat() if one.first else "", one.last.isoformat() if one.last else "")
    return (day, _clock(one.from_time), _clock(one.to_time), *ends)


def _rows(sent: Sent, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the lines in which something stands but for the choice of a weekday, which always does."""
    for row in zip(*(sent.getlist(name) for name in names), strict=False):
        stripped = tuple(text.strip() for text in row)
        if any(text for name, text in zip(names, stripped, strict=True) if name != "exact_day"):
            yield stripped


def _spared(rows: Sequence[tuple[str, ...]], width: int) -> tuple[tuple[str, ...], ...]:
    return (*rows, *[("",) * width] * _SPARE)


def _clock(value: time) -> str:
    return f"{value:%H:%M}"


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise InvalidInputError(Message("Give each line its times, such as 14:00.")) from None


def _needed(text: str) -> date:
    day = _day(text)
    if day is None:
        raise InvalidInputError(Message("Give each line its day."))
    return day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInputError(Message("Give each line its day.")) from None


def _lenient(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _weekday(text: str) -> int | None:
    return int(text) if text in {str(day) for day in range(_DAYS)} else None
