"""Phases of a term follow from its dates, and offers don't run out at night."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.registering import OfferHours, Phase, TermDates

FIRST, LAST = date(2026, 7, 6), date(2026, 8, 14)


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour)  # noqa: DTZ001 (the station's wall clock)


WISHES = TermDates(FIRST, LAST, at(6, 1), at(6, 14), at(6, 20), at(7, 1))


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (at(5, 31), Phase.PREPARING),
        (at(6, 1), Phase.WISHES),
        (at(6, 14, 8), Phase.WISHES),
        (at(6, 14), Phase.ALLOCATION),
        (at(6, 20), Phase.OPEN_PLACES),
        (at(7, 1), Phase.CLOSED),
        (at(7, 6, 0), Phase.RUNNING),
        (at(8, 14, 23), Phase.RUNNING),
        (at(8, 15, 0), Phase.CLOSED),
    ],
)
def test_phases_follow_one_another_by_the_dates(now: datetime, phase: Phase) -> None:
    assert WISHES.phase(now) is phase


def test_two_terms_may_be_in_different_phases_at_once() -> None:
    now = at(7, 20)
    assert TermDates(FIRST, LAST).phase(now) is Phase.RUNNING
    assert TermDates(date(2026, 9, 1), date(2026, 12, 31), opens_at=at(7, 15)).phase(now) is Phase.OPEN_PLACES


def test_a_term_of_which_nobody_has_decided_is_being_prepared() -> None:
    assert TermDates(FIRST, LAST).phase(at(5, 1)) is Phase.PREPARING


@pytest.mark.parametrize(
    ("offered", "until"),
    [
        # By day, the hours of the same day; over the evening, the rest from the morning on.
        (at(6, 1, 9), at(6, 1, 13)),
        (at(6, 1, 19), at(6, 2, 10)),
        # Made at night it runs from the morning, before and after midnight.
        (at(6, 1, 23), at(6, 2, 12)),
        (at(6, 1, 3), at(6, 1, 12)),
        (at(6, 1, 17), at(6, 1, 21)),
    ],
)
def test_an_offer_of_four_hours_runs_out_by_day(offered: datetime, until: datetime) -> None:
    assert OfferHours(4, time(21), time(8)).deadline(offered) == until


def test_without_quiet_hours_the_clock_runs_on() -> None:
    assert OfferHours(24, time(0), time(0)).deadline(at(6, 1, 23)) == at(6, 2, 23)


def test_quiet_hours_may_be_at_noon() -> None:
    assert OfferHours(2, time(12), time(14)).deadline(at(6, 1, 11)) == at(6, 1, 15)


HOURS = st.integers(0, 23).map(time)


@given(st.integers(1, 336), HOURS, HOURS, st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)))  # noqa: DTZ001
def test_nobody_has_less_time_than_was_promised(hours: int, begin: time, end: time, offered: datetime) -> None:
    until = OfferHours(hours, begin, end).deadline(offered)
    assert until - offered >= timedelta(hours=hours)
    assert until >= OfferHours(hours, time(0), time(0)).deadline(offered)
