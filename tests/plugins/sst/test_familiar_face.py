"""In a comfort circle somebody of the last time is there again; without the rule nobody may be."""

from typing import Any

import pytest

from core.planning.plan import Plan
from core.planning.problem import Activity, Problem
from plugins.sst.rules import FamiliarFace, contribution
from tests.plugins.small_terms import (
    a_person,
    a_plan,
    a_problem,
    a_session,
    all_plans,
    an_activity,
    an_outline,
    best_plan,
    is_allowed,
    leaves_alone,
)

RULE = FamiliarFace()
NAME = "sst.circle"
SATURDAYS = ("12-05 09:00", "12-12 09:00", "12-19 09:00")


def a_circle(**changes: Any) -> Activity:
    return an_activity(NAME, SATURDAYS, **{"sessions": 3, **changes})


def a_term(circle: Activity, *, familiar_face: bool = True, **changes: Any) -> Problem:
    outline = an_outline(circle, "sst.comfort_circle", familiar_face=familiar_face)
    values = {"people": (a_person("ann"), a_person("bo")), **changes}
    return a_problem([circle], extensions={"sst": dict(contribution([outline]).extension)}, **values)


def broken(problem: Problem, *sessions: Any) -> list[int]:
    return [breach.sessions[0][1] for breach in RULE.breaches(problem, a_plan(*sessions))]


def everyone(plan: Plan) -> set[str]:
    return {person for row in plan.sessions for person in row.people()}


def test_the_rule_changes_the_plan_of_a_circle() -> None:
    circle = a_circle(sessions=2)
    problem = a_term(circle)
    without, held = best_plan(problem), best_plan(problem, RULE)
    # Two who share the work cost less, so without the rule children meet a stranger the second time.
    assert everyone(without) == {"ann", "bo"}
    assert list(RULE.breaches(problem, without))
    assert len(held.sessions) == 2
    assert len(everyone(held)) == 1


def test_a_circle_whose_people_can_only_take_turns_is_held_by_those_who_come_again() -> None:
    circle = a_circle()
    line = circle.starts[1]
    early, late = a_person("ann", available=((0, line),)), a_person("bo", available=((line, line + 99_999),))
    problem = a_term(circle, people=(early, late))
    assert len(best_plan(problem).sessions) == 3
    assert [row.people() for row in best_plan(problem, RULE).sessions] == [("bo",), ("bo",)]


def test_one_who_stays_is_enough() -> None:
    problem = a_term(a_circle())
    assert not broken(
        problem,
        a_session(NAME, 0, SATURDAYS[0], "ann"),
        a_session(NAME, 1, SATURDAYS[1], "ann", "bo"),
        a_session(NAME, 2, SATURDAYS[2], "bo"),
    )


def test_nobody_who_stays_is_a_breach_of_the_later_session() -> None:
    problem = a_term(a_circle())
    assert broken(problem, a_session(NAME, 0, SATURDAYS[0], "ann"), a_session(NAME, 1, SATURDAYS[1], "bo")) == [1]


def test_the_last_time_is_the_last_session_that_is_held() -> None:
    problem = a_term(a_circle())
    assert not broken(problem, a_session(NAME, 0, SATURDAYS[0], "ann"), a_session(NAME, 2, SATURDAYS[2], "ann"))
    assert broken(problem, a_session(NAME, 0, SATURDAYS[0], "ann"), a_session(NAME, 2, SATURDAYS[2], "bo")) == [2]


def test_a_young_helper_is_no_familiar_face() -> None:
    problem = a_term(a_circle(), people=(a_person("kid", adult=False), a_person("ann")))
    sessions = [a_session(NAME, 0, SATURDAYS[0], "kid"), a_session(NAME, 1, SATURDAYS[1], "kid", "ann")]
    assert broken(problem, *sessions) == [1]
    assert not is_allowed(problem, RULE, a_plan(*sessions))


def test_what_lies_behind_us_is_not_judged_but_remembered() -> None:
    published = (a_session(NAME, 0, SATURDAYS[0], "ann"), a_session(NAME, 1, SATURDAYS[1], "bo"))
    circle = a_circle()
    problem = a_term(circle, incumbent=a_plan(*published), frozen_before=circle.starts[2])
    assert not broken(problem, *published, a_session(NAME, 2, SATURDAYS[2], "bo"))
    assert broken(problem, *published, a_session(NAME, 2, SATURDAYS[2], "ann")) == [2]
    assert best_plan(problem, RULE).sessions[-1].people() == ("bo",)


@pytest.mark.parametrize("type_key", ["sst.comfort_circle", "sst.companionship"])
def test_only_circles_that_want_a_familiar_face_are_listed(type_key: str) -> None:
    circle = a_circle()
    assert contribution([an_outline(circle, type_key, familiar_face=False)]).extension == {}
    listed = contribution([an_outline(circle, type_key)]).extension
    assert listed == ({"familiar_face": [NAME]} if type_key == "sst.comfort_circle" else {})


def test_a_circle_that_is_not_listed_is_left_alone() -> None:
    problem = a_term(a_circle(), familiar_face=False)
    strangers = (a_session(NAME, 0, SATURDAYS[0], "ann"), a_session(NAME, 1, SATURDAYS[1], "bo"))
    assert not broken(problem, *strangers)
    assert is_allowed(problem, RULE, a_plan(*strangers))


def test_a_circle_that_is_not_decided_on_stays_as_it_is() -> None:
    other = an_activity("sst.other", SATURDAYS)
    term = a_term(a_circle())
    problem = a_problem([*term.activities, other], term.people, extensions=term.extensions)
    strangers = a_plan(a_session(NAME, 0, SATURDAYS[0], "ann"), a_session(NAME, 1, SATURDAYS[1], "bo"))
    assert leaves_alone(problem, RULE, strangers, other.id)


@pytest.mark.parametrize("frozen", [False, True])
def test_constraint_and_check_agree_on_every_plan(*, frozen: bool) -> None:
    circle = a_circle()
    published = a_plan(a_session(NAME, 0, SATURDAYS[0], "ann"), a_session(NAME, 1, SATURDAYS[1], "bo"))
    history = {"incumbent": published, "frozen_before": circle.starts[2]} if frozen else {}
    problem = a_term(circle, **history)
    verdicts = []
    for plan in all_plans(problem, circle, most_people=2):
        verdicts.append(not list(RULE.breaches(problem, plan)))
        assert is_allowed(problem, RULE, plan) is verdicts[-1], plan
    assert {True, False} == set(verdicts)


def test_sessions_at_one_moment_follow_on_the_same_last_time() -> None:
    circle = a_circle(max_per_day=2)
    problem = a_term(circle)
    first, second = (a_session(NAME, k, SATURDAYS[1], name) for k, name in ((1, "ann"), (2, "bo")))
    assert not broken(problem, a_session(NAME, 0, SATURDAYS[0], "ann", "bo"), first, second)
    assert broken(problem, a_session(NAME, 0, SATURDAYS[0], "ann"), first, second) == [2]
