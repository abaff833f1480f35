"""The plainest model says of the document's example what the document says, and reads whatever the format can say."""

import json

from hypothesis import given

from core.allocation.format import allocation_from_json, problem_from_json, problem_to_json
from core.allocation.problem import Pin, Problem
from tests.unit.allocation.builders import a_child, a_problem, an_activity
from tests.unit.allocation.plain_model import best
from tests.unit.allocation.random_problems import problems
from tests.unit.allocation.test_format import EXAMPLES


def test_the_documents_allocation_is_the_best_there_is() -> None:
    said = allocation_from_json(json.loads(EXAMPLES[1]))
    found = best(problem_from_json(json.loads(EXAMPLES[0])))
    assert found is not None
    assert [(each.aim, each.rank, each.value) for each in found] == [
        (each.aim, each.rank, each.value) for each in said.aims
    ]


def test_pins_that_cannot_be_kept_have_no_best() -> None:
    assert best(a_problem(a_child(), an_activity(capacity=0), pins=(Pin("c-1", "a-1"),))) is None


@given(problems())
def test_every_problem_goes_through_the_format_unchanged(problem: Problem) -> None:
    written = problem_to_json(problem)
    assert problem_to_json(problem_from_json(json.loads(json.dumps(written)))) == written
