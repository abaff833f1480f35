"""The solver, the judge and the plainest model agree on problems of every kind."""

import pytest
from hypothesis import event, given, settings

from core.allocation.allocate import allocate
from core.allocation.check import check
from core.allocation.errors import ContradictoryPinsError
from core.allocation.problem import Problem
from tests.unit.allocation.plain_model import best
from tests.unit.allocation.random_problems import problems


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
