"""Notices wait for the end of quiet hours, go together where somebody wants that, and are tried less and less often."""

from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import new_id
from core.domain.notices import (
    DIGEST_AT,
    FACTS,
    MOST_ATTEMPTS,
    TO_WEBHOOK,
    Addressee,
    Channel,
    Notice,
    NoticeKind,
    NoticeState,
    Pace,
    Quiet,
    may_go,
    pause_after,
    to_user,
    to_volunteer,
)

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001 (the station's wall clock)
HOURS = st.builds(Quiet, st.times(), st.times())
SOMEBODY = to_volunteer(UUID(int=1))


def at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 12, day, hour, minute)  # noqa: DTZ001 (as above)


def a_notice(**values: object) -> Notice:
    plain = {"kind": NoticeKind.DUTY_ASKED, "to": SOMEBODY, "station_id": new_id(), "key": "k", **values}
    return Notice(**plain)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "goes"),
    [(at(20, 59), at(20, 59)), (at(21), at(8, day=2)), (at(3), at(8)), (at(7, 59), at(8)), (at(8), at(8))],
)
def test_nobody_is_told_at_night(moment: datetime, goes: datetime) -> None:
    assert may_go(moment, Quiet(), Pace.AT_ONCE, urgent=False) == goes


def test_what_is_urgent_goes_at_night_as_well() -> None:
    assert may_go(at(3), Quiet(), Pace.DAILY, urgent=True) == at(3)


def test_a_digest_goes_once_a_day() -> None:
    assert may_go(at(9), Quiet(), Pace.DAILY, urgent=False) == at(18)
    assert may_go(at(18), Quiet(), Pace.DAILY, urgent=False) == at(18, day=2)


def test_a_digest_waits_for_the_end_of_quiet_hours() -> None:
    assert may_go(at(9), Quiet(time(17), time(19)), Pace.DAILY, urgent=False) == at(19)


def test_quiet_hours_that_end_when_they_begin_are_none() -> None:
    assert not any(Quiet(time(8), time(8)).holds(at(hour)) for hour in range(24))


@given(MOMENTS, HOURS, st.sampled_from(Pace))
def test_a_notice_never_goes_early_nor_in_quiet_hours_nor_after_two_days(
    moment: datetime, quiet: Quiet, pace: Pace
) -> None:
    goes = may_go(moment, quiet, pace, urgent=False)
    assert moment <= goes <= moment + timedelta(days=2)
    assert not quiet.holds(goes)
    assert pace is Pace.AT_ONCE or goes.time() == DIGEST_AT or quiet.holds(datetime.combine(goes, DIGEST_AT))


@given(MOMENTS, HOURS, st.sampled_from(Pace))
def test_what_came_up_earlier_never_goes_later(moment: datetime, quiet: Quiet, pace: Pace) -> None:
    later = moment + timedelta(minutes=7)
    assert may_go(moment, quiet, pace, urgent=False) <= may_go(later, quiet, pace, urgent=False)


def test_the_pauses_double_up_to_six_hours() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, MOST_ATTEMPTS)]
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert pauses == sorted(pauses)
    assert max(pauses) <= timedelta(hours=6)
    assert timedelta(hours=6) < sum(pauses, timedelta()) < timedelta(days=1)
    assert pause_after(10_000) == timedelta(hours=6)


def test_a_pause_follows_an_attempt() -> None:
    with pytest.raises(ValueError, match="follows"):
        pause_after(0)


def test_each_recipient_has_a_key_of_its_own() -> None:
    one = UUID(int=1)
    assert len({to_volunteer(one).key, to_user(one).key, TO_WEBHOOK.key}) == 3
    with pytest.raises(ValueError, match="put two"):
        Addressee(volunteer_id=one, user_id=one)


@pytest.mark.parametrize("name", ["child", "name", "note", "health", "reason"])
def test_a_notice_has_no_place_for_what_sessions_do_not_say(name: str) -> None:
    assert name not in FACTS
    with pytest.raises(ValueError, match="has no fact"):
        a_notice(facts={name: "x"})


def test_facts_are_short_texts_and_numbers() -> None:
    a_notice(facts={"title": "x" * 400, "minutes": 30, "swap_id": "0"})
    for value in ("x" * 401, ["x"], {"a": "b"}, None):
        with pytest.raises(ValueError, match="number or a text"):
            a_notice(facts={"title": value})


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_notice_needs_a_key(key: str) -> None:
    with pytest.raises(ValueError, match="1 to 200"):
        a_notice(key=key)


def test_every_word_has_a_label() -> None:
    assert all(one.label.text for words in (NoticeKind, Channel, NoticeState, Pace) for one in words)
