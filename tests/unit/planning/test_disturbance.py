"""How little of a published plan must change: never more than any plan changes, and a plan that changes so little."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.planning.bounds.disturbance import LeastDisturbed, disturbance_bound, least_disturbed
from core.planning.files import read_problem
from core.planning.model.choices import Choices
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Group, Problem, Relation, Role, Travel
from core.planning.rules import DEFAULT_RULES
from core.planning.search.modelling import Task
from tests.unit.planning.builders import (
    HELPER,
    TUESDAY,
    WEEK,
    a_person,
    a_plan,
    a_problem,
    a_room,
    a_session,
    an_activity,
    at,
    judged,
)

CASES = Path(__file__).parents[2] / "planner_cases"
NINE, TEN = at("09:00"), at("10:00")
WEIGHTS = {"unscheduled": 100_000, "required": 10_000, "moved": 400, "rehoused": 80, "restaffed": 120}
PUBLISHED = a_plan(a_session(NINE), a_session(TEN, index=1))


def a_task(problem: Problem) -> Task:
    return Task(problem, DEFAULT_RULES, DEFAULT_PREFERENCES, 1, 1)


def published(plan: Plan = PUBLISHED, **fields: object) -> Problem:
    return a_problem(fields.pop("activity", an_activity()), **{"incumbent": plan, "weights": WEIGHTS, **fields})


def found(problem: Problem) -> LeastDisturbed:
    """Return what is found, having seen that the referee agrees with it."""
    result = least_disturbed(a_task(problem), 10.0)
    assert result is not None
    verdict = judged(problem, result.plan)
    costs = {name: WEIGHTS[name] * verdict["amounts"].get(name, 0) for name in WEIGHTS}
    assert verdict["valid"]
    assert costs["unscheduled"] + costs["required"] == result.shortage
    assert costs["moved"] + costs["rehoused"] + costs["restaffed"] == result.changed
    return result


def test_a_plan_that_can_stay_stays() -> None:
    result = found(published())
    assert result.bound == result.changed == 0
    assert result.plan == PUBLISHED


def test_whoever_falls_ill_is_replaced_for_nothing() -> None:
    people = (a_person("an", available=((NINE, TEN),)), a_person("bo"), a_person("chen"))
    assert found(published(people=people)).bound == 0


def test_a_closed_room_costs_another_room() -> None:
    rooms = (a_room(open=((NINE, TEN),)), a_room("studio"))
    result = found(published(rooms=rooms))
    assert result.bound == result.changed == 80


def test_without_a_free_room_a_session_moves() -> None:
    rooms = (a_room(open=((NINE, TEN), (at("09:00", TUESDAY), at("10:00", TUESDAY)))),)
    result = found(published(rooms=rooms))
    assert result.bound == result.changed == 400
    assert result.plan.sessions[1].start == at("09:00", TUESDAY)


def test_a_replacement_who_is_pulled_from_another_session_costs() -> None:
    lawyer = an_activity(sessions=1, starts=(NINE,), roles=(Role("lead", "law", 1, 1), HELPER))
    talk = a_session(NINE, "chen", "dai", activity="talk", room="studio")
    people = (a_person("bo"), a_person("chen", skills=("law",)), a_person("dai"), a_person("er"))
    result = found(
        a_problem(
            lawyer,
            an_activity("talk", sessions=1, starts=(NINE,)),
            incumbent=a_plan(a_session(NINE), talk),
            weights=WEIGHTS,
            people=people,
        )
    )
    assert result.shortage == 0
    assert result.bound == result.changed == 120


def test_what_nobody_can_fill_is_short_and_the_rest_stays() -> None:
    people = (a_person("bo"), a_person("chen", available=((NINE, TEN),)))
    result = found(published(people=people, activity=an_activity(min_adults=1, starts=(NINE, TEN))))
    assert result.shortage == 10_000
    assert result.bound == result.changed == 0


def test_the_past_stays_as_it_was() -> None:
    rooms = (a_room(open=((NINE, TEN),)), a_room("studio"))
    result = found(published(rooms=rooms, frozen_before=NINE + 30))
    assert result.plan.sessions[0] == PUBLISHED.sessions[0]
    assert result.bound == 80


def test_sessions_of_one_venue_are_rehoused_together() -> None:
    tie = (Relation("same_venue", ("reading", 0), ("talk", 0)),)
    rooms = (a_room(open=()), a_room("annex"), a_room("shed", "far"), a_room("barn", "far"))
    talk = a_session(NINE, "chen", "dai", activity="talk", room="annex")
    problem = a_problem(
        an_activity(sessions=1, rooms=("hall", "shed"), starts=(NINE,)),
        an_activity("talk", sessions=1, rooms=("annex", "barn")),
        incumbent=a_plan(a_session(NINE), talk),
        relations=tie,
        rooms=rooms,
        travel=Travel(default=10),
        weights=WEIGHTS,
    )
    assert found(problem).bound == 160


def test_a_problem_without_a_published_plan_has_nothing_to_disturb() -> None:
    assert disturbance_bound(a_task(a_problem(an_activity(), weights=WEIGHTS)), 5.0) == 0


def test_without_time_there_is_a_bound_and_no_plan() -> None:
    problem = published(rooms=(a_room(open=()), a_room("studio")))
    assert least_disturbed(a_task(problem), 5.0, lambda: True) is None
    assert disturbance_bound(a_task(problem), 0.0) == 0


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_the_bound_is_what_a_model_of_everything_says(seed: int) -> None:
    problem = a_disturbed_problem(random.Random(seed))  # noqa: S311 - chance, not secrets
    result = found(problem)
    assert result.bound == result.changed
    assert result.shortage + result.changed == optimum(problem)


def optimum(problem: Problem) -> int:
    """Return the least cost of all plans, by a model of the whole problem."""
    choices = Choices(problem)
    for rule in DEFAULT_RULES:
        rule.narrow(choices)
    model = Model(problem, choices)
    for rule in DEFAULT_RULES:
        rule.constrain(model)
    for preference in DEFAULT_PREFERENCES:
        preference.penalize(model)
    answer = model.solve(seconds=20, seed=1, workers=1)
    assert answer.optimal
    return round(answer.objective)


def a_disturbed_problem(chance: random.Random) -> Problem:
    """Return a small problem with a published plan that was good before somebody fell ill and a room was closed."""
    activities = (
        an_activity(ordered=chance.random() < 0.3, groups=("ants",)),
        an_activity("talk", sessions=chance.randint(1, 2), groups=("ants",) if chance.random() < 0.5 else ()),
    )
    people = tuple(
        a_person(name, max_sessions=chance.randint(1, 4), max_per_day=chance.randint(1, 3), household="li")
        if chance.random() < 0.2
        else a_person(name, max_sessions=chance.randint(2, 4))
        for name in ("an", "bo", "chen", "dai", "er")
    )
    before = a_problem(
        *activities,
        people=people,
        groups=(Group("ants"),),
        weights=WEIGHTS,
        travel=Travel(default=chance.choice((0, 40))),
    )
    plan = least_disturbed(a_task(before), 10.0)
    assert plan is not None
    kept = tuple(row for row in plan.plan.sessions if chance.random() < 0.9)
    ill = chance.randrange(len(people))
    shut = chance.choice(("hall", "studio", "shed"))
    return replace(
        before,
        incumbent=Plan(before.name, kept),
        people=tuple(
            replace(person, available=((at("10:00"), WEEK[0][1]),)) if at_ == ill else person
            for at_, person in enumerate(people)
        ),
        rooms=tuple(replace(room, open=((NINE, TEN),)) if room.id == shut else room for room in before.rooms),
    )


@pytest.mark.parametrize(("name", "least"), [("winter-3-replan", 1120)])
def test_a_disturbed_term_changes_as_little_as_can_be(name: str, least: int) -> None:
    problem = read_problem(CASES / f"{name}.problem.json.gz")
    result = least_disturbed(replace(a_task(problem), workers=2), 60.0)
    assert result is not None
    assert (result.bound, result.shortage, result.changed) == (least, 0, least)
    verdict = judged(problem, result.plan)
    assert verdict["valid"]
    assert verdict["held"] == verdict["sessions"]
