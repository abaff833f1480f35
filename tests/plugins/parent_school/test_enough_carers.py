"""Children are looked after by as many adults as their age asks for; without the rule two may do."""

from typing import Any

import pytest

from core.planning.explain import explain
from core.planning.problem import Activity, Problem, Role
from core.planning.rules import DEFAULT_RULES
from plugins.parent_school.ratios import AgeRatio, adults_for
from plugins.parent_school.rules.enough_carers import EnoughCarers, extension
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
)

RULE = EnoughCarers()
NAME = "parent_school.care"
SATURDAY, SUNDAY = "12-05 09:00", "12-06 09:00"
ADULTS = (a_person("ann"), a_person("bo"), a_person("cai"))


def some_care(*roles: Role, **changes: Any) -> Activity:
    return an_activity(NAME, (SATURDAY, SUNDAY), roles=roles or (Role(ROLE, None, 1, 3),), **changes)


def a_term(care: Activity, least: int = 2, **changes: Any) -> Problem:
    values = {"people": ADULTS, **changes}
    return a_problem([care], extensions={"parent_school": extension({NAME: least}, (ROLE, "assistant"))}, **values)


def broken(problem: Problem, *people: str) -> bool:
    return bool(list(RULE.breaches(problem, a_plan(a_session(NAME, 0, SATURDAY, *people)))))


def test_the_rule_changes_the_plan() -> None:
    # Who serves once more costs more than a place that is wanted and empty.
    care = some_care(sessions=1)
    problem = a_term(care, 3, weights={"unscheduled": 10_000, "required": 1_000, "wanted": 1, "load": 5})
    (alone,), (looked_after,) = best_plan(problem).sessions, best_plan(problem, RULE).sessions
    assert len(alone.people()) == 1
    assert len(looked_after.people()) == 3


def test_adults_count_and_young_volunteers_only_help() -> None:
    problem = a_term(some_care(), people=(*ADULTS, a_person("kid", adult=False)))
    assert broken(problem, "ann")
    assert broken(problem, "ann", "kid")
    assert not broken(problem, "ann", "bo")


def test_adults_in_other_roles_do_not_count() -> None:
    care = some_care(Role("assistant", None, 1, 1), Role(ROLE, None, 1, 1), Role("host", None, 1, 1), sessions=1)
    held = best_plan(a_term(care, people=ADULTS[:2]), RULE).sessions
    assert [row.staff["host"] for row in held] == [()]
    assert best_plan(a_term(care, 3), RULE).sessions == ()


def test_care_with_too_few_adults_is_left_out_and_the_rule_says_why() -> None:
    problem = a_term(some_care(sessions=1), 4)
    plan = best_plan(problem, RULE)
    assert plan.sessions == ()
    (short,) = explain(problem, plan, seconds=1, workers=1, rules=(*DEFAULT_RULES, RULE))
    assert "For the age of the children there are too few adults in its caring roles." in str(short.reason)


def test_what_lies_behind_us_is_not_judged() -> None:
    published = a_session(NAME, 0, SATURDAY, "ann")
    problem = a_term(some_care(), incumbent=a_plan(published), frozen_before=at(SUNDAY))
    assert not broken(problem, "ann")
    both = a_plan(published, a_session(NAME, 1, SUNDAY, "ann"))
    assert [breach.sessions for breach in RULE.breaches(problem, both)] == [((NAME, 1),)]
    assert len(best_plan(problem, RULE).sessions) == 2


def test_care_that_is_not_decided_on_stays_as_it_is() -> None:
    other = an_activity("parent_school.other", (SATURDAY,))
    term = a_term(some_care())
    problem = a_problem([*term.activities, other], term.people, extensions=term.extensions)
    assert leaves_alone(problem, RULE, a_plan(a_session(NAME, 0, SATURDAY, "ann")), other.id)


@pytest.mark.parametrize("frozen", [False, True])
def test_constraint_and_check_agree_on_every_plan(*, frozen: bool) -> None:
    published = a_plan(a_session(NAME, 0, SATURDAY, "ann"))
    history = {"incumbent": published, "frozen_before": at(SUNDAY)} if frozen else {}
    care = some_care()
    problem = a_term(care, people=(*ADULTS[:2], a_person("kid", adult=False)), **history)
    verdicts = set()
    for plan in all_plans(problem, care, most_people=3):
        kept = not list(RULE.breaches(problem, plan))
        assert is_allowed(problem, RULE, plan) is kept, plan
        verdicts.add(kept)
    assert verdicts == {True, False}


@pytest.mark.parametrize(
    ("children", "youngest", "adults"),
    [(0, 3, 1), (5, 3, 1), (6, 3, 2), (8, 4, 1), (9, 6, 2), (28, 5, 4), (20, 7, 2), (31, 10, 3), (31, 18, 3)],
)
def test_the_ratio_for_the_youngest_gives_the_adults(children: int, youngest: int, adults: int) -> None:
    assert adults_for(children, youngest) == adults


def test_a_stations_own_ratios_count_whatever_their_order() -> None:
    own = (AgeRatio(12, 12), AgeRatio(5, 4))
    assert adults_for(12, 5, own) == 3
    assert adults_for(12, 6, own) == 1
    assert adults_for(13, 15, own) == 2
