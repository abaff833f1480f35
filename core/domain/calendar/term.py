"""Terms and the starts that they allow an activity."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from core.domain.calendar.day import Day
from core.domain.calendar.span import Span
from core.domain.calendar.station import StationCalendar
from core.domain.errors import InvalidInputError, Message


class TermKind(StrEnum):
    """What is planned: the free days of a school term, or a break."""

    SCHOOL_TERM = "school_term"
    WINTER_BREAK = "winter_break"
    SUMMER_BREAK = "summer_break"


@dataclass(frozen=True)
class Term(Span):
    """A dated period to plan for."""

    kind: TermKind


def term_days(calendar: StationCalendar, term: Term, *, school_id: Hashable | None = None) -> tuple[Day, ...]:
    """Return the days on which activities of the term can be held.

    In a break that is every open day. In a school term it is every open day outside the breaks, which have a plan of
    their own: weekends that are not worked, and public holidays.
    """
    days = calendar.days(term.first, term.last, school_id=school_id)
    in_term = term.kind is TermKind.SCHOOL_TERM
    return tuple(day for day in days if day.open and not (in_term and day.school_break is not None))


def possible_starts(
    calendar: StationCalendar,
    term: Term,
    times_of_day: Iterable[time],
    duration: timedelta,
    *,
    weekdays: frozenset[int] = frozenset(range(7)),
    school_id: Hashable | None = None,
) -> tuple[datetime, ...]:
    """Return the naive local starts, in order, at which a session of the duration fits wholly into opening hours.

    `weekdays` narrows the days, 0 for Monday. Closures of single venues and rooms do not narrow the starts: the
    planner may still choose another room. Raises InvalidInputError if the duration is not positive.
    """
    if duration <= timedelta(0):
        raise InvalidInputError(Message("A session must last at least a minute: enter its duration in minutes."))
    times = sorted(set(times_of_day))
    days = [day for day in term_days(calendar, term, school_id=school_id) if day.date.weekday() in weekdays]
    return tuple(
        start
        for day in days
        for start in (datetime.combine(day.date, moment) for moment in times)
        if _fits(start, start + duration, calendar.open_windows(day.date))
    )


def _fits(start: datetime, end: datetime, windows: Iterable[tuple[time, time]]) -> bool:
    return start.date() == end.date() and any(
        opens <= start.time() and end.time() <= closes for opens, closes in windows
    )
