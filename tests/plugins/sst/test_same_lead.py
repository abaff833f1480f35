"""A course has one lead: the one that was named, the one of the last time, or one whom the planner chooses."""

from typing import Any

import pytest

from core.planning.check import audit
from core.planning.explain import explain
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.reasons.program_rules import ProgramRules
from core.planning.rules import DEFAULT_RULES
from plugins.sst.rules import SameLead
from tests.plugins.small_terms import a_person, a_plan, at, best_plan
from tests.plugins.sst.courses import COURSE, MAKE_UP, SATURDAYS, a_course, a_make_up, a_term, led

RULE = SameLead()


def broken(problem: Problem, *sessions: Any) -> list[tuple[str, int]]:
    return [breach.sessions[0] for breach in RULE.breaches(problem, a_plan(*sessions))]


def leads(plan: Plan) -> list[str]:
    return [person for row in plan.sessions for person in row.staff["lead"]]


def test_without_the_rule_two_share_a_course_and_with_it_one_leads_all() -> None:
    problem = a_term(a_course())
    without, kept = best_plan(problem), best_plan(problem, RULE)
    assert len(set(leads(without))) == 2
    assert list(RULE.breaches(problem, without))
    assert len(leads(kept)) == 3
    assert len(set(leads(kept))) == 1


def test_the_audit_names_the_rule_and_the_session() -> None:
    problem = a_term(a_course())
    found = audit(problem, a_plan(led(COURSE, 0, SATURDAYS[0], "ann"), led(COURSE, 1, SATURDAYS[1], "bo")), (RULE,))
    assert [(breach.rule, breach.sessions) for breach in found.breaches] == [("sst.same_lead", ((COURSE, 1),))]
    assert "bo leads session 2" in str(found.breaches[0].message)


def test_whom_the_coordinator_has_named_leads() -> None:
    problem = a_term(a_course(), settings={"lead": "bo"})
    assert set(leads(best_plan(problem, RULE))) == {"bo"}
    assert broken(problem, led(COURSE, 0, SATURDAYS[0], "ann")) == [(COURSE, 0)]


def test_the_substitute_steps_in_where_the_lead_is_away() -> None:
    line = at(SATURDAYS[1])
    people = (a_person("ann", available=((0, line),)), a_person("bo"), a_person("cy"))
    problem = a_term(a_course(), people=people, settings={"lead": "ann", "substitute": "bo"})
    plan = best_plan(problem, RULE)
    assert len(leads(plan)) == 3
    assert {row.staff["lead"] for row in plan.sessions if row.start >= line} == {("bo",)}
    assert set(leads(plan)) <= {"ann", "bo"}


def test_a_substitute_without_a_named_lead_may_take_turns_with_one_other() -> None:
    problem = a_term(a_course(), people=tuple(map(a_person, ("ann", "bo", "cy"))), settings={"substitute": "cy"})
    first, third = led(COURSE, 0, SATURDAYS[0], "ann"), led(COURSE, 2, SATURDAYS[2], "ann")
    assert not broken(problem, first, led(COURSE, 1, SATURDAYS[1], "cy"), third)
    assert broken(problem, first, led(COURSE, 1, SATURDAYS[1], "bo"), third) == [(COURSE, 1)]
    assert len(set(leads(best_plan(problem, RULE))) - {"cy"}) <= 1


def test_whoever_led_last_goes_on() -> None:
    past = (led(COURSE, 0, SATURDAYS[0], "ann"), led(COURSE, 1, SATURDAYS[1], "bo"))
    problem = a_term(a_course(), incumbent=a_plan(*past), frozen_before=at(SATURDAYS[2]))
    assert not broken(problem, *past, led(COURSE, 2, SATURDAYS[2], "bo"))
    assert broken(problem, *past, led(COURSE, 2, SATURDAYS[2], "ann")) == [(COURSE, 2)]
    assert leads(best_plan(problem, RULE))[-1] == "bo"


def test_a_make_up_session_has_the_lead_of_its_course() -> None:
    problem = a_term(a_course(), a_make_up("12-06 09:00"))
    sessions = [led(COURSE, k, start, "ann") for k, start in enumerate(SATURDAYS)]
    assert broken(problem, *sessions, led(MAKE_UP, 0, "12-06 09:00", "bo")) == [(MAKE_UP, 0)]
    assert len(set(leads(best_plan(problem, RULE)))) == 1


def test_a_session_without_a_lead_is_left_to_other_rules() -> None:
    assert not broken(a_term(a_course()), led(COURSE, 0, SATURDAYS[0]), led(COURSE, 1, SATURDAYS[1], "bo"))


def test_a_lead_who_can_never_come_leaves_the_place_empty_and_the_reason_says_why_nobody_else_leads() -> None:
    people = (a_person("ann", available=()), a_person("bo"))
    problem = a_term(a_course(), people=people, settings={"lead": "ann"})
    plan = best_plan(problem, RULE)
    assert leads(plan) == []
    found = explain(problem, plan, seconds=2, seed=0, workers=1, rules=(*DEFAULT_RULES, RULE))
    assert "One person leads the whole course" in " ".join(str(short.reason) for short in found)


@pytest.mark.parametrize("settings", [{}, {"lead": "ann"}, {"substitute": "bo"}])
def test_a_term_in_which_nothing_is_held_keeps_the_rule(settings: dict[str, str]) -> None:
    assert not broken(a_term(a_course(), settings=settings))


def test_the_rule_is_named_as_the_reason_only_where_nobody_who_could_serve_may_lead() -> None:
    problem, held = a_term(a_course()), a_plan(led(COURSE, 0, SATURDAYS[0], "ann"))
    rules = ProgramRules(problem, [RULE])
    assert rules.minding(held, led(COURSE, 1, SATURDAYS[1], "bo")) == RULE.reason
    assert rules.minding(held, led(COURSE, 1, SATURDAYS[1], "bo", "ann")) is None
