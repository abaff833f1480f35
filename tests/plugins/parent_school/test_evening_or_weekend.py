"""Talks begin when parents are not at work; without the rule they may begin on a Monday morning."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from core.planning.errors import MalformedProblemError
from core.planning.explain import explain
from core.planning.model.choices import Choices
from core.planning.problem import Activity, Problem, Role
from core.planning.rules import DEFAULT_RULES
from plugins.parent_school.rules.evening_or_weekend import EveningOrWeekend, extension
from tests.plugins.small_terms import (
    ROLE,
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
    starts_of,
)

RULE = EveningOrWeekend()
NAME = "parent_school.lecture"
MONDAY, MONDAY_LATE, MONDAY_EVENING, SATURDAY = "12-07 09:00", "12-07 17:59", "12-07 18:00", "12-12 09:00"
DAYS_OFF = frozenset({date(2026, 12, 12)})


def a_talk(*starts: str, **changes: Any) -> Activity:
    return an_activity(NAME, starts or (MONDAY, MONDAY_LATE, MONDAY_EVENING, SATURDAY), **changes)


def a_term(talk: Activity, told: Mapping[str, Any] | None = None, **changes: Any) -> Problem:
    values = {"people": (a_person("ann"),), **changes}
    extensions = {"parent_school": told or extension([NAME], DAYS_OFF)}
    return a_problem([talk], extensions=extensions, **values)


def broken(problem: Problem, *starts: str) -> list[int]:
    rows = [a_session(NAME, index, start) for index, start in enumerate(starts)]
    return [breach.sessions[0][1] for breach in RULE.breaches(problem, a_plan(*rows))]


def test_the_rule_changes_the_plan() -> None:
    # A second helper, who is wanted, comes on Monday alone.
    talk = a_talk(MONDAY, SATURDAY, sessions=1, roles=(Role(ROLE, None, 1, 2),))
    monday = ((at("12-07 00:00"), at("12-08 00:00")),)
    problem = a_term(talk, people=(a_person("ann"), a_person("bo", available=monday)))
    assert starts_of(best_plan(problem), NAME) == [at(MONDAY)]
    assert starts_of(best_plan(problem, RULE), NAME) == [at(SATURDAY)]


def test_parents_come_from_six_on_or_on_a_day_off() -> None:
    problem = a_term(a_talk(sessions=4))
    assert broken(problem, MONDAY, MONDAY_LATE, MONDAY_EVENING, SATURDAY) == [0, 1]


def test_a_saturday_that_is_worked_is_no_day_off() -> None:
    problem = a_term(a_talk(), extension([NAME], frozenset()))
    assert broken(problem, SATURDAY) == [0]


def test_a_talk_that_can_only_be_in_working_hours_is_left_out_and_the_rule_says_why() -> None:
    problem = a_term(a_talk(MONDAY, sessions=1))
    plan = best_plan(problem, RULE)
    assert plan.sessions == ()
    (short,) = explain(problem, plan, seconds=1, workers=1, rules=(*DEFAULT_RULES, RULE))
    assert str(short.reason) == "No start is left. Parents can come in the evening, from 18:00, and on days off."


def test_what_lies_behind_us_is_not_judged() -> None:
    published = a_session(NAME, 0, MONDAY, "ann")
    problem = a_term(a_talk(), incumbent=a_plan(published), frozen_before=at("12-08 00:00"))
    assert broken(problem, MONDAY) == []
    choices = Choices(problem)
    RULE.narrow(choices)
    assert at(MONDAY) in choices.starts(NAME)


def test_other_activities_are_left_alone() -> None:
    problem = a_term(a_talk(), extension([], DAYS_OFF))
    assert broken(problem, MONDAY) == []
    assert is_allowed(problem, RULE, a_plan(a_session(NAME, 0, MONDAY, "ann")))
    absent = a_term(a_talk(), extension(["parent_school.gone"], DAYS_OFF))
    assert broken(absent, MONDAY) == []
    assert is_allowed(absent, RULE, a_plan(a_session(NAME, 0, MONDAY, "ann")))


def test_a_talk_that_is_not_decided_on_stays_as_it_is() -> None:
    other = an_activity("parent_school.other", (SATURDAY,))
    term = a_term(a_talk())
    problem = a_problem([*term.activities, other], term.people, extensions=term.extensions)
    assert leaves_alone(problem, RULE, a_plan(a_session(NAME, 0, MONDAY)), other.id)


def test_a_day_that_is_none_is_named_with_its_place() -> None:
    told = {"evening_or_weekend": {"activities": [NAME], "days_off": ["2026-12-32"]}}
    with pytest.raises(MalformedProblemError, match=r"days_off\[0\]"):
        broken(a_term(a_talk(), told), MONDAY)


def test_constraint_and_check_agree_on_every_plan() -> None:
    talk = a_talk(sessions=4, max_per_day=4)
    problem = a_term(talk)
    verdicts = set()
    for plan in all_plans(problem, talk):
        kept = not list(RULE.breaches(problem, plan))
        assert is_allowed(problem, RULE, plan) is kept, plan
        verdicts.add(kept)
    assert verdicts == {True, False}
