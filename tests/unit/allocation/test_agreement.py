"""The solver, the judge and the plainest model agree on problems of every kind."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import event, given, settings

from core.allocation.allocate import allocate
from core.allocation.check import Rule, check
from core.allocation.errors import ContradictoryPinsError
from core.allocation.problem import Problem
from core.allocation.solving.reading import Clashes
from tests.unit.allocation.builders import an_allocation
from tests.unit.allocation.plain_model import best
from tests.unit.allocation.random_problems import problems, two_at_different_places


@settings(max_examples=150, deadline=None)
@given(problems())
def test_each_aim_is_as_good_as_in_the_plainest_model_and_every_rule_is_kept(problem: Problem) -> None:
    reached = best(problem)
    event("contradictory pins" if reached is None else "given")
    if reached is None:
        with pytest.raises(ContradictoryPinsError):
            allocate(problem, seconds=30, workers=1)
        return
    found = allocate(problem, seconds=30, workers=1)
    assert check(problem, found).violations == ()
    assert [(each.aim, each.rank, each.value, each.bound) for each in found.aims] == [
        (each.aim, each.rank, each.value, each.value) for each in reached
    ]


def test_solver_and_judge_find_the_same_clashes_with_and_without_ways() -> None:
    decided_by_ways = Counter[bool]()

    @settings(max_examples=600, deadline=None)
    @given(two_at_different_places())
    def agree(problem: Problem) -> None:
        found = Clashes(problem).clash(0, 1)
        both = an_allocation("hall park", problem="random", seed="1", places={"c-0": "hall park"})
        assert found == any(each.rule is Rule.CLASH for each in check(problem, both).violations)
        decided_by_ways[found] += found != Clashes(replace(problem, ways=())).clash(0, 1)

    agree()
    assert decided_by_ways[True] > 0
    assert decided_by_ways[False] > 0
