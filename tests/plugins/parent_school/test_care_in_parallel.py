"""A talk that needs child care is not held where there is none for it; without the rule it is."""

from typing import Any

import pytest

from core.planning.explain import explain
from core.planning.problem import Activity, Problem
from core.planning.rules import DEFAULT_RULES
from plugins.parent_school.rules.care_in_parallel import CareInParallel, extension
from tests.plugins.small_terms import (
    a_person,
    a_plan,
    a_problem,
    a_session,
    all_plans,
    an_activity,
    at,
    best_plan,
    is_allowed,
    leaves_alone,
)

RULE = CareInParallel()
NAME = "parent_school.lecture"
FIRST, SECOND = "12-05 09:00", "12-12 09:00"


def a_talk(**changes: Any) -> Activity:
    return an_activity(NAME, (FIRST, SECOND), **changes)


def a_term(cared: int, **changes: Any) -> Problem:
    return a_problem([a_talk()], [a_person("ann")], extensions={"parent_school": extension({NAME: cared})}, **changes)


def test_the_rule_changes_the_plan() -> None:
    assert [len(best_plan(a_term(cared)).sessions) for cared in (0, 1)] == [2, 2]
    assert [len(best_plan(a_term(cared), RULE).sessions) for cared in (0, 1)] == [0, 1]


@pytest.mark.parametrize("cared", [0, 1])
def test_a_talk_without_care_says_why_it_is_not_held(cared: int) -> None:
    problem = a_term(cared)
    plan = best_plan(problem, RULE)
    found = explain(problem, plan, seconds=1, workers=1, rules=(*DEFAULT_RULES, RULE))
    assert len(found) == 2 - cared
    assert all("It needs child care beside it, and the term has none for it" in str(short.reason) for short in found)


@pytest.mark.parametrize("cared", [0, 1])
def test_what_lies_behind_us_is_not_judged(cared: int) -> None:
    published = a_session(NAME, 1, FIRST, "ann")
    problem = a_term(cared, incumbent=a_plan(published), frozen_before=at("12-06 00:00"))
    assert not list(RULE.breaches(problem, a_plan(published)))
    assert len(best_plan(problem, RULE).sessions) == 1 + cared


def test_a_talk_that_is_not_decided_on_stays_as_it_is() -> None:
    other = an_activity("parent_school.other", (FIRST,))
    term = a_term(1)
    problem = a_problem([*term.activities, other], term.people, extensions=term.extensions)
    both = a_plan(a_session(NAME, 0, FIRST), a_session(NAME, 1, SECOND))
    assert leaves_alone(problem, RULE, both, other.id)


@pytest.mark.parametrize("cared", [0, 1, 2])
def test_the_constraint_allows_as_many_as_the_check(cared: int) -> None:
    problem = a_term(cared)
    for plan in all_plans(problem, problem.activities[0], most_people=1):
        assert is_allowed(problem, RULE, plan) is not any(RULE.breaches(problem, plan)), plan
