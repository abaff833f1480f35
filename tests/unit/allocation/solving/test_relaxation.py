"""A bound is proved by prices in whole numbers, whatever prices they are, and decides only what it may."""

from itertools import product

import numpy as np
from hypothesis import event, given
from hypothesis import strategies as st

from core.allocation.solving.program import FREE, Draft, Numbers, Program
from core.allocation.solving.relaxation import certified, relaxed


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Return a program of up to five columns and four rows that holds at least with all columns 0."""
    draft = Draft()
    columns = [draft.column() for _ in range(draw(st.integers(1, 5)))]
    for _ in range(draw(st.integers(0, 4))):
        entries = [(column, draw(st.integers(-3, 3))) for column in columns]
        low = draw(st.sampled_from((-FREE, -2, 0)))
        draft.weighted(entries, low=low, high=draw(st.sampled_from((FREE, 0, 1, 3))))
    return draft.finished()


def weights_of(program: Program) -> st.SearchStrategy[Numbers]:
    numbers = st.lists(st.integers(-9, 9), min_size=program.columns, max_size=program.columns)
    return numbers.map(lambda found: np.array(found, dtype=np.int64))


def kept(program: Program) -> list[Numbers]:
    """Return all values that keep the program."""
    every = (np.array(values, dtype=np.int64) for values in product((0, 1), repeat=program.columns))
    return [values for values in every if program.keeps(values)]


@given(st.data(), programs())
def test_any_prices_prove_a_bound_that_no_values_exceed(data: st.DataObject, program: Program) -> None:
    weights = data.draw(weights_of(program))
    prices = data.draw(st.lists(st.floats(-9, 9), min_size=program.rows, max_size=program.rows))
    certificate = certified(program, weights, np.array(prices, dtype=np.float64))
    assert certificate.bound >= max(int(weights @ values) for values in kept(program))


@given(st.data(), programs())
def test_a_face_keeps_all_values_that_reach_the_amount(data: st.DataObject, program: Program) -> None:
    weights = data.draw(weights_of(program))
    found = relaxed(program, weights, seconds=10)
    assert found is not None
    best = max(int(weights @ values) for values in kept(program))
    face = found.certificate.face(program, best)
    reaching = [values for values in kept(program) if int(weights @ values) >= best]
    assert all(face.keeps(values) for values in reaching)
    event("tight" if found.certificate.bound == best else "loose")
    if found.certificate.implies(face, best):
        assert all(int(weights @ values) >= best for values in kept(face))


def test_the_relaxation_of_a_transport_is_whole() -> None:
    draft = Draft()
    columns = [draft.column() for _ in range(4)]
    draft.row(columns[:2], high=1)
    draft.row(columns[2:], high=1)
    draft.row(columns[::2], high=1)
    found = relaxed(draft.finished(), np.array([3, 1, 3, 2]), seconds=10)
    assert found is not None
    assert found.whole.all()
    assert found.certificate.bound == 5
