"""Ages and grades."""

from datetime import date

import pytest

from core.domain.ages import age_on, grade_on, school_year
from core.domain.errors import InvalidInputError


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2017, 5, 20), date(2027, 5, 19), 9),
        (date(2017, 5, 20), date(2027, 5, 20), 10),
        (date(2016, 2, 29), date(2027, 2, 28), 10),
        (date(2016, 2, 29), date(2027, 3, 1), 11),
        (date(2016, 2, 29), date(2028, 2, 29), 12),
        (date(2027, 1, 1), date(2027, 1, 1), 0),
    ],
)
def test_an_age_is_counted_in_completed_years(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


def test_a_birth_after_the_day_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="correct it"):
        age_on(date(2027, 1, 2), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("born", "day", "grade"),
    [
        (date(2020, 8, 31), date(2026, 9, 1), 1),
        (date(2020, 9, 1), date(2026, 9, 1), None),
        (date(2020, 9, 1), date(2027, 9, 1), 1),
        (date(2020, 8, 31), date(2026, 8, 31), None),
        (date(2020, 8, 31), date(2027, 8, 31), 1),
        (date(2017, 3, 1), date(2027, 1, 25), 4),
        (date(2008, 9, 1), date(2027, 6, 30), 12),
        (date(2008, 8, 31), date(2027, 6, 30), None),
    ],
)
def test_a_grade_follows_the_school_year_from_september(born: date, day: date, grade: int | None) -> None:
    assert grade_on(born, day) == grade


def test_the_school_year_changes_on_the_first_of_september() -> None:
    assert [school_year(date(2026, 8, 31)), school_year(date(2026, 9, 1)), school_year(date(2027, 1, 1))] == [
        2025,
        2026,
        2026,
    ]
