"""A city's flows keep every rule, come close to what is proved best, and bound whatever problem they are given."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import event, given, settings

from core.allocation.allocate import allocate
from core.allocation.check import check
from core.allocation.problem import Aim, Problem, Together
from core.allocation.result import Allocation
from core.allocation.solving import climbing
from core.allocation.solving.aiming import stages
from core.allocation.solving.city import City, walked
from core.allocation.solving.compiling import compiled
from core.allocation.solving.lap import Lap
from core.allocation.solving.tallying import Tally
from tests.benchmarks.wishes.county import a_city
from tests.unit.allocation.builders import a_child, a_problem, an_activity
from tests.unit.allocation.plain_model import best
from tests.unit.allocation.random_problems import problems


def by_flows(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> Allocation:
    """Return the places that flows give, however small the problem is; searching is out of the question."""
    monkeypatch.setattr(climbing, "_SEARCHABLE", -1)
    monkeypatch.setattr(climbing, "descend", None)
    return allocate(problem, seconds=60, workers=1)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_bounds_by_flows_are_never_below_what_can_be_had(problem: Problem) -> None:
    reached = best(problem)
    if reached is None:
        return
    program = compiled(problem)
    aims = stages(program)
    amounts = [
        stage.constant - aim.value if stage.less else aim.value - stage.constant
        for stage, aim in zip(aims, reached, strict=False)
    ]
    bounds = City(program, aims[: len(amounts)], Lap(60)).bounds(amounts)
    event("a network" if bounds else "no network")
    assert all(bound >= amount for bound, amount in zip(bounds, amounts, strict=False))


@settings(max_examples=150, deadline=None)
@given(problems())
def test_values_by_flows_are_whole(problem: Problem) -> None:
    program = compiled(problem)
    values = City(program, stages(program), Lap(60)).values()
    if values is None:
        event("no network")
        return
    event("keeps the rules" if program.program.keeps(program.settled(values)) else "breaks one")
    assert set(np.unique(values).tolist()) <= {0, 1}


def without_whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be no time to decide families in whole numbers."""
    monkeypatch.setattr(Tally, "whole", lambda *_asked: None)


def test_a_small_city_has_as_many_places_as_is_proved_best(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = a_city(sites=12, children=900)
    proved = allocate(problem, seconds=60, workers=2)
    flowed = by_flows(problem, monkeypatch)
    assert check(problem, flowed).violations == ()
    assert flowed.aims[0].value == proved.aims[0].bound
    aims = [found for found in flowed.aims if found.aim is not Aim.LOTTERY]
    assert all(found.gap <= 0.01 or abs(found.value - found.bound) <= 5 for found in aims)


@pytest.mark.verify
def test_a_small_city_by_flows_alone_comes_close_to_what_is_proved_best(monkeypatch: pytest.MonkeyPatch) -> None:
    without_whole_numbers(monkeypatch)
    problem = a_city(sites=12, children=900)
    proved = allocate(problem, seconds=60, workers=2)
    flowed = by_flows(problem, monkeypatch)
    assert check(problem, flowed).violations == ()
    first = flowed.aims[0]
    assert first.value <= proved.aims[0].bound <= first.bound
    assert first.value >= 0.99 * proved.aims[0].value


def test_siblings_of_whom_one_may_take_a_place_held_back_are_counted_as_one_of_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Two places of four are held back; a pair takes one of them and one of the others.
    pairs = [(a_child(f"{name}-1", "a-1", held_back=True), a_child(f"{name}-2", "a-1")) for name in "xyz"]
    groups = tuple(Together(f"t-{one.id}", (one.id, two.id)) for one, two in pairs)
    children = [child for pair in pairs for child in pair]
    problem = a_problem(*children, an_activity("a-1", 4, held_back=2), together=groups)
    flowed = by_flows(problem, monkeypatch)
    assert check(problem, flowed).violations == ()
    assert (flowed.aims[0].value, flowed.aims[0].bound) == (4, 4)


def test_who_is_alike_need_not_be_drawn() -> None:
    program = compiled(a_problem(a_child("c-1", "a-1"), a_child("c-2", "a-1"), an_activity("a-1", 1)))
    aims = stages(program)[:1]
    values = City(program, aims, Lap(60)).values()
    assert values is not None
    assert aims[0].amount(values) == 1


def test_without_siblings_and_fewest_numbers_flows_prove_every_aim(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = a_city(sites=12, children=900)
    opening = tuple(replace(each, minimum=1) for each in usual.activities)
    problem = replace(usual, activities=opening, together=())
    flowed = by_flows(problem, monkeypatch)
    assert check(problem, flowed).violations == ()
    assert flowed.aims[0].proved


@pytest.mark.parametrize("whole", [True, False])
def test_an_activity_that_is_too_small_is_filled_by_those_who_have_other_wishes(
    *, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not whole:
        without_whole_numbers(monkeypatch)
    either = [a_child(f"e-{number}", "full", "small") for number in range(3)]
    only = [a_child(f"o-{number}", "small") for number in range(2)]
    problem = a_problem(*either, *only, an_activity("full"), an_activity("small", minimum=4))
    flowed = by_flows(problem, monkeypatch)
    assert len(flowed.places) == 5
    assert flowed.opened == {"full", "small"}


def test_time_that_is_over_leaves_what_every_weight_comes_to() -> None:
    program = compiled(a_problem(a_child("c-1", "a-1"), an_activity("a-1")))
    aims = stages(program)
    city = City(program, aims, Lap(0))
    assert city.values() is None
    nothing = [0] * len(aims)
    assert all(bound >= 0 for bound in city.bounds(nothing))


def test_as_many_torn_families_come_to_an_activity_as_leave_it_but_one() -> None:
    # Columns 0 to 5 in activities 0, 1, 2: a round of three families, each torn between two of them.
    activity = np.array([0, 1, 1, 2, 2, 0])
    families = [[0, 1], [2, 3], [4, 5]]
    chosen = [column for _columns, column in walked(families, activity)]
    assert sorted(activity[chosen].tolist()) == [0, 1, 2]
