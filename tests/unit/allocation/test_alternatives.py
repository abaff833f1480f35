"""Other settings are tried beside the problem's own and told in its figures."""

from core.allocation.allocate import allocate
from core.allocation.alternatives import alternatives
from core.allocation.problem import Together
from core.allocation.settings import Aim, Settings
from tests.unit.allocation.builders import a_child, a_problem, an_activity


def test_another_order_of_aims_is_told_by_what_it_gives_and_takes() -> None:
    # All have a place only if c-2 and c-3 make up the minimum of what is second to them.
    children = (a_child("c-1", "closed", "a"), a_child("c-2", "b", "a"), a_child("c-3", "b", "a"))
    activities = (
        an_activity("a", capacity=3, minimum=3),
        an_activity("b", capacity=2),
        an_activity("closed", capacity=0),
    )
    problem = a_problem(*children, *activities, together=(Together("t", ("c-2", "c-3")),))
    first = allocate(problem, seconds=10, workers=1)
    wishes = Settings(aims=(Aim.WISHES, Aim.MOST_CHILDREN))
    (other,) = alternatives(problem, first, [wishes], seconds=10, workers=1)
    assert (len(first.places), len(other.allocation.places)) == (3, 2)
    assert (other.comparison.first.with_nothing, other.comparison.second.with_nothing) == (0, 1)
    assert other.comparison.decided_by is not None
    assert other.comparison.decided_by.aim is Aim.MOST_CHILDREN
    assert other.settings is wishes


def test_another_share_held_back_changes_who_has_the_place() -> None:
    parts = (a_child("c-1", "a", empty_terms=1), a_child("c-2", "a", held_back=True), an_activity("a", capacity=1))
    problem = a_problem(*parts)
    first = allocate(problem, seconds=10, workers=1)
    (other,) = alternatives(problem, first, [Settings(held_back_percent=10)], seconds=10, workers=1)
    assert (list(first.places), list(other.allocation.places)) == (["c-1"], ["c-2"])
