"""Whoever didn't get a place is told why, and what it would have cost others is true."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import event, given, settings

from core.allocation.allocate import allocate
from core.allocation.errors import ContradictoryPinsError
from core.allocation.explain import explain
from core.allocation.problem import Pin, Problem, Shared, Together, Way
from core.allocation.settings import Aim, Settings
from core.allocation.why import Reason, Why
from tests.benchmarks.wishes.terms import a_term
from tests.unit.allocation.builders import a_child, a_problem, an_activity, at
from tests.unit.allocation.random_problems import problems


def told(problem: Problem, seconds: float = 30) -> list[Why]:
    return list(explain(problem, allocate(problem, seconds=30, workers=1), seconds=seconds, workers=1))


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (a_problem(a_child("c-1", "a-1", age=4), an_activity(ages=(6, 9))), Reason.BARRED),
        (a_problem(a_child("c-1", "a-1"), an_activity(), pins=(Pin("c-1", "a-1", place=False),)), Reason.DECIDED),
        (a_problem(a_child("c-1", "a-1"), an_activity(room_ready=False)), Reason.NO_ROOM),
        (a_problem(a_child("c-1", "a-1"), an_activity(staffed=0)), Reason.NO_STAFF),
        (a_problem(a_child("c-1", "a-1"), an_activity(minimum=2)), Reason.TOO_FEW),
    ],
)
def test_what_the_problem_itself_says_is_told(problem: Problem, reason: Reason) -> None:
    assert [(why.reason, why.verified, why.worse_by) for why in told(problem)] == [(reason, True, None)]


def test_decided_places_that_leave_none_are_named_as_the_reason() -> None:
    parts = (a_child("c-1"), a_child("c-2", "a-1"), an_activity(capacity=1))
    assert [why.reason for why in told(a_problem(*parts, pins=(Pin("c-1", "a-1"),)))] == [Reason.AGAINST_PINS]


def test_a_way_too_long_from_a_decided_place_leaves_none_and_a_shorter_one_does() -> None:
    child = a_child("c-1", "a-2", most=2)
    activities = (
        an_activity("a-1", times=(at(9, minutes=50),), place="hall"),
        an_activity("a-2", times=(at(10),), place="park"),
    )
    parts, pins = (child, *activities), (Pin("c-1", "a-1"),)
    far, near = Way("hall", "park", 11), Way("hall", "park", 10)
    assert [why.reason for why in told(a_problem(*parts, pins=pins, ways=(far,)))] == [Reason.AGAINST_PINS]
    assert told(a_problem(*parts, pins=pins, ways=(near,))) == []


def test_siblings_for_whom_there_is_no_room_together_are_told_so() -> None:
    parts = (a_child("c-1", "a-1"), a_child("c-2", "a-1"), an_activity(capacity=1))
    found = told(a_problem(*parts, together=(Together("t-1", ("c-1", "c-2")),)))
    assert [why.reason for why in found] == [Reason.AGAINST_TOGETHER] * 2


def test_an_activity_whose_room_another_needs_is_told_so() -> None:
    parts = (a_child("c-1", "a-1"), an_activity("a-1"))
    found = told(a_problem(*parts, shared=(Shared("room", ("a-1",), 0),)))
    assert [why.reason for why in found] == [Reason.AGAINST_SHARED]


def test_a_place_that_would_leave_another_child_with_nothing_says_how_many() -> None:
    siblings = (Together("t-1", ("c-1", "c-2")),)
    children = (a_child("c-1", "a-1"), a_child("c-2", "a-1"), a_child("c-3", "a-1"))
    found = told(a_problem(*children, an_activity(capacity=2), together=siblings))
    assert [(why.child, why.reason, why.worse_by, why.exact) for why in found] == [
        ("c-3", Reason.FEWER_CHILDREN, 1, True)
    ]


def test_a_place_that_another_drew_is_told_as_drawn() -> None:
    found = told(a_problem(a_child("c-1", "a-1"), a_child("c-2", "a-1"), an_activity(capacity=1)))
    assert [(why.reason, why.rank) for why in found] == [(Reason.DRAWN, 1)]


def test_only_wishes_dearer_than_what_came_true_are_explained() -> None:
    problem = a_problem(
        a_child("c-1", "a-1", "a-2", "a-3"), an_activity("a-1", minimum=2), an_activity("a-2"), an_activity("a-3")
    )
    assert [why.activity for why in told(problem)] == ["a-1"]


@settings(max_examples=40, deadline=None)
@given(problems())
def test_with_the_place_decided_the_best_is_worse_by_just_what_was_told(problem: Problem) -> None:
    try:
        best = allocate(problem, seconds=30, workers=1)
    except ContradictoryPinsError:
        return
    before = {(each.aim, each.rank): each.value for each in best.aims}
    for why in explain(problem, best, seconds=30, workers=1):
        assert why.verified
        event(why.reason)
        if why.worse_by is None:
            continue
        pins = (*problem.pins, Pin(why.child, why.activity))
        forced = allocate(replace(problem, pins=pins), seconds=30, workers=1)
        changed = next(each for each in forced.aims if each.value != before[each.aim, each.rank])
        fall = abs(changed.value - before[changed.aim, changed.rank])
        assert why.exact
        assert (_AIMS[why.reason], why.worse_by) == (changed.aim, fall) or changed.aim is Aim.FAIR


_AIMS = {
    Reason.FEWER_CHILDREN: Aim.MOST_CHILDREN,
    Reason.LESS_FAIR: Aim.FAIR,
    Reason.FEWER_WISHES: Aim.WISHES,
    Reason.EARLIER_LOSERS: Aim.EARLIER_LOSERS,
    Reason.SPLITS_FRIENDS: Aim.TOGETHER,
    Reason.DRAWN: Aim.LOTTERY,
}


def test_without_time_what_is_proved_is_told_and_the_rest_is_said_to_be_unknown() -> None:
    problem = a_term(40, 15, 1, settings=Settings(aims=(Aim.MOST_CHILDREN,)))
    found = told(problem, seconds=0)
    assert Counter(why.reason for why in found)[Reason.UNKNOWN]
    assert not any(why.exact for why in found if why.worse_by)
