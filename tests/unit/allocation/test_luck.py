"""The test of luck finds a method that favours ids, and lets one pass that doesn't."""

import math

import pytest

from core.allocation.problem import Problem
from tests.benchmarks.wishes.deferred import deferred_acceptance
from tests.benchmarks.wishes.luck import LEAST_CHANCE, chance_of, luck, relabelled
from tests.benchmarks.wishes.terms import a_term

SEEDS = range(60)


def test_a_method_that_draws_lots_passes() -> None:
    found = luck(a_term(100, 30, 1), lambda problem: deferred_acceptance(problem).places, SEEDS)
    assert found.chance > LEAST_CHANCE


def first_come_by_id(problem: Problem) -> dict[str, list[str]]:
    """Give places in the order of ids, as who sorts by id does."""
    left = {each.id: each.capacity for each in problem.activities}
    places: dict[str, list[str]] = {}
    for child in sorted(problem.children, key=lambda child: child.id):
        for wish in child.wishes[: child.most]:
            if left[wish]:
                left[wish] -= 1
                places.setdefault(child.id, []).append(wish)
    return places


def test_a_method_that_favours_ids_is_found() -> None:
    found = luck(a_term(100, 30, 1), first_come_by_id, SEEDS)
    assert found.chance < 1e-6
    assert list(found.places) == sorted(found.places, reverse=True)


def test_other_ids_change_nothing_but_the_ids() -> None:
    problem = a_term(100, 30, 1)
    other = relabelled(problem, 1)
    assert set(other.child_of) == set(problem.child_of)
    assert other.children != problem.children
    assert sorted(child.wishes for child in other.children) == sorted(child.wishes for child in problem.children)
    groups = [[other.child_of[child].wishes for child in each.children] for each in other.together]
    assert groups == [[problem.child_of[child].wishes for child in each.children] for each in problem.together]


@pytest.mark.parametrize(("statistic", "chance"), [(0, 1), (2.366, 0.5), (7.815, 0.05), (11.345, 0.01)])
def test_the_chance_is_that_of_the_tables(statistic: float, chance: float) -> None:
    assert math.isclose(chance_of(statistic), chance, rel_tol=0.002)
