"""Which columns can be 1 is what trying all values says, whatever of it examples and proofs find."""

import numpy as np
from hypothesis import event, given
from hypothesis import strategies as st

from core.allocation.solving.asking import Asking
from core.allocation.solving.attainable import attained
from core.allocation.solving.lap import Lap
from core.allocation.solving.program import FREE, Draft, Program
from tests.unit.allocation.solving.test_relaxation import kept, programs


@given(st.data(), programs())
def test_each_column_is_shown_or_refuted_as_trying_all_values_would(data: st.DataObject, program: Program) -> None:
    every = kept(program)
    known = data.draw(st.sampled_from(every))
    came = attained(program, range(program.columns), known, Lap(30), 1)
    possible = {column for column in range(program.columns) if any(values[column] for values in every)}
    assert came.possible == possible
    assert came.impossible == set(range(program.columns)) - possible
    event("some refuted" if came.impossible else "all possible")


def test_what_only_a_search_refutes_is_refuted() -> None:
    draft = Draft()
    columns = [draft.column() for _ in range(4)]
    asked, *three = columns
    # Halves would do: each pair of the three has at most one, and whoever asks needs one and a half of them.
    for left, right in ((0, 1), (1, 2), (0, 2)):
        draft.row([three[left], three[right]], high=1)
    draft.weighted([(asked, -3), *((each, 2) for each in three)], low=0)
    program = draft.finished()
    relaxation = Asking(program).relaxed([asked], 10)
    assert relaxation is not None
    assert relaxation.certificate.bound == 1
    came = attained(program, [asked], np.zeros(4, dtype=np.int64), Lap(30), 1)
    assert (came.possible, came.impossible) == (frozenset(), {asked})


def test_without_time_nothing_is_said_but_what_the_known_values_show() -> None:
    draft = Draft()
    columns = [draft.column() for _ in range(3)]
    draft.row(columns, high=2)
    came = attained(draft.finished(), columns, np.array([1, 0, 0]), Lap(0), 1)
    assert (came.possible, came.impossible) == ({columns[0]}, frozenset())


def test_a_relaxation_that_is_asked_again_forgets_what_it_was_asked_before() -> None:
    draft = Draft()
    columns = [draft.column() for _ in range(3)]
    draft.row(columns, low=-FREE, high=1)
    asking = Asking(draft.finished())
    for column in (*columns, columns[0]):
        relaxation = asking.relaxed([column], 10)
        assert relaxation is not None
        assert relaxation.certificate.bound == 1
        assert relaxation.values.tolist() == [float(each == column) for each in columns]
