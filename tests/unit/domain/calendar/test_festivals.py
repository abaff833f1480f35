"""Festivals are named on the right day; the expected dates are those of the printed almanac."""

from datetime import date

import pytest
from holidays import country_holidays

from core.domain.calendar.festivals import FIRST_YEAR, LAST_YEAR, festival_on
from core.domain.calendar.span import Span


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 26), "Laba Festival"),
        (date(2026, 2, 10), "Little New Year (north)"),
        (date(2026, 2, 11), "Little New Year (south)"),
        (date(2026, 2, 16), "Lunar New Year's Eve"),
        (date(2026, 2, 17), "Spring Festival"),
        (date(2026, 3, 3), "Lantern Festival"),
        (date(2026, 4, 5), "Tomb-Sweeping Day"),
        (date(2026, 6, 19), "Dragon Boat Festival"),
        (date(2026, 8, 19), "Qixi Festival"),
        (date(2026, 8, 27), "Zhongyuan Festival"),
        (date(2026, 9, 25), "Mid-Autumn Festival"),
        (date(2026, 10, 18), "Double Ninth Festival"),
        (date(2026, 12, 22), "Winter Solstice"),
        (date(2021, 12, 21), "Winter Solstice"),
        (date(2024, 2, 9), "Lunar New Year's Eve"),
        (date(2027, 2, 5), "Lunar New Year's Eve"),
    ],
)
def test_a_festival_is_named_on_its_day(day: date, name: str) -> None:
    assert str(festival_on(day)) == name


def test_a_leap_month_does_not_repeat_a_festival() -> None:
    # 2025 has a second sixth month; 2006 a second seventh, which would give Qixi twice.
    days = Span(date(2006, 1, 1), date(2006, 12, 31)).dates()
    assert [day for day in days if str(festival_on(day)) == "Qixi Festival"] == [date(2006, 7, 31)]


def test_every_year_has_each_festival_once_except_around_new_year() -> None:
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        names = [str(name) for day in Span(date(year, 1, 1), date(year, 12, 31)).dates() if (name := festival_on(day))]
        once = [name for name in names if name != "Laba Festival"]
        assert len(once) == len(set(once)) == 12, year


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("春节", "Spring Festival"),
        ("清明节", "Tomb-Sweeping Day"),
        ("端午节", "Dragon Boat Festival"),
        ("中秋节", "Mid-Autumn Festival"),
    ],
)
def test_festivals_fall_on_the_statutory_days_of_an_independent_table(label: str, name: str) -> None:
    statutory = country_holidays("CN", years=range(2008, LAST_YEAR + 1), language="zh_CN", observed=False)
    first_days: dict[int, date] = {}
    for day in sorted(statutory):
        if label in statutory[day].split("; "):
            first_days.setdefault(day.year, day)
    assert len(first_days) == LAST_YEAR + 1 - 2008
    assert {str(festival_on(day)) for day in first_days.values()} == {name}


def test_years_outside_the_exact_table_name_nothing() -> None:
    assert festival_on(date(LAST_YEAR + 1, 4, 5)) is None
    assert festival_on(date(FIRST_YEAR - 1, 4, 4)) is None
