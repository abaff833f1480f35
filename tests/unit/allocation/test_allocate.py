"""Places are given by the rules, the aims in their order, and the lot; whoever asks again is told the same."""

import random
from dataclasses import replace
from itertools import count

import pytest

from core.allocation.allocate import allocate
from core.allocation.check import check
from core.allocation.errors import ContradictoryPinsError
from core.allocation.lottery import ticket
from core.allocation.problem import Aim, Child, Pin, Problem, Settings, Shared, Together, Togetherness, Way
from core.allocation.result import Allocation, Progress, Status
from tests.benchmarks.wishes.terms import a_term
from tests.unit.allocation.builders import SEED, a_child, a_problem, an_activity, at


def given(problem: Problem) -> Allocation:
    """Return the best allocation, which is proved."""
    found = allocate(problem, seconds=30, workers=1)
    assert found.proved
    assert found.status is Status.OPTIMAL
    return found


def children(number: int, *wishes: str, **more: object) -> list[Child]:
    return [a_child(f"c-{at}", *wishes, **more) for at in range(1, number + 1)]


def test_no_more_children_than_places() -> None:
    found = given(a_problem(*children(3, "a-1"), an_activity(capacity=2)))
    assert len(found.places) == 2


def test_no_more_children_than_the_staff_can_look_after() -> None:
    found = given(a_problem(*children(3, "a-1"), an_activity(staffed=1)))
    assert len(found.places) == 1


def test_an_activity_below_its_minimum_is_not_held() -> None:
    found = given(a_problem(*children(3, "a-1"), an_activity(minimum=4)))
    assert (found.places, found.opened) == ({}, frozenset())


def test_children_fill_one_activity_rather_than_leave_two_below_their_minimum() -> None:
    wishing = [a_child("c-1", "a-1", "a-2"), a_child("c-2", "a-2", "a-1")]
    found = given(a_problem(*wishing, an_activity("a-1", minimum=2), an_activity("a-2", minimum=2)))
    assert len(found.opened) == 1
    assert len(found.places) == 2


def test_without_a_room_nothing_is_held() -> None:
    assert not given(a_problem(a_child("c-1", "a-1"), an_activity(room_ready=False))).opened


def test_of_activities_that_share_a_room_only_so_many_are_held() -> None:
    parts = (a_child("c-1", "a-1"), a_child("c-2", "a-2"), an_activity("a-1"), an_activity("a-2"))
    found = given(a_problem(*parts, shared=(Shared("room", ("a-1", "a-2"), 1),)))
    assert len(found.opened) == 1


def test_nobody_is_at_two_places_at_once() -> None:
    child = a_child("c-1", "a-1", "a-2", "a-3", most=3)
    times = {"a-1": at(9), "a-2": at(10), "a-3": at(11)}
    found = given(a_problem(child, *(an_activity(name, times=(time,)) for name, time in times.items())))
    assert found.places == {"c-1": ("a-1", "a-3")}


def test_the_way_between_two_places_takes_time() -> None:
    settings = Settings(minutes_between=60)
    activities = (an_activity("a-1", times=(at(9),), place="hall"), an_activity("a-2", times=(at(11),), place="park"))
    found = given(a_problem(a_child("c-1", "a-1", "a-2", most=2), *activities, settings=settings))
    assert found.places == {"c-1": ("a-1",)}


def test_a_near_place_is_not_taken_for_a_far_one() -> None:
    # Once the longest way of a term counted between any two of its places.
    times = {"hall": at(9, minutes=50), "park": at(10, minutes=50), "lake": at(11)}
    activities = [an_activity(f"a-{place}", times=(time,), place=place) for place, time in times.items()]
    child = a_child("c-1", *(each.id for each in activities), most=3)
    ways = (Way("hall", "park", 10), Way("park", "hall", 90), Way("park", "lake", 45), Way("lake", "park", 5))
    found = given(a_problem(child, *activities, ways=ways, settings=Settings(minutes_between=75)))
    assert found.places == {"c-1": ("a-hall", "a-park")}


def test_a_child_has_no_more_activities_on_a_day_than_it_may() -> None:
    activities = (an_activity("a-1", times=(at(9),)), an_activity("a-2", times=(at(14),)))
    found = given(a_problem(a_child("c-1", "a-1", "a-2", most=2, most_per_day=1), *activities))
    assert found.places == {"c-1": ("a-1",)}


def test_siblings_come_together_or_not_at_all() -> None:
    parts = (*children(2, "a-1"), a_child("c-3", "a-1"), an_activity(capacity=2))
    group = (Together("t-1", ("c-1", "c-2")),)
    assert set(given(a_problem(*parts, together=group)).places) == {"c-1", "c-2"}
    alone = a_problem(*children(2, "a-1"), an_activity(capacity=1), together=group)
    assert given(alone).places == {}


