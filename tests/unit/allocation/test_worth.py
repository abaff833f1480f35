"""What an allocation is worth, aim by aim, and that the document's example is true."""

import json

from hypothesis import given
from hypothesis import strategies as st

from core.allocation.check import check
from core.allocation.checking.worth import FULL, points, satisfaction, worth
from core.allocation.format import allocation_from_json, problem_from_json
from core.allocation.problem import Aim, Pin, Problem, Settings
from tests.unit.allocation.builders import a_child, a_problem, an_activity
from tests.unit.allocation.test_format import EXAMPLES


def three_ranked() -> Problem:
    """Return three children who rank three activities alike, the third with a pinned place that it doesn't wish for."""
    wishes = ("a-1", "a-2", "a-3")
    return a_problem(
        a_child("c-1", *wishes, empty_terms=2),
        a_child("c-2", *wishes, empty_terms=1),
        a_child("c-3"),
        *(an_activity(name) for name in (*wishes, "a-4")),
        settings=Settings(aims=(Aim.MOST_CHILDREN, Aim.FAIR, Aim.WISHES, Aim.EARLIER_LOSERS)),
        pins=(Pin("c-3", "a-4"),),
    )


def test_the_documents_allocation_keeps_every_rule_and_is_worth_what_it_says() -> None:
    problem, allocation = problem_from_json(json.loads(EXAMPLES[0])), allocation_from_json(json.loads(EXAMPLES[1]))
    verdict = check(problem, allocation)
    assert verdict.violations == ()
    assert [(each.aim, each.rank) for each in verdict.worth] == [(each.aim, each.rank) for each in allocation.aims]


def test_each_aim_is_counted_as_the_document_says() -> None:
    found = worth(three_ranked(), {"c-1": ("a-2",), "c-3": ("a-4",)})
    assert [(each.aim, each.rank, each.value) for each in found[:-1]] == [
        (Aim.MOST_CHILDREN, None, 2),
        (Aim.FAIR, 3, 2),
        (Aim.FAIR, 2, 2),
        (Aim.FAIR, 1, 3),
        (Aim.WISHES, None, 666),
        (Aim.EARLIER_LOSERS, None, 2),
    ]


def test_who_asks_for_nothing_counts_for_nothing() -> None:
    problem = a_problem(a_child("c-1", "a-1"), a_child("c-2"), an_activity())
    assert satisfaction(problem, {"c-1": ("a-1",)}) == 1
    assert satisfaction(a_problem(), {}) == 0


@given(st.integers(1, 50), st.integers(0, 50))
def test_the_dearest_wishes_that_there_is_room_for_count_for_a_thousand_together(count: int, most: int) -> None:
    names = [f"a-{number}" for number in range(count)]
    found = points(a_child("c-1", *names, most=most))
    assert list(found) == sorted(found, reverse=True)
    dearest = sum(found[:most])
    assert FULL - count < dearest <= FULL if most else dearest == 0
