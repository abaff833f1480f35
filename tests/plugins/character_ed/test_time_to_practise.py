"""Between two workshops on a virtue there are days to practise; without the rule they may be on one weekend."""

from typing import Any

import pytest

from core.planning.explain import explain
from core.planning.problem import Activity, Problem, Role
from core.planning.rules import DEFAULT_RULES
from plugins.character_ed.rules.time_to_practise import TimeToPractise, asked
from tests.plugins.small_terms import (
    ROLE,
    a_person,
    a_plan,
    a_problem,
    a_session,
    all_plans,
    an_activity,
    an_outline,
    at,
    best_plan,
    is_allowed,
    leaves_alone,
    starts_of,
)

RULE = TimeToPractise()
NAME = "character_ed.workshop"
SATURDAY, SUNDAY, WEDNESDAY, NEXT_SATURDAY = "12-05 09:00", "12-06 09:00", "12-09 09:00", "12-12 09:00"
STARTS = (SATURDAY, "12-05 14:00", SUNDAY, WEDNESDAY, NEXT_SATURDAY)


def a_workshop(**changes: Any) -> Activity:
    return an_activity(NAME, STARTS, **changes)


def a_term(workshop: Activity, practice_days: int = 3, **changes: Any) -> Problem:
    outline = an_outline(workshop, "character_ed.virtue_workshop", practice_days=practice_days)
    values = {"people": (a_person("ann"),), **changes}
    return a_problem([workshop], extensions={"character_ed": dict(asked([outline]))}, **values)


def broken(problem: Problem, *sessions: Any) -> list[tuple[int, ...]]:
    return [tuple(index for _, index in breach.sessions) for breach in RULE.breaches(problem, a_plan(*sessions))]


def test_the_rule_changes_the_plan_of_a_series() -> None:
    # A second helper, who is wanted, comes on the first weekend alone.
    workshop = a_workshop(roles=(Role(ROLE, None, 1, 2),))
    weekend = ((at("12-05 00:00"), at("12-07 00:00")),)
    problem = a_term(workshop, people=(a_person("ann"), a_person("bo", available=weekend)))
    without, held = best_plan(problem), best_plan(problem, RULE)
    assert list(RULE.breaches(problem, without))
    first, second = starts_of(held, NAME)
    assert first < at("12-07 00:00")
    assert second in {at(WEDNESDAY), at(NEXT_SATURDAY)}


def test_a_series_without_time_to_practise_is_cut_short() -> None:
    problem = a_term(an_activity(NAME, (SATURDAY, SUNDAY)))
    assert len(best_plan(problem).sessions) == 2
    plan = best_plan(problem, RULE)
    assert len(plan.sessions) == 1
    (short,) = explain(problem, plan, seconds=2, workers=1, rules=(*DEFAULT_RULES, RULE))
    assert "days to practise between two workshops" in str(short.reason)


def test_days_are_counted_from_one_workshop_to_the_next() -> None:
    days = {count: a_term(a_workshop(), count) for count in (1, 2, 3, 4)}
    weekend = (a_session(NAME, 0, SATURDAY), a_session(NAME, 1, SUNDAY))
    assert [bool(broken(problem, *weekend)) for problem in days.values()] == [False, True, True, True]
    week = (a_session(NAME, 0, SUNDAY), a_session(NAME, 1, WEDNESDAY))
    assert [bool(broken(problem, *week)) for problem in days.values()] == [False, False, False, True]


def test_two_workshops_on_one_day_leave_no_time() -> None:
    problem = a_term(a_workshop(), 1)
    assert broken(problem, a_session(NAME, 1, SATURDAY), a_session(NAME, 0, "12-05 14:00")) == [(1, 0)]


def test_a_series_that_asks_for_no_days_is_left_alone() -> None:
    problem = a_term(a_workshop(), 0)
    day = (a_session(NAME, 0, SATURDAY), a_session(NAME, 1, "12-05 14:00"))
    assert not broken(problem, *day)
    assert is_allowed(problem, RULE, a_plan(*day))


def test_what_lies_behind_us_is_not_judged_but_remembered() -> None:
    published = (a_session(NAME, 0, SATURDAY, "ann"), a_session(NAME, 1, SUNDAY, "ann"))
    problem = a_term(a_workshop(sessions=3), 4, incumbent=a_plan(*published), frozen_before=at("12-07 00:00"))
    assert not broken(problem, *published, a_session(NAME, 2, NEXT_SATURDAY))
    assert broken(problem, *published, a_session(NAME, 2, WEDNESDAY)) == [(1, 2)]
    assert starts_of(best_plan(problem, RULE), NAME) == [at(SATURDAY), at(SUNDAY), at(NEXT_SATURDAY)]


def test_series_are_listed_with_their_days_and_three_unless_said() -> None:
    workshop = a_workshop()
    assert asked([an_outline(workshop, "character_ed.virtue_workshop")]) == {"practice_days": {NAME: 3}}
    assert asked([an_outline(workshop, "character_ed.service_day")]) == {}


def test_a_series_that_is_not_decided_on_stays_as_it_is() -> None:
    other = an_activity("character_ed.other", STARTS)
    term = a_term(a_workshop())
    problem = a_problem([*term.activities, other], term.people, extensions=term.extensions)
    weekend = a_plan(a_session(NAME, 0, SATURDAY), a_session(NAME, 1, SUNDAY))
    assert leaves_alone(problem, RULE, weekend, other.id)


@pytest.mark.parametrize("days", [1, 2, 3, 4])
@pytest.mark.parametrize("frozen", [False, True])
def test_constraint_and_check_agree_on_every_plan(days: int, *, frozen: bool) -> None:
    workshop = a_workshop(sessions=5, max_per_day=1)
    published = a_plan(a_session(NAME, 0, SATURDAY), a_session(NAME, 1, SUNDAY))
    history = {"incumbent": published, "frozen_before": at("12-07 00:00")} if frozen else {}
    problem = a_term(workshop, days, **history)
    verdicts = []
    for plan in all_plans(problem, workshop, most_people=0):
        verdicts.append(not list(RULE.breaches(problem, plan)))
        assert is_allowed(problem, RULE, plan) is verdicts[-1], plan
    assert True in verdicts
    # From the Sunday behind us to the first start ahead it is three days, and three more to the last.
    assert (False in verdicts) is (not frozen or days > 3)
