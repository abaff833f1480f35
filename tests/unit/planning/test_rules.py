"""Each hard rule: kept by one plan, broken by another, in the check, in the constraint, and before the referee."""

from dataclasses import replace

import pytest

from core.planning.check import audit
from core.planning.plan import PlannedSession
from core.planning.problem import Pin, Role
from core.planning.rules import DEFAULT_RULES
from tests.unit.planning.builders import (
    LEAD,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Exactly,
    a_plan,
    a_problem,
    a_session,
    an_activity,
    at,
    judged,
    solved,
)
from tests.unit.planning.rule_cases import CASES, MINE, NINE, ONE, TALK, TEN, VISIT, Case
from tests.unit.planning.wish_cases import WISHES

EVERY = (*CASES, *WISHES)
NAMES = [f"{case.rule}: {case.title}" for case in EVERY]
#: The constraint against being at two sessions at once also keeps people from being twice in one.
IMPLIED_BY = {"one_role_each": "nobody_twice_at_once"}
#: What the model can't even say needs no constraint: sessions that don't exist, starts that aren't in the list.
UNSPEAKABLE = {"each_session_once", "allowed_start"}


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in EVERY} | UNSPEAKABLE == {rule.name for rule in DEFAULT_RULES}
    assert len({rule.name for rule in DEFAULT_RULES}) == len(DEFAULT_RULES)


@pytest.mark.parametrize("case", EVERY, ids=NAMES)
def test_the_check_finds_what_breaks_the_rule_and_nothing_else(case: Case) -> None:
    assert audit(case.problem, case.kept).breaches == ()
    assert {breach.rule for breach in audit(case.problem, case.broken).breaches} == {case.rule}


@pytest.mark.parametrize("case", CASES, ids=NAMES[: len(CASES)])
def test_the_referee_agrees_with_the_check(case: Case) -> None:
    assert judged(case.problem, case.kept)["valid"]
    assert not judged(case.problem, case.broken)["valid"]


@pytest.mark.parametrize("case", EVERY, ids=NAMES)
def test_the_constraint_allows_the_plan_that_keeps_the_rule(case: Case) -> None:
    answer = solved(case.problem, (*DEFAULT_RULES, Exactly(case.kept)))
    assert answer.plan is not None
    assert {row.key for row in answer.plan.sessions} == {row.key for row in case.kept.sessions}


@pytest.mark.parametrize("case", EVERY, ids=NAMES)
def test_the_constraint_alone_keeps_the_broken_plan_out_and_the_audit_catches_it_without(case: Case) -> None:
    assert solved(case.problem, (*DEFAULT_RULES, Exactly(case.broken))).infeasible
    others = tuple(rule for rule in DEFAULT_RULES if rule.name not in {case.rule, IMPLIED_BY.get(case.rule)})
    answer = solved(case.problem, (*others, Exactly(case.broken)))
    assert answer.plan is not None
    assert case.rule in {breach.rule for breach in audit(case.problem, answer.plan).breaches}


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("case", EVERY[::4], ids=NAMES[::4])
def test_rules_do_not_depend_on_their_order(case: Case, order: int) -> None:
    rules = (*DEFAULT_RULES[::order], Exactly(case.broken))
    assert solved(case.problem, rules).infeasible
    assert solved(case.problem, (Exactly(case.kept), *DEFAULT_RULES[::order])).plan is not None


@pytest.mark.parametrize(
    "row",
    [
        a_session(NINE, activity="nothing"),
        a_session(NINE, index=2),
        a_session(NINE, index=-1),
    ],
)
def test_a_session_that_does_not_exist_is_a_breach(row: PlannedSession) -> None:
    problem, plan = a_problem(an_activity()), a_plan(row)
    assert [breach.rule for breach in audit(problem, plan).breaches] == ["each_session_once"]
    assert not judged(problem, plan)["valid"]


def test_a_session_that_is_held_twice_is_a_breach_and_counts_once() -> None:
    problem, plan = a_problem(ONE), a_plan(a_session(NINE), a_session(NINE))
    assert [breach.rule for breach in audit(problem, plan).breaches] == ["each_session_once"]
    assert audit(problem, plan).amounts["trips"] == judged(problem, plan)["amounts"]["trips"] == 2


def test_a_start_that_is_not_allowed_is_a_breach() -> None:
    problem, plan = a_problem(ONE), a_plan(a_session(at("09:00", WEDNESDAY)))
    assert [breach.rule for breach in audit(problem, plan).breaches] == ["allowed_start"]
    assert not judged(problem, plan)["valid"]


@pytest.mark.parametrize("room", [None, "nowhere"])
def test_a_session_without_the_room_it_needs_is_a_breach_and_is_not_held(room: str | None) -> None:
    problem, plan = a_problem(ONE, weights={"unscheduled": 7}), a_plan(a_session(NINE, room=room))
    assert [breach.rule for breach in audit(problem, plan).breaches] == ["fitting_room"]
    assert audit(problem, plan).cost == judged(problem, plan)["cost"] == 7


def test_a_visit_needs_no_room_and_may_have_none() -> None:
    problem = a_problem(VISIT)
    assert audit(problem, a_plan(a_session(NINE, room=None))).valid
    assert not audit(problem, a_plan(a_session(NINE))).valid


def test_two_visits_of_one_activity_may_run_side_by_side() -> None:
    problem = a_problem(VISIT)
    side_by_side = a_plan(a_session(NINE, room=None), a_session(NINE, "chen", "dai", index=1, room=None))
    assert audit(problem, side_by_side).valid
    assert solved(problem, (*DEFAULT_RULES, Exactly(side_by_side))).plan is not None


def test_a_problem_without_anything_has_the_empty_plan() -> None:
    assert solved(a_problem(), DEFAULT_RULES).plan == a_plan()
    assert audit(a_problem(), a_plan()).cost == 0


def test_a_problem_without_people_holds_only_what_needs_none() -> None:
    alone = a_problem(an_activity(sessions=1, min_adults=0, roles=()), TALK, people=(), pins=(Pin("reading", 0),))
    answer = solved(alone, DEFAULT_RULES)
    assert answer.plan is not None
    assert [row.activity for row in answer.plan.sessions] == ["reading"]
    assert audit(alone, answer.plan).valid


def test_what_the_past_used_up_of_faces_does_not_count() -> None:
    one_face = an_activity(roles=(replace(LEAD, max_people=1), Role("helper", None, 1, 1)))
    problem = a_problem(one_face, incumbent=MINE, frozen_before=at("00:00", TUESDAY))
    plan = a_plan(a_session(NINE), a_session(at("09:00", TUESDAY), "chen", "dai", index=1))
    assert audit(problem, plan).valid
    assert judged(problem, plan)["valid"]
    assert solved(problem, (*DEFAULT_RULES, Exactly(plan))).plan is not None


def test_a_crowded_room_is_no_breach_where_crowding_has_a_price() -> None:
    problem = a_problem(replace(ONE, size=25), weights={"overflow": 1})
    assert audit(problem, MINE).valid
    assert audit(problem, MINE).cost == judged(problem, MINE)["cost"] == 5


def test_a_day_is_named_in_the_message() -> None:
    plan = a_plan(a_session(NINE), a_session(TEN, index=1))
    (breach,) = audit(a_problem(an_activity(max_per_day=1)), plan).breaches
    assert str(breach.message) == f"reading has 2 sessions on {MONDAY}; 1 are allowed."
