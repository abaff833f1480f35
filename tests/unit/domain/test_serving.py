"""Who may serve near children on a day, to the day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.domain.serving import (
    Bar,
    Check,
    Stage,
    Standing,
    Step,
    a_year_after,
    bar,
    covering,
    enough_adults,
    is_adult,
    last_day,
)

TODAY = date(2026, 11, 28)
DAY = timedelta(days=1)


def passed(on: date, until: date | None = None) -> Check:
    return Check(on, until or a_year_after(on), passed=True)


def failed(on: date) -> Check:
    return Check(on, a_year_after(on), passed=False)


def standing(*checks: Check, **changes: object) -> Standing:
    usual = Standing(Stage.ACCEPTED, active=True, birth_date=date(1990, 1, 1), guardian_consent_on=None, checks=checks)
    return replace(usual, **changes)  # type: ignore[arg-type]


def why(of: Standing, day: date = TODAY) -> Bar | None:
    return bar(of, day, today=TODAY)


def test_a_year_later_is_the_same_day_and_for_the_leap_day_the_last_of_february() -> None:
    assert a_year_after(date(2026, 3, 1)) == date(2027, 3, 1)
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize(("offset", "covered"), [(-1, False), (0, True), (365, True), (366, False)])
def test_a_passed_check_holds_from_its_day_for_a_year(offset: int, covered: bool) -> None:  # noqa: FBT001
    on = date(2026, 3, 1)
    assert passed(on).covers(on + offset * DAY) is covered


def test_a_check_holds_no_longer_than_it_was_noted_to_and_never_longer_than_a_year() -> None:
    on = date(2026, 3, 1)
    assert passed(on, on + 10 * DAY).covers(on + 10 * DAY)
    assert not passed(on, on + 10 * DAY).covers(on + 11 * DAY)
    assert passed(on, on + 5000 * DAY).covers(on + 365 * DAY)
    assert not passed(on, on + 5000 * DAY).covers(on + 366 * DAY)


def test_a_failed_check_covers_nothing() -> None:
    assert not failed(TODAY).covers(TODAY)


def test_a_check_of_today_counts_and_one_of_tomorrow_does_not() -> None:
    assert why(standing(passed(TODAY))) is None
    assert why(standing(passed(TODAY + DAY)), TODAY + 2 * DAY) is Bar.NEVER_CHECKED


def test_nobody_serves_without_a_check() -> None:
    assert why(standing()) is Bar.NEVER_CHECKED


def test_a_check_that_is_over_is_told_from_one_that_was_failed() -> None:
    old = passed(date(2025, 3, 1))
    assert why(standing(old)) is Bar.EXPIRED
    assert why(standing(old, failed(date(2026, 3, 1)))) is Bar.FAILED
    assert why(standing(failed(date(2025, 3, 1)), replace(old, checked_on=date(2025, 3, 2)))) is Bar.EXPIRED


def test_a_failed_check_bars_from_its_day_on_whatever_was_passed_before() -> None:
    checks = (passed(TODAY - 30 * DAY), failed(TODAY - 10 * DAY))
    assert why(standing(*checks)) is Bar.FAILED
    assert why(standing(*checks), TODAY - 10 * DAY) is Bar.FAILED
    assert why(standing(*checks), TODAY - 11 * DAY) is None


def test_of_two_checks_on_one_day_the_one_that_was_not_passed_counts() -> None:
    for checks in ((passed(TODAY), failed(TODAY)), (failed(TODAY), passed(TODAY))):
        assert why(standing(*checks)) is Bar.FAILED


def test_a_check_passed_after_a_failed_one_clears_again() -> None:
    checks = (failed(TODAY - 10 * DAY), passed(TODAY - 9 * DAY))
    assert why(standing(*checks)) is None
    assert covering(checks, TODAY - 10 * DAY, today=TODAY) is None


def test_of_several_failed_checks_the_last_one_bars() -> None:
    checks = (failed(TODAY - 20 * DAY), passed(TODAY - 15 * DAY), failed(TODAY - 10 * DAY))
    assert why(standing(*checks)) is Bar.FAILED
    assert why(standing(*checks), TODAY - 12 * DAY) is None


def test_a_failed_check_dated_ahead_bars_at_once() -> None:
    checks = (passed(TODAY - 30 * DAY), failed(TODAY + 100 * DAY))
    assert why(standing(*checks)) is Bar.FAILED
    assert why(standing(*checks), TODAY - DAY) is None


def test_the_newest_check_that_covers_a_day_is_the_one_that_clears_it() -> None:
    old, new = passed(TODAY - 200 * DAY), passed(TODAY - 100 * DAY)
    assert covering((new, old), TODAY, today=TODAY) is new
    assert covering((old, new), TODAY - 150 * DAY, today=TODAY) is old


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.ACCEPTED])
def test_nobody_serves_who_is_not_accepted(stage: Stage) -> None:
    assert why(standing(passed(TODAY), stage=stage)) is Bar.NOT_ACCEPTED


def test_nobody_serves_who_rests() -> None:
    assert why(standing(passed(TODAY), active=False)) is Bar.RESTING


def test_somebody_under_age_serves_with_a_guardians_consent_until_they_are_of_age() -> None:
    born = date(2008, 12, 1)
    minor = standing(passed(TODAY), birth_date=born)
    assert why(minor, date(2026, 11, 30)) is Bar.GUARDIAN
    assert why(minor, date(2026, 12, 1)) is None
    assert why(replace(minor, guardian_consent_on=TODAY), date(2026, 11, 30)) is None


def test_of_age_is_whoever_has_had_their_eighteenth_birthday() -> None:
    born = date(2008, 11, 28)
    assert is_adult(born, date(2026, 11, 28))
    assert not is_adult(born, date(2026, 11, 27))
    assert not is_adult(born, date(2008, 11, 27))


def test_the_last_day_is_that_of_the_check_that_holds_longest() -> None:
    first = passed(TODAY - 300 * DAY)
    until = a_year_after(first.checked_on)
    assert last_day((first,), today=TODAY) == until
    renewed = passed(TODAY - 10 * DAY)
    assert last_day((first, renewed), today=TODAY) == a_year_after(renewed.checked_on)
    assert last_day((first, passed(TODAY - 10 * DAY, TODAY)), today=TODAY) == until
    assert last_day((first, failed(TODAY)), today=TODAY) is None
    assert last_day((), today=TODAY) is None
    assert last_day((passed(TODAY - 400 * DAY),), today=TODAY) is None
    assert last_day((passed(TODAY - 1 * DAY, TODAY),), today=TODAY) == TODAY


@pytest.mark.parametrize(
    ("households", "least", "enough"),
    [
        ([], 0, True),
        ([], 1, False),
        (["a"], 1, True),
        ([None], 2, False),
        (["a", "a"], 2, False),
        (["a", "a", "a"], 3, False),
        (["a", "b"], 2, True),
        ([None, None], 2, True),
        (["a", None], 2, True),
        (["a", "b"], 3, False),
        (["a", "a"], 1, True),
    ],
)
def test_enough_adults_are_not_all_of_one_household(
    households: list[str | None],
    least: int,
    enough: bool,  # noqa: FBT001
) -> None:
    assert enough_adults(households, least) is enough


def test_stages_and_steps_have_words() -> None:
    assert len({word.label.text for word in Stage}) == len(Stage)
    assert len({word.label.text for word in Step}) == len(Step)
