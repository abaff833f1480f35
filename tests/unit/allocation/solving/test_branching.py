"""A search decides what is open of a program, and leaves the rest as it is."""

import numpy as np

from core.allocation.solving.branching import Effort, searched
from core.allocation.solving.part import part
from core.allocation.solving.program import Draft, Program
from core.allocation.solving.rounding import neighbourhoods

EFFORT = Effort(seconds=10, workers=1)
WEIGHTS = np.array([5, 4, 3])


def at_most_one_of_each_pair() -> Program:
    draft = Draft()
    columns = [draft.column() for _ in range(3)]
    for pair in ((0, 1), (1, 2), (0, 2)):
        draft.row([columns[at] for at in pair], high=1)
    return draft.finished()


def test_the_greatest_sum_is_found_and_proved() -> None:
    found = searched(at_most_one_of_each_pair(), WEIGHTS, 12, EFFORT)
    assert found.values is not None
    assert (found.values.tolist(), found.bound) == ([1, 0, 0], 5)


def test_a_sum_that_cannot_be_reached_is_refuted() -> None:
    found = searched(at_most_one_of_each_pair(), WEIGHTS, 7, EFFORT, reach=True)
    assert (found.values, found.bound) == (None, None)


def test_what_is_decided_stays_so_and_what_it_rules_out_is_not_given() -> None:
    program = at_most_one_of_each_pair()
    decided = program.narrowed(np.array([0, 1, 0]), np.array([1, 1, 1]), program.low, program.high)
    found = searched(decided, WEIGHTS, 12, EFFORT)
    assert found.values is not None
    assert (found.values.tolist(), found.bound) == ([0, 1, 0], 4)


def test_a_program_that_its_decisions_break_has_no_part() -> None:
    program = at_most_one_of_each_pair()
    broken = program.narrowed(np.array([1, 1, 0]), np.array([1, 1, 1]), program.low, program.high)
    assert part(broken) is None
    assert searched(broken, WEIGHTS, 12, EFFORT).values is None


def test_rows_that_hold_anyhow_are_left_out() -> None:
    program = at_most_one_of_each_pair()
    decided = program.narrowed(program.least, np.array([1, 1, 0]), program.low, program.high)
    found = part(decided)
    assert found is not None
    assert (found.rows.tolist(), found.columns.tolist()) == ([0], [0, 1])


def test_neighbourhoods_grow_row_by_row_and_end_at_the_most() -> None:
    draft = Draft()
    chain = [draft.column() for _ in range(5)]
    for at in range(4):
        draft.row(chain[at : at + 2], high=1)
    program, seeds = draft.finished(), np.array([True, False, False, False, False])
    found = neighbourhoods(program, program.least, seeds, program.rows, 4)
    assert [(each.least < each.most).nonzero()[0].tolist() for each in found] == [[0, 1], [0, 1, 2], [0, 1, 2, 3]]
