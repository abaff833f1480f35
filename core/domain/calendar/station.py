"""A station's own calendar: the country's days, the county's school breaks, opening hours and closures."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, time

from core.domain.calendar.closure import Closure
from core.domain.calendar.day import OPEN_KINDS, Day, DayKind
from core.domain.calendar.festivals import festival_on
from core.domain.calendar.school_break import SchoolBreak, break_on
from core.domain.calendar.span import Span
from core.domain.calendar.work import WorkCalendar
from core.domain.errors import InvalidInputError, Message


@dataclass(frozen=True)
class OpeningHours:
    """One stretch in which the doors are open on a day of the week, 0 for Monday; a noon break makes two of them."""

    weekday: int
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise InvalidInputError(
                Message(
                    "The station can't close (%(closes)s) before it opens (%(opens)s): correct the opening hours.",
                    {"opens": f"{self.opens:%H:%M}", "closes": f"{self.closes:%H:%M}"},
                )
            )


@dataclass(frozen=True)
class StationCalendar:
    """Says of any date whether children can come, why, and at which hours; all times are naive and local."""

    work: WorkCalendar
    opening_hours: tuple[OpeningHours, ...]
    school_breaks: tuple[SchoolBreak, ...] = ()
    closures: tuple[Closure, ...] = ()

    def day(self, on: date, *, school_id: Hashable | None = None) -> Day:
        """Return the day as it is for the children of a school, or for the county's where none is named.

        A working weekend day inside a school break is open: the parents work, the children are free.
        """
        pause = break_on(self.school_breaks, on, school_id)
        kind = self.work.kind(on)
        if pause is not None and kind is not DayKind.PUBLIC_HOLIDAY:
            kind = DayKind.SCHOOL_BREAK
        return Day(
            date=on,
            kind=kind,
            open=kind in OPEN_KINDS and bool(self.open_windows(on)),
            provisional=self.work.is_provisional(on),
            name=self.work.holiday(on),
            festival=festival_on(on),
            school_break=pause.name if pause is not None else None,
            closed=self._closed(on),
        )

    def days(self, first: date, last: date, *, school_id: Hashable | None = None) -> tuple[Day, ...]:
        """Return the days from `first` to `last`, both included."""
        return tuple(self.day(on, school_id=school_id) for on in Span(first, last).dates())

    def open_windows(
        self, on: date, *, venue_id: Hashable | None = None, room_id: Hashable | None = None
    ) -> tuple[tuple[time, time], ...]:
        """Return the stretches in which the doors are open, in order: opening hours less closures, on any kind of day.

        With a venue or a room its own closures count as well, otherwise only those of the whole station.
        """
        shut_from = self._shut_from(on, venue_id, room_id)
        return tuple(
            (hours.opens, hours.closes if shut_from is None else min(hours.closes, shut_from))
            for hours in sorted(self.opening_hours, key=lambda hours: hours.opens)
            if hours.weekday == on.weekday() and (shut_from is None or hours.opens < shut_from)
        )

    def _shut_from(self, on: date, venue_id: Hashable | None, room_id: Hashable | None) -> time | None:
        closing = (closure.shut_from(on) for closure in self.closures if closure.covers(venue_id, room_id))
        return min((moment for moment in closing if moment is not None), default=None)

    def _closed(self, on: date) -> Message | None:
        for closure in self.closures:
            shut_from = closure.shut_from(on) if closure.covers(None, None) else None
            if shut_from == time.min:
                return Message("Closed: %(reason)s", {"reason": closure.reason})
            if shut_from is not None:
                return Message(
                    "Closed from %(time)s: %(reason)s", {"time": f"{shut_from:%H:%M}", "reason": closure.reason}
                )
        if all(hours.weekday != on.weekday() for hours in self.opening_hours):
            return Message("The station has no opening hours on this day of the week.")
        return None