def test_friends_are_split_only_for_an_aim_that_counts_before() -> None:
    group = (Together("t-1", ("c-1", "c-2")),)
    parts = (*children(2, "a-1"), an_activity(capacity=1))

    def settings(*aims: Aim) -> Settings:
        return Settings(aims=aims, together=Togetherness.SOFT)

    first = given(a_problem(*parts, together=group, settings=settings(Aim.TOGETHER, Aim.MOST_CHILDREN)))
    last = given(a_problem(*parts, together=group, settings=settings(Aim.MOST_CHILDREN, Aim.TOGETHER)))
    assert (len(first.places), len(last.places)) == (0, 1)


def test_places_that_are_held_back_wait_for_those_they_are_held_for() -> None:
    parts = (*children(3, "a-1"), a_child("c-9", "a-1", held_back=True))
    found = given(a_problem(*parts, an_activity(capacity=2, held_back=1)))
    assert "c-9" in found.places
    assert len(found.places) == 2


def test_places_held_back_for_nobody_are_given_to_others() -> None:
    found = given(a_problem(*children(2, "a-1"), an_activity(capacity=2, held_back=1)))
    assert len(found.places) == 2


def test_what_was_decided_is_kept_without_a_wish() -> None:
    parts = (a_child("c-1"), a_child("c-2", "a-1"), an_activity(capacity=1))
    assert given(a_problem(*parts, pins=(Pin("c-1", "a-1"),))).places == {"c-1": ("a-1",)}
    assert given(a_problem(*parts, pins=(Pin("c-2", "a-1", place=False),))).places == {}


def test_pins_that_contradict_each_other_are_named_and_no_others() -> None:
    pins = (Pin("c-3", "a-2"), Pin("c-1", "a-1"), Pin("c-2", "a-1"))
    parts = (*children(3), an_activity("a-1", capacity=1), an_activity("a-2"))
    with pytest.raises(ContradictoryPinsError) as refused:
        allocate(a_problem(*parts, pins=pins), seconds=30, workers=1)
    assert refused.value.pins == (1, 2)


def test_the_worst_off_come_before_the_sum_of_wishes() -> None:
    # Served by the sum, one gets the first wish and one the last of five; fairly, both get their second.
    activities = [an_activity(f"a-{at}", capacity=1) for at in range(1, 6)]
    one = a_child("c-1", "a-1", "a-2")
    other = a_child("c-2", "a-1", "a-3", "a-4", "a-5")
    fair = given(a_problem(one, other, *activities, settings=Settings(aims=(Aim.FAIR,))))
    ranks = sorted(child.wishes.index(fair.places[child.id][0]) + 1 for child in (one, other))
    assert ranks == [1, 2]


def test_who_got_nothing_in_earlier_terms_goes_first_among_equals() -> None:
    found = given(a_problem(*children(4, "a-1"), a_child("c-9", "a-1", empty_terms=2), an_activity(capacity=1)))
    assert set(found.places) == {"c-9"}


def test_ties_are_drawn_by_the_published_seed() -> None:
    found = given(a_problem(*children(9, "a-1"), an_activity(capacity=3)))
    drawn = sorted((child.id for child in children(9)), key=lambda each: -ticket(SEED, each, "a-1"))
    assert set(found.places) == set(drawn[:3])


def test_the_order_of_a_problem_and_the_number_of_workers_decide_nothing() -> None:
    problem = a_term(60, 20, 3)
    rng = random.Random(5)  # noqa: S311 - any order will do
    shuffled = replace(
        problem,
        children=tuple(rng.sample(problem.children, len(problem.children))),
        activities=tuple(rng.sample(problem.activities, len(problem.activities))),
    )
    one, other = allocate(problem, seconds=60, workers=1), allocate(shuffled, seconds=60, workers=4)
    assert one.proved
    assert (one.places, one.opened) == (other.places, other.opened)


def test_when_the_time_is_over_the_rules_are_kept_and_the_bounds_are_true() -> None:
    problem, ticks = a_term(60, 20, 3), count()
    best = given(problem)
    hurried = allocate(problem, seconds=2.5, workers=1, clock=lambda: float(next(ticks)))
    assert hurried.status is Status.TIMED_OUT
    assert check(problem, hurried).valid
    assert hurried.aims[0].bound >= best.aims[0].value


def test_whoever_cancels_has_an_allocation_that_keeps_the_rules() -> None:
    problem = a_term(60, 20, 3)
    found = allocate(problem, seconds=60, workers=1, cancelled=lambda: True)
    assert found.status is Status.CANCELLED
    assert check(problem, found).valid


def test_progress_is_told_and_only_gets_better() -> None:
    told = list[Progress]()
    found = allocate(a_term(60, 20, 3), seconds=60, workers=1, progress=told.append)
    assert told
    values = [news.aims[0].value for news in told]
    assert values == sorted(values)
    assert told[-1].aims[0].value <= found.aims[0].value


def test_a_problem_without_children_or_activities_has_an_empty_allocation() -> None:
    assert given(a_problem()).places == {}
