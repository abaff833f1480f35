"""What a problem's program says beyond its rules, so that shares of places promise less than they would."""

import numpy as np
import pytest

from core.allocation.problem import Problem
from core.allocation.solving import compiling
from core.allocation.solving.compiling import compiled
from core.allocation.solving.relaxation import relaxed
from tests.unit.allocation.builders import a_child, a_problem, an_activity, at


def opened_by_shares(problem: Problem) -> int:
    """Return how many thirds of activities open at most where places may be shared."""
    program = compiled(problem)
    weights = np.zeros(program.program.columns, dtype=np.int64)
    weights[list(program.opens)] = 3
    found = relaxed(program.program, weights, 60)
    assert found is not None
    return found.certificate.bound


def two_activities(children: int, *, most: int = 1, later: int = 0) -> Problem:
    """Return a problem of two activities for three or more, the other one so many days later; all want both."""
    wishing = [a_child(f"c-{number}", "one", "other", most=most) for number in range(children)]
    times = [(at(9),), (at(9, day=later),)]
    activities = [an_activity(name, minimum=3, times=each) for name, each in zip(("one", "other"), times, strict=True)]
    return a_problem(*wishing, *activities)


def test_of_two_activities_only_one_opens_if_their_children_do_not_suffice_for_both() -> None:
    assert opened_by_shares(two_activities(5)) == 3
    assert opened_by_shares(two_activities(5, most=2)) == 3
    assert opened_by_shares(two_activities(6)) == 6


def test_children_who_can_have_both_suffice_for_both() -> None:
    assert opened_by_shares(two_activities(5, most=2, later=1)) == 6


@pytest.mark.parametrize(("either", "bound"), [(5, 0), (6, 2)])
def test_in_a_city_an_activity_for_which_few_wish_opens_by_a_part_for_nobody(
    either: int, bound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "_MANY", 0)
    monkeypatch.setattr(compiling, "_FEW", 2)
    only = [a_child(f"o-{number}", "small") for number in range(2)]
    others = [a_child(f"e-{number}", "small", "large") for number in range(either)]
    problem = a_problem(*only, *others, an_activity("small", 4, minimum=4), an_activity("large", 20))
    program = compiled(problem)
    # Whoever has another wish pays for the two who haven't.
    weights = np.zeros(program.program.columns, dtype=np.int64)
    for child in range(len(problem.children)):
        weights[program.place[child, 0]] = 1 if child < len(only) else -1
    found = relaxed(program.program, weights, 60)
    assert found is not None
    assert found.certificate.bound == bound
