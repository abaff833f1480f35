"""A class on a festival lies shortly before it; without the rule it may come when all is over."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.hooks.types import TermOutline
from core.planning.errors import MalformedProblemError
from core.planning.explain import explain
from core.planning.problem import Activity, Problem, Role
from core.planning.rules import DEFAULT_RULES
from plugins.character_ed.rules.before_the_festival import BeforeTheFestival, asked
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

RULE = BeforeTheFestival()
NAME = "character_ed.class"
#: The winter solstice of 2026 is on December 22.
TOO_EARLY, LONG_BEFORE, THE_DAY_BEFORE, THE_DAY, AFTER = (f"12-{day} 09:00" for day in ("05", "12", "21", "22", "26"))
STARTS = (TOO_EARLY, LONG_BEFORE, THE_DAY_BEFORE, THE_DAY, AFTER)
TERM = TermOutline(UUID(int=1), UUID(int=2), date(2026, 12, 1), date(2026, 12, 31))


def a_class(**changes: Any) -> Activity:
    return an_activity(NAME, STARTS, **{"sessions": 1, **changes})


def a_term(activity: Activity, festival: str = "winter_solstice", days_before: int = 10, **changes: Any) -> Problem:
    outline = an_outline(activity, "character_ed.open_class", festival=festival, days_before=days_before)
    values = {"people": (a_person("ann"),), **changes}
    return a_problem([activity], extensions={"character_ed": dict(asked([outline], TERM))}, **values)


def broken(problem: Problem, *sessions: Any) -> list[int]:
    return [breach.sessions[0][1] for breach in RULE.breaches(problem, a_plan(*sessions))]


def test_the_rule_changes_the_plan_of_a_class() -> None:
    # A second helper, who is wanted, comes once all is over.
    late = ((at("12-23 00:00"), at("12-31 00:00")),)
    two = a_class(roles=(Role(ROLE, None, 1, 2),))
    problem = a_term(two, people=(a_person("ann"), a_person("bo", available=late)))
    without, held = best_plan(problem), best_plan(problem, RULE)
    assert starts_of(without, NAME) == [at(AFTER)]
    assert broken(problem, *without.sessions) == [0]
    assert starts_of(held, NAME)[0] in {at(LONG_BEFORE), at(THE_DAY_BEFORE)}


@pytest.mark.parametrize(
    ("start", "is_broken"),
    [(TOO_EARLY, True), (LONG_BEFORE, False), (THE_DAY_BEFORE, False), (THE_DAY, True), (AFTER, True)],
)
def test_only_the_days_before_the_festival_count(start: str, *, is_broken: bool) -> None:
    assert bool(broken(a_term(a_class()), a_session(NAME, 0, start))) is is_broken


def test_a_festival_outside_the_term_leaves_the_class_out_and_says_so() -> None:
    problem = a_term(a_class(), "dragon_boat")
    plan = best_plan(problem, RULE)
    assert plan.sessions == ()
    (short,) = explain(problem, plan, seconds=2, workers=1, rules=(*DEFAULT_RULES, RULE))
    assert str(short.reason).startswith("No start is left. A class on a festival is held shortly before it")
    (breach,) = RULE.breaches(problem, a_plan(a_session(NAME, 0, TOO_EARLY)))
    assert str(breach.message).startswith("No day shortly before Dragon Boat Festival lies in the term")


def test_what_lies_behind_us_is_not_judged() -> None:
    published = a_session(NAME, 0, TOO_EARLY, "ann")
    problem = a_term(a_class(), incumbent=a_plan(published), frozen_before=at(LONG_BEFORE))
    assert not broken(problem, published)
    assert best_plan(problem, RULE).sessions == (published,)


def test_classes_on_no_festival_and_other_activities_are_not_listed() -> None:
    for type_key, festival in (("character_ed.open_class", "none"), ("character_ed.service_day", "winter_solstice")):
        assert asked([an_outline(a_class(), type_key, festival=festival)], TERM) == {}
    assert asked([an_outline(a_class(), "character_ed.open_class")], TERM) == {}


def test_a_class_has_fourteen_days_unless_its_organizer_says_otherwise() -> None:
    found = asked([an_outline(a_class(), "character_ed.open_class", festival="winter_solstice")], TERM)
    days = found["festivals"][NAME]["days"]
    assert (len(days), days[0], days[-1]) == (14, "2026-12-08", "2026-12-21")


def test_a_day_that_is_none_is_named() -> None:
    listed = {"festivals": {NAME: {"festival": "winter_solstice", "days": ["soon"]}}}
    problem = a_problem([a_class()], [], extensions={"character_ed": listed})
    with pytest.raises(MalformedProblemError, match="days"):
        list(RULE.breaches(problem, a_plan()))


def test_a_class_that_is_not_decided_on_stays_as_it_is() -> None:
    other = an_activity("character_ed.other", STARTS)
    term = a_term(a_class())
    problem = a_problem([*term.activities, other], term.people, extensions=term.extensions)
    assert leaves_alone(problem, RULE, a_plan(a_session(NAME, 0, AFTER)), other.id)


@pytest.mark.parametrize("frozen", [False, True])
def test_constraint_and_check_agree_on_every_plan(*, frozen: bool) -> None:
    activity = a_class(sessions=2)
    published = a_plan(a_session(NAME, 0, TOO_EARLY))
    history: dict[str, Any] = {"incumbent": published, "frozen_before": at(LONG_BEFORE)} if frozen else {}
    problem = a_term(activity, **history)
    verdicts = set()
    for plan in all_plans(problem, activity, most_people=0):
        verdict = not list(RULE.breaches(problem, plan))
        assert is_allowed(problem, RULE, plan) is verdict, plan
        verdicts.add(verdict)
    assert verdicts == {True, False}
