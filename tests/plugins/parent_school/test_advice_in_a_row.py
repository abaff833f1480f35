"""Appointments follow one another; without the preference they may be scattered."""

from typing import Any

import pytest

from core.planning.model.choices import Choices, Slot
from core.planning.model.model import Model
from core.planning.outcome import Outcome
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Activity, Problem
from core.planning.search.solve import solve
from plugins.parent_school.preferences import WEIGHT, AdviceInARow, extension
from tests.plugins.small_terms import (
    a_person,
    a_plan,
    a_problem,
    a_session,
    all_plans,
    an_activity,
    at,
    starts_of,
)

LIKED = AdviceInARow()
NAME = "parent_school.advice"
NINE, TEN, TWO, NEXT_DAY = "12-05 09:00", "12-05 10:15", "12-05 14:00", "12-06 09:00"


def an_advice(*starts: str, **changes: Any) -> Activity:
    return an_activity(NAME, starts or (NINE, TEN, TWO, NEXT_DAY), max_per_day=4, **changes)


def a_term(advice: Activity, asked: tuple[str, ...] = (NAME,), **changes: Any) -> Problem:
    values = {"people": (a_person("ann"),), **changes}
    return a_problem([advice], extensions={"parent_school": extension(asked)}, **values)


def solved(problem: Problem, *more: AdviceInARow) -> Outcome:
    return solve(problem, seconds=2, seed=1, workers=2, preferences=(*DEFAULT_PREFERENCES, *more))


def amount(problem: Problem, *starts: str) -> int:
    return LIKED.amount(problem, a_plan(*(a_session(NAME, index, start) for index, start in enumerate(starts))))


def penalty(problem: Problem, plan: Plan) -> float:
    """Return what the model charges for the plan and nothing else."""
    model = Model(problem, Choices(problem))
    LIKED.penalize(model)
    wanted = {Slot(row.activity, row.start) for row in plan.sessions}
    for slot in model.variables.all_slots():
        (model.require if slot in wanted else model.forbid)(model.variables.held(slot))
    return model.solve(seconds=5, seed=0, workers=1).objective


def test_the_preference_changes_the_plan() -> None:
    # The helper rather comes on two days.
    problem = a_term(an_advice(min_days=2), weights={"unscheduled": 10_000, "days": 10})
    without, held = solved(problem), solved(problem, LIKED)
    assert LIKED.amount(problem, without.plan) == 2
    assert starts_of(held.plan, NAME) == [at(NINE), at(TEN)]
    assert held.audit.amounts[LIKED.name] == 0


@pytest.mark.parametrize(
    ("starts", "alone"),
    [((), 0), ((NINE,), 1), ((NINE, TEN), 0), ((NINE, TWO), 2), ((NINE, TEN, TWO), 1), ((NINE, NEXT_DAY), 2)],
)
def test_an_appointment_is_alone_that_has_none_soon_before_or_after(starts: tuple[str, ...], alone: int) -> None:
    problem = a_term(an_advice(sessions=4))
    assert amount(problem, *starts) == alone


@pytest.mark.parametrize(("second", "alone"), [("12-05 10:00", 0), ("12-05 10:30", 0), ("12-05 10:31", 2)])
def test_half_an_hour_is_soon(second: str, alone: int) -> None:
    assert amount(a_term(an_advice(NINE, second)), NINE, second) == alone


def test_two_appointments_at_once_do_not_follow_one_another() -> None:
    assert amount(a_term(an_advice()), NINE, NINE) == 2


def test_a_series_that_does_not_ask_costs_nothing() -> None:
    problem = a_term(an_advice(), asked=())
    assert LIKED.weight(problem) == 0
    assert amount(problem, NINE, TWO) == 0
    assert LIKED.weight(a_term(an_advice())) == WEIGHT


def test_penalty_and_amount_agree_on_every_plan() -> None:
    advice = an_advice(sessions=4)
    problem = a_term(advice)
    found = set()
    for plan in all_plans(problem, advice, most_people=0):
        alone = LIKED.amount(problem, plan)
        assert penalty(problem, plan) == WEIGHT * alone, plan
        found.add(alone)
    assert found == {0, 1, 2, 3}
