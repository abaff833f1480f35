"""Lunar festivals and the two solar terms that families keep, named on their day."""

from datetime import date, timedelta
from functools import cache

from lunardate import LunarDate

from core.domain.errors import Message

# The lunar table in use is exact from 2001 to 2056: in 2057 it puts the ninth month a day early, where the new moon
# falls within seconds of midnight in Beijing.
FIRST_YEAR, LAST_YEAR = 2001, 2056

_BY_LUNAR_DAY = {
    (1, 1): Message("Spring Festival"),
    (1, 15): Message("Lantern Festival"),
    (5, 5): Message("Dragon Boat Festival"),
    (7, 7): Message("Qixi Festival"),
    (7, 15): Message("Zhongyuan Festival"),
    (8, 15): Message("Mid-Autumn Festival"),
    (9, 9): Message("Double Ninth Festival"),
    (12, 8): Message("Laba Festival"),
    (12, 23): Message("Little New Year (north)"),
    (12, 24): Message("Little New Year (south)"),
}
_NEW_YEARS_EVE = Message("Lunar New Year's Eve")
_QINGMING = Message("Tomb-Sweeping Day")
_DONGZHI = Message("Winter Solstice")

# A solar term drifts six hours a year and is put back by leap days, a little too far. So, for each remainder of the
# year divided by four, there is a year from which the term has moved to the earlier of its two days.
_QINGMING_ON_APRIL_4_SINCE = (1976, 2009, 2042, 2075)
_DONGZHI_ON_DECEMBER_21_SINCE = (1988, 2021, 2058, 2091)


def festival_on(day: date) -> Message | None:
    """Return the festival kept on the day, or None; days outside FIRST_YEAR to LAST_YEAR have none."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return _festivals(day.year).get(day)


@cache
def _festivals(year: int) -> dict[date, Message]:
    named = {_lunar(lunar_year, *day): name for lunar_year in (year - 1, year) for day, name in _BY_LUNAR_DAY.items()}
    named[_lunar(year, 1, 1) - timedelta(days=1)] = _NEW_YEARS_EVE
    named[date(year, 4, 4 if year >= _QINGMING_ON_APRIL_4_SINCE[year % 4] else 5)] = _QINGMING
    named[date(year, 12, 21 if year >= _DONGZHI_ON_DECEMBER_21_SINCE[year % 4] else 22)] = _DONGZHI
    return {day: name for day, name in named.items() if day.year == year}


def _lunar(year: int, month: int, day: int) -> date:
    solar: date = LunarDate(year, month, day).to_solar_date()
    return solar
