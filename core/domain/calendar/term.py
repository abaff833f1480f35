"""Terms and the starts that they allow an activity."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.domain.calendar.day import Day
from core.domain.calendar.span import Span
from core.domain.calendar.station import StationCalendar
from core.domain.errors import InvalidInputError, Message
from core.domain.vocabulary import TermKind


@dataclass(frozen=True)
class Term(Span):
    """A dated period to plan for."""

    kind: TermKind


def term_days(calendar: StationCalendar, term: Term, *, school_id: Hashable | None = None) -> tuple[Day, ...]:
    """Return the days on which activities of the term can be held.

    That is every open day; but where the term is the weekends of school weeks, only those outside the breaks, which
    have a plan of their own: weekends that are not worked, and public holidays.
    """
    days = calendar.days(term.first, term.last, school_id=school_id)
    weekends_only = term.kind is TermKind.WEEKENDS
    return tuple(day for day in days if day.open and not (weekends_only and day.school_break is not None))


def possible_starts(
    calendar: StationCalendar, days: Iterable[Day], times_of_day: Iterable[time], duration: timedelta
) -> tuple[datetime, ...]:
    """Return the naive local starts on `days`, in order, at which a session of the duration fits into opening hours.

    Closures of single venues and rooms do not narrow the starts: the planner may still choose another room. Raises
    InvalidInputError if the duration is not positive.
    """
    if duration <= timedelta(0):
        raise InvalidInputError(Message("A session must last at least a minute: enter its duration in minutes."))
    times = sorted(set(times_of_day))
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
