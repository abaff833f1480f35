"""Periods, to the day."""

from datetime import date

import pytest

from core.domain.retention import MOST_YEARS, RULES, DataClass, Fate, goes_on, last_day_kept, years_of


@pytest.mark.parametrize(
    ("begun", "years", "last"),
    [
        (date(2023, 11, 26), 3, date(2026, 11, 26)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2024, 12, 31), 5, date(2029, 12, 31)),
    ],
)
def test_a_period_ends_with_the_same_day_of_its_last_year(begun: date, years: int, last: date) -> None:
    assert last_day_kept(begun, years) == last


def test_what_was_kept_goes_on_the_day_after() -> None:
    assert goes_on(date(2024, 2, 29), 1) == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("kept_until", "day"),
    [
        (None, date(2026, 11, 27)),
        (date(2026, 11, 25), date(2026, 11, 27)),
        (date(2026, 11, 26), date(2026, 11, 27)),
        (date(2026, 11, 27), date(2026, 11, 28)),
    ],
)
def test_somebodys_wish_lengthens_a_period_and_never_shortens_it(kept_until: date | None, day: date) -> None:
    assert goes_on(date(2023, 11, 26), 3, kept_until) == day


def test_a_station_lengthens_the_period_of_childrens_files_alone() -> None:
    years = [years_of(DataClass.CHILD_FILES, wanted) for wanted in (None, 1, 3, 4, MOST_YEARS)]
    assert years == [3, 3, 3, 4, MOST_YEARS]
    assert years_of(DataClass.APPLICATIONS, 9) == 1


def test_every_kind_of_data_has_its_rule_and_evidence_is_kept() -> None:
    assert set(RULES) == set(DataClass)
    kept = {data for data, rule in RULES.items() if rule.fate is Fate.KEPT}
    assert kept == {data for data, rule in RULES.items() if rule.years is None}
    assert {DataClass.AUDIT_LOG, DataClass.HARM_REGISTER, DataClass.INCIDENTS} <= kept
    with pytest.raises(KeyError):
        years_of(DataClass.AUDIT_LOG)


def test_a_rule_says_how_long_in_words() -> None:
    assert str(RULES[DataClass.CHILD_FILES].words) == "3 years after: the child left, or turned 18"
    assert str(RULES[DataClass.WEB_SESSIONS].words) == "Until: the session is over"
    assert str(RULES[DataClass.HARM_REGISTER].words) == "Kept for good"
