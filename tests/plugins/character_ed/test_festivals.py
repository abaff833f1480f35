"""Which days lie before a festival, as the calendar has it."""

from datetime import date

import pytest

from plugins.character_ed.festivals import FESTIVALS, days_before

YEAR = (date(2026, 9, 1), date(2027, 8, 31))
WINTER = (date(2027, 1, 25), date(2027, 2, 21))


@pytest.mark.parametrize(
    ("festival", "eve"),
    [
        ("new_year", date(2026, 12, 31)),
        ("laba", date(2027, 1, 14)),
        ("spring_festival", date(2027, 2, 5)),
        ("lantern", date(2027, 2, 19)),
        ("qingming", date(2027, 4, 4)),
        ("dragon_boat", date(2027, 6, 8)),
        ("mid_autumn", date(2026, 9, 24)),
        ("national_day", date(2026, 9, 30)),
        ("double_ninth", date(2026, 10, 17)),
        ("winter_solstice", date(2026, 12, 21)),
    ],
)
def test_the_last_day_before_a_festival_is_the_day_before_it(festival: str, eve: date) -> None:
    assert days_before(festival, 1, *YEAR) == (eve,)


def test_every_festival_comes_at_least_every_four_hundred_days() -> None:
    for year in range(2026, 2050):
        for festival in FESTIVALS:
            assert days_before(festival, 1, date(year, 1, 1), date(year + 1, 2, 4)), (festival, year)


def test_days_outside_the_term_are_none() -> None:
    assert days_before("spring_festival", 60, *WINTER) == tuple(date(2027, 1, day) for day in range(25, 32)) + tuple(
        date(2027, 2, day) for day in range(1, 6)
    )


def test_a_festival_soon_after_the_term_counts() -> None:
    assert days_before("lantern", 3, date(2027, 2, 1), date(2027, 2, 18)) == (date(2027, 2, 17), date(2027, 2, 18))


@pytest.mark.parametrize("festival", ["dragon_boat", "no festival that anybody knows"])
def test_a_festival_in_another_season_has_no_days(festival: str) -> None:
    assert days_before(festival, 14, *WINTER) == ()
