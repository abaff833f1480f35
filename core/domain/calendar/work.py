"""The country's working calendar: the arrangements of the `holidays` library, overridden by the years staff entered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from types import MappingProxyType

from holidays import country_holidays

from core.domain.calendar.arranged_year import LIBRARY_YEARS, ArrangedYear
from core.domain.calendar.day import DayKind
from core.domain.errors import ConflictError, Message

_SATURDAY = 5
_NAMES = {
    "元旦": Message("New Year's Day"),
    "春节": Message("Spring Festival"),
    "除夕": Message("Spring Festival"),
    "清明节": Message("Tomb-Sweeping Day"),
    "劳动节": Message("Labour Day"),
    "端午节": Message("Dragon Boat Festival"),
    "国庆节": Message("National Day"),
    "中秋节": Message("Mid-Autumn Festival"),
    "抗日战争": Message("Victory Day"),
}


@dataclass(frozen=True)
class _Arrangement:
    """The days off with their names and the weekend days that are worked, wherever they were learned."""

    days_off: Mapping[date, Message]
    working_days: frozenset[date]

    def mentions(self, day: date) -> bool:
        return day in self.days_off or day in self.working_days


@dataclass(frozen=True)
class WorkCalendar:
    """Says of any date whether the country works on it, and whether that is final.

    Raises ConflictError when it is asked and one year was entered twice.
    """

    entered: tuple[ArrangedYear, ...] = ()

    def kind(self, day: date) -> DayKind:
        """Return the kind of the day for the country as a whole: school breaks are the county's and not known here."""
        if self.holiday(day) is not None:
            return DayKind.PUBLIC_HOLIDAY
        if day in self._arrangement(day).working_days:
            return DayKind.WORKING_WEEKEND
        return DayKind.WEEKEND if day.weekday() >= _SATURDAY else DayKind.SCHOOL_DAY

    def is_working_day(self, day: date) -> bool:
        """Return whether offices and schools work on the day."""
        return self.kind(day) in {DayKind.SCHOOL_DAY, DayKind.WORKING_WEEKEND}

    def holiday(self, day: date) -> Message | None:
        """Return the public holiday for which the day is off, also where it was moved there from a weekend."""
        return self._arrangement(day).days_off.get(day)

    def is_provisional(self, day: date) -> bool:
        """Return whether the State Council's arrangement of the day's year is still unknown."""
        return day.year not in self.arranged_years

    @cached_property
    def arranged_years(self) -> frozenset[int]:
        """The years whose arrangement is known, from the library or from staff."""
        return LIBRARY_YEARS | self._entered.keys()

    @cached_property
    def _entered(self) -> dict[int, _Arrangement]:
        arrangements: dict[int, _Arrangement] = {}
        for arranged in self.entered:
            if arranged.year in arrangements:
                raise ConflictError(
                    Message(
                        "The arrangement of %(year)s is entered twice: remove one of the two.",
                        {"year": str(arranged.year)},
                    )
                )
            arrangements[arranged.year] = _as_entered(arranged)
        return arrangements

    def _arrangement(self, day: date) -> _Arrangement:
        # A New Year's arrangement may reach back into December, where it knows better than the older notice.
        following = self._entered.get(day.year + 1)
        if following is not None and following.mentions(day):
            return following
        return self._entered.get(day.year) or _from_library(day.year)


def _as_entered(arranged: ArrangedYear) -> _Arrangement:
    names = {
        named.date: _NAMES.get(named.name.strip(), Message("%(name)s", {"name": named.name}))
        for named in arranged.days_off
    }
    return _Arrangement(MappingProxyType(names), frozenset(arranged.working_days))


@cache
def _from_library(year: int) -> _Arrangement:
    # The next year is asked as well because 31 December may be off for it.
    china = country_holidays("CN", years=(year, year + 1), language="zh_CN")
    working = frozenset(china.weekend_workdays)
    statutory = {day: name for day, label in china.items() if (name := _statutory_name(label)) is not None}
    names = {day: _name_of_run(day, statutory, frozenset(china), working) for day in china if day.year == year}
    return _Arrangement(MappingProxyType(names), frozenset(day for day in working if day.year == year))


def _statutory_name(label: str) -> Message | None:
    return next((name for known, name in _NAMES.items() if known in label), None)


def _name_of_run(
    day: date, statutory: Mapping[date, Message], off: frozenset[date], working: frozenset[date]
) -> Message:
    """Return the holiday at which a day off hangs: its own, else the nearest before it in its run, else after it.

    The library calls a moved day off only 'day off', with the date from which it was moved.
    """
    for step in (timedelta(days=-1), timedelta(days=1)):
        near = day
        while near in off or (near.weekday() >= _SATURDAY and near not in working):
            if near in statutory:
                return statutory[near]
            near += step
    return Message("Public holiday")
