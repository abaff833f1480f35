"""Whether somebody's days have room for a duty, judged beside a slow reading of the same rules."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.domain.replies import (
    Duty,
    Full,
    Limits,
    RequestState,
    Safety,
    ServingRules,
    SwapState,
    deadline_for,
    no_room,
    reminder_before,
)
from core.domain.ways import Ways

MONDAY = date(2026, 11, 23)
VENUES = [None, UUID(int=1), UUID(int=2)]
WAYS = Ways(20, {frozenset({UUID(int=1), UUID(int=2)}): 35})


def a_duty(day: int = 0, hour: int = 9, minutes: int = 60, minute: int = 0, venue: UUID | None = None) -> Duty:
    starts = datetime.combine(MONDAY + timedelta(days=day), time(hour, minute))
    return Duty(starts, starts + timedelta(minutes=minutes), venue)


duties = st.builds(
    a_duty,
    day=st.integers(-2, 9),
    hour=st.integers(6, 20),
    minutes=st.sampled_from([30, 60, 90]),
    minute=st.sampled_from([0, 15, 30, 45]),
    venue=st.sampled_from(VENUES),
)
rules = st.builds(ServingRules, rest=st.sampled_from([0, 15, 60]), per_week=st.sampled_from([None, 1, 2, 5]))


def slow_judge(wanted: Duty, others: list[Duty], limits: Limits, minded: ServingRules, *, in_term: int) -> bool:
    """Say whether there is room, minute by minute and day by day."""
    minute = timedelta(minutes=1)
    for one in others:
        way = 0 if None in {one.venue, wanted.venue} or one.venue == wanted.venue else 35
        gap = max(way, minded.rest)
        moment = one.starts_at - gap * minute
        while moment < one.ends_at + gap * minute:
            if wanted.starts_at <= moment < wanted.ends_at:
                return False
            moment += minute
    day = [one for one in others if one.starts_at.date() == wanted.starts_at.date()]
    monday = wanted.starts_at.date() - timedelta(days=wanted.starts_at.weekday())
    week = [one for one in others if monday <= one.starts_at.date() < monday + timedelta(days=7)]
    in_week = min(minded.per_week or 999, limits.per_week or 999)
    return len(day) < limits.per_day and in_term < limits.per_term and len(week) < in_week


@given(
    wanted=duties,
    others=st.lists(duties, max_size=5),
    limits=st.builds(Limits, st.integers(0, 3), st.integers(0, 3), st.sampled_from([None, 1, 2])),
    minded=rules,
    in_term=st.integers(0, 3),
)
def test_there_is_room_exactly_where_a_slow_reading_finds_it(
    *, wanted: Duty, others: list[Duty], limits: Limits, minded: ServingRules, in_term: int
) -> None:
    found = no_room(wanted, others, limits, minded, WAYS, in_term=in_term)
    assert (found is None) == slow_judge(wanted, others, limits, minded, in_term=in_term)


@given(duties, st.lists(duties, max_size=5), rules)
def test_another_duty_never_makes_room(wanted: Duty, others: list[Duty], minded: ServingRules) -> None:
    def full(known: list[Duty]) -> Full | None:
        return no_room(wanted, known, Limits(2, 9), minded, WAYS, in_term=len(known))

    for number in range(len(others)):
        if full(others[:number]) is not None:
            assert full(others[: number + 1]) is not None


def test_each_reason_is_met() -> None:
    wanted, easy = a_duty(hour=12), ServingRules(rest=30, per_week=2)
    generous = Limits(9, 9)
    cases = {
        Full.CLASH: ([a_duty(hour=12)], generous, 0),
        Full.REST: ([a_duty(hour=11)], generous, 0),
        Full.DAY: ([a_duty(hour=8)], Limits(1, 9), 0),
        Full.WEEK: ([a_duty(1)], Limits(9, 9, 1), 0),
        Full.STATION_WEEK: ([a_duty(1), a_duty(2)], generous, 0),
        Full.TERM: ([], generous, 9),
    }
    for reason, (others, limits, in_term) in cases.items():
        assert no_room(wanted, others, limits, easy, WAYS, in_term=in_term) is reason
    assert len({one.reason.text for one in Full}) == len(Full)


@given(st.times(), st.times())
def test_the_hours_of_minors_are_what_both_the_stretch_and_the_rule_have(one: time, other: time) -> None:
    starts, ends = sorted((one, other))
    found = ServingRules(minors_from=time(9), minors_until=time(17)).hours_of_minors(starts, ends)
    if found is None:
        assert ends <= time(9) or starts >= time(17) or starts == ends
    else:
        assert found == (sorted((starts, time(9), time(17)))[1], sorted((ends, time(9), time(17)))[1])


def test_two_adults_of_one_household_are_one_pair_of_eyes() -> None:
    assert not Safety(("一家", "一家"), 2).safe
    assert Safety(("一家", None), 2).safe
    assert not Safety((None,), 2).safe


@given(st.integers(1, 2000), st.integers(1, 336), st.integers(1, 336))
def test_the_reminder_comes_before_the_deadline_and_both_before_the_duty(ahead: int, hours: int, before: int) -> None:
    now = datetime(2026, 11, 26, 9)  # noqa: DTZ001 (wall clock)
    begins = now + timedelta(hours=ahead)
    deadline = deadline_for(now, begins, hours)
    assert now < deadline < begins
    assert deadline <= now + timedelta(hours=hours)
    assert now < reminder_before(now, deadline, before) < deadline


def test_every_state_has_its_own_words() -> None:
    for kind in (RequestState, SwapState):
        assert len({one.label.text for one in kind}) == len(kind)
