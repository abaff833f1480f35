"""Children who are alike are counted together, and nothing that could be had is lost by it."""

import numpy as np
import pytest
from hypothesis import event, given, settings

from core.allocation.allocate import allocate
from core.allocation.errors import ContradictoryPinsError
from core.allocation.problem import Problem, Together
from core.allocation.solving import compiling
from core.allocation.solving.aiming import Stage, stages
from core.allocation.solving.census import Census, census
from core.allocation.solving.compiling import Compiled, compiled
from core.allocation.solving.network import network
from core.allocation.solving.part import part
from core.allocation.solving.program import Numbers
from core.allocation.solving.tallying import Tally
from tests.unit.allocation.builders import a_child, a_problem, an_activity
from tests.unit.allocation.random_problems import problems


def counted(program: Compiled, aims: tuple[Stage, ...]) -> Census | None:
    """Return the census of a problem, None if it is no network."""
    found = part(program.program)
    net = None if found is None else network(found, program.of_children)
    return None if net is None else census(net, [stage.weights for stage in aims], program.of_children)


def counts(kinds: Census, values: Numbers) -> Numbers:
    """Return how many of each kind are 1."""
    own = values[kinds.net.found.columns]
    return np.bincount(kinds.kind, weights=own, minlength=len(kinds.first)).astype(np.int64)


def most(program: Compiled) -> tuple[Stage, ...]:
    """Return the first aim alone."""
    return stages(program)[:1]


def as_in_a_city(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let activities that many wish for have no row for each place, which would tell children apart."""
    monkeypatch.setattr(compiling, "_MANY", 0)
    monkeypatch.setattr(compiling, "_FEW", 1)


def test_children_who_are_alike_are_one_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    as_in_a_city(monkeypatch)
    alike = [a_child(f"c-{number}", "chess", "football") for number in range(3)]
    other = a_child("other", "football", "chess")
    program = compiled(a_problem(*alike, other, an_activity("chess", 2), an_activity("football", 1)))
    # What most children are told of is the same for all four; ranks tell the one apart.
    for aims, kinds in ((most(program), {4}), (stages(program)[:-2], {1, 3})):
        found = counted(program, aims)
        assert found is not None
        assert set(found.program.most[~found.odd].tolist()) == kinds


@settings(max_examples=100, deadline=None)
@given(problems())
def test_places_that_keep_the_rules_keep_them_when_counted(problem: Problem) -> None:
    program = compiled(problem)
    aims = stages(program)[:-2]
    kinds = counted(program, aims)
    if kinds is None:
        event("no network")
        return
    try:
        values = program.values(allocate(problem, seconds=5, workers=1).places)
    except ContradictoryPinsError:
        event("contradictory pins")
        return
    event("a network")
    found = counts(kinds, values)
    assert kinds.program.keeps(found)
    for stage in aims:
        assert kinds.base(stage.weights) + int(kinds.weights(stage.weights) @ found) == stage.amount(values)


@settings(max_examples=100, deadline=None)
@given(problems(pins=False))
def test_as_many_are_chosen_as_were_counted(problem: Problem) -> None:
    program = compiled(problem)
    aims = most(program)
    kinds = counted(program, aims)
    if kinds is None:
        event("no network")
        return
    event("a network")
    found = Tally(kinds).whole(kinds.weights(aims[0].weights).astype(float), 0.0, 10.0)
    assert found is not None
    whole = np.rint(found) * kinds.odd
    chosen = kinds.chosen(whole, kinds.odd, np.zeros(program.program.columns, dtype=np.int64))
    values = np.zeros(program.program.columns, dtype=np.int64)
    values[chosen] = 1
    assert counts(kinds, values).tolist() == whole.tolist()


def test_of_families_who_are_alike_the_lucky_have_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    as_in_a_city(monkeypatch)
    pairs = [(a_child(f"{name}-1", "a-1"), a_child(f"{name}-2", "a-1")) for name in ("x", "y", "z")]
    groups = tuple(Together(f"t-{one.id}", (one.id, two.id)) for one, two in pairs)
    children = [child for pair in pairs for child in pair]
    program = compiled(a_problem(*children, an_activity("a-1", 5), together=groups))
    kinds = counted(program, most(program))
    assert kinds is not None
    places = [program.place[at, 0] for at in (0, 2, 4)]
    luck = np.zeros(program.program.columns, dtype=np.int64)
    luck[places] = (1, 3, 2)
    at = int(kinds.kind[np.flatnonzero(kinds.net.found.columns == places[0])[0]])
    number = np.zeros(len(kinds.first))
    number[at] = 2
    assert sorted(kinds.chosen(number, kinds.odd, luck).tolist()) == places[1:]
