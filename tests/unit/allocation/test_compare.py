"""Two allocations side by side."""

from core.allocation.compare import Change, compare
from core.allocation.problem import Aim, Settings
from tests.unit.allocation.builders import a_child, a_problem, an_activity, an_allocation


def test_each_child_with_other_places_is_named_with_how_they_differ() -> None:
    children = [a_child(f"c-{number}", "a-1", "a-2", most=2) for number in range(4)]
    problem = a_problem(*children, an_activity(), an_activity("a-2"))
    first = an_allocation("a-1 a-2", places={"c-0": "a-1", "c-1": "a-1", "c-3": "a-1 a-2"})
    second = an_allocation("a-1 a-2", places={"c-0": "a-2", "c-2": "a-1", "c-3": "a-2 a-1"})
    found = compare(problem, first, second)
    assert found.children == {"c-0": Change.OTHER, "c-1": Change.LOST, "c-2": Change.GAINED}
    assert (found.first.with_nothing, found.first.ranks) == (1, {1: 3})
    assert (found.only_first, found.only_second) == ((), ())


def test_the_first_aim_in_which_they_differ_decides_whether_more_or_less_is_better() -> None:
    problem = a_problem(
        a_child("c-1", "a-1", "a-2", most=2),
        an_activity(),
        an_activity("a-2"),
        settings=Settings(aims=(Aim.MOST_CHILDREN, Aim.FAIR)),
    )
    found = compare(problem, an_allocation("a-2", places={"c-1": "a-2"}), an_allocation("a-1", places={"c-1": "a-1"}))
    assert found.decided_by is not None
    assert (found.decided_by.aim, found.decided_by.rank, found.decided_by.better) == (Aim.FAIR, 1, 2)
    (first, *_), back = found.aims, compare(problem, an_allocation(), an_allocation("a-1", places={"c-1": "a-1"}))
    assert first.better == 0
    assert back.decided_by is not None
    assert (back.decided_by.aim, back.decided_by.better) == (Aim.MOST_CHILDREN, 2)
