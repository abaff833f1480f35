"""Between two sessions of a course days go by; without the rule Sunday would follow Saturday."""

import pytest

from core.planning.explain import explain
from core.planning.plan import PlannedSession
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from plugins.sst.rules import DaysBetween
from tests.plugins.small_terms import a_plan, at, best_plan, starts_of
from tests.plugins.sst.courses import COURSE, a_course, a_term, led

RULE = DaysBetween()
WEEKENDS = ("12-05 09:00", "12-06 09:00", "12-12 09:00", "12-13 09:00")


def a_weekend_term(days: int, **changes: object) -> Problem:
    return a_term(a_course(*WEEKENDS, sessions=2), settings={"days_between": days}, **changes)


def broken(problem: Problem, *sessions: PlannedSession) -> list[int]:
    return [breach.sessions[-1][1] for breach in RULE.breaches(problem, a_plan(*sessions))]


def test_the_rule_keeps_the_days_and_holds_all_sessions() -> None:
    problem = a_weekend_term(6)
    first, second = starts_of(best_plan(problem, RULE), COURSE)
    assert second - first >= 6 * 24 * 60


@pytest.mark.parametrize(("days", "is_broken"), [(0, False), (1, False), (2, True)])
def test_from_saturday_to_sunday_is_one_day(days: int, *, is_broken: bool) -> None:
    sessions = led(COURSE, 0, WEEKENDS[0], "ann"), led(COURSE, 1, WEEKENDS[1], "ann")
    assert broken(a_weekend_term(days), *sessions) == ([1] if is_broken else [])


def test_too_many_days_leave_a_session_out() -> None:
    problem = a_weekend_term(20)
    assert len(best_plan(problem, RULE).sessions) == 1
    first = a_plan(led(COURSE, 0, WEEKENDS[0], "ann"))
    found = explain(problem, first, seconds=2, seed=0, workers=1, rules=(*DEFAULT_RULES, RULE))
    assert any("lie some days apart" in str(short.reason) for short in found)


def test_what_lies_behind_us_is_not_judged_but_kept_away_from() -> None:
    past = led(COURSE, 0, WEEKENDS[1], "ann")
    problem = a_weekend_term(7, incumbent=a_plan(past), frozen_before=at(WEEKENDS[2]))
    assert broken(problem, past, led(COURSE, 1, WEEKENDS[2], "ann")) == [1]
    assert starts_of(best_plan(problem, RULE), COURSE) == [at(WEEKENDS[1]), at(WEEKENDS[3])]
    both = past, led(COURSE, 1, WEEKENDS[2], "ann")
    done = a_weekend_term(7, incumbent=a_plan(*both), frozen_before=at(WEEKENDS[3]))
    assert not broken(done, *both)
