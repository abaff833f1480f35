"""The State Council's yearly arrangement: which weekdays are off and which weekend days are worked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.domain.errors import InvalidInputError, Message

# The years whose arrangement is in the `holidays` release that the project is locked to. For any other year the
# library guesses from the statutory days alone, and does not say so.
LIBRARY_YEARS = frozenset(range(2001, 2027))

_SATURDAY = 5
_DECEMBER = 12


class ArrangementError(InvalidInputError):
    """A date that can't be part of the arrangement; `day` is that date, None if the arrangement as a whole is meant."""

    def __init__(self, message: Message, day: date | None = None) -> None:
        super().__init__(message)
        self.day = day


@dataclass(frozen=True)
class NamedDay:
    """A day off and the holiday that it belongs to, as the notice names it (春节, 国庆节)."""

    date: date
    name: str


@dataclass(frozen=True)
class ArrangedYear:
    """One year's arrangement as staff enter it; for its year it replaces what the library holds.

    `days_off` lists every day the notice declares off, weekend days too if it names them; ordinary weekends are off
    without being listed. `working_days` are weekend days that are worked. Both may reach into the December before,
    since a New Year's arrangement does. Raises ArrangementError (an InvalidInputError) if a date can't be right.
    """

    year: int
    source: str
    published_on: date
    days_off: tuple[NamedDay, ...]
    working_days: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if not self.days_off:
            raise ArrangementError(Message("The arrangement has no day off: enter the days that the notice lists."))
        seen: set[date] = set()
        for day in self.dates():
            self._check(day, seen)
            seen.add(day)
        for day in self.working_days:
            if day.weekday() < _SATURDAY:
                raise ArrangementError(
                    Message(
                        "%(day)s is no Saturday or Sunday, so it is worked anyway: correct the date or leave it out.",
                        {"day": day},
                    ),
                    day,
                )

    def dates(self) -> Iterator[date]:
        """Yield every date that the arrangement mentions: the days off, then the working days."""
        yield from (named.date for named in self.days_off)
        yield from self.working_days

    def _check(self, day: date, seen: set[date]) -> None:
        if day.year != self.year and (day.year, day.month) != (self.year - 1, _DECEMBER):
            raise ArrangementError(
                Message(
                    "%(day)s is not in %(year)s or the December before: correct the date or the year.",
                    {"day": day, "year": str(self.year)},
                ),
                day,
            )
        if day in seen:
            raise ArrangementError(
                Message(
                    "%(day)s is listed twice: leave it either among the days off or the working days.", {"day": day}
                ),
                day,
            )
