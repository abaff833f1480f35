"""The judge: it finds each broken rule, and nothing in an allocation that keeps them all."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.allocation.check import Rule, check
from core.allocation.problem import Aim, Pin, Problem, Settings, Together, Togetherness, Way
from core.allocation.result import Allocation
from tests.unit.allocation.builders import a_child, a_problem, an_activity, an_allocation, at
from tests.unit.allocation.rule_cases import CASES, NOBODY, PAIR, TWICE, Case

#: Broken together with `PLACES`: whoever has no staff has no place either.
_BESIDE = {Rule.NO_STAFF}


@pytest.mark.parametrize(("rule", "case"), CASES.values(), ids=CASES)
def test_a_planted_violation_is_found_and_no_other(rule: Rule, case: Case) -> None:
    assert check(case.problem, case.right).violations == ()
    (found,) = check(case.problem, case.wrong).violations
    assert (found.rule, found.ids) == (rule, case.ids)
    assert str(found.message)


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule for rule, _case in CASES.values()} == set(Rule) - _BESIDE


def test_what_is_held_without_staff_has_no_places_either() -> None:
    problem = a_problem(a_child("c-1", "a-1"), an_activity(staffed=0))
    verdict = check(problem, an_allocation("a-1", places={"c-1": "a-1"}))
    assert {each.rule for each in verdict.violations} == {Rule.PLACES, Rule.NO_STAFF}


def test_activities_that_touch_do_not_clash_at_one_place() -> None:
    settings = Settings(minutes_between=15)
    child = a_child("c-1", "a-1", "a-2", most=2)
    first = an_activity(times=(at(9, minutes=60),), place="hall")
    for place in ("hall", None):
        problem = a_problem(child, first, an_activity("a-2", times=(at(10),), place=place), settings=settings)
        assert check(problem, TWICE).valid


def test_a_way_that_is_listed_counts_in_its_direction_instead_of_the_minutes_between() -> None:
    child = a_child("c-1", "a-1", "a-2", most=2)
    first = an_activity(times=(at(9, minutes=50),), place="hall")
    parts, settings = (child, first, an_activity("a-2", times=(at(10),), place="park")), Settings(minutes_between=15)
    there = (Way("hall", "park", 10), Way("park", "hall", 60))
    assert check(a_problem(*parts, settings=settings, ways=there), TWICE).valid
    back = (Way("hall", "park", 11), Way("park", "hall", 0))
    (found,) = check(a_problem(*parts, settings=settings, ways=back), TWICE).violations
    assert str(found.message) == "“c-1” can't go from “a-1” to “a-2” in time: the way takes 11 minutes."


def test_friends_may_be_apart_where_it_is_only_an_aim() -> None:
    children = (a_child("c-1", "a-1"), a_child("c-2", "a-1"))
    settings = Settings(aims=(Aim.TOGETHER,), together=Togetherness.SOFT)
    problem = a_problem(*children, an_activity(), settings=settings, together=(Together("t", ("c-1", "c-2")),))
    verdict = check(problem, an_allocation("a-1", places={"c-1": "a-1"}))
    assert verdict.valid
    assert verdict.worth[0].value == 1


def test_friends_of_whom_one_cannot_join_are_not_split() -> None:
    group = (Together("t", ("c-1", "c-2", "c-3")),)
    children = (a_child("c-1", "a-1"), a_child("c-2", "a-1", age=3), a_child("c-3", "a-1"))
    pins = (Pin("c-3", "a-1", place=False),)
    problem = a_problem(*children, an_activity(ages=(6, 9)), together=group, pins=pins)
    assert check(problem, an_allocation("a-1", places={"c-1": "a-1"})).valid


def test_places_are_held_back_only_while_somebody_is_there_for_them() -> None:
    here = (a_child("c-1", "a-1"), a_child("c-2", "a-1"))
    elsewhere = a_child("c-3", "a-2", held_back=True)
    problem = a_problem(*here, elsewhere, an_activity(capacity=2, held_back=1), an_activity("a-2"))
    assert check(problem, PAIR).valid


def test_an_activity_with_less_staff_than_places_held_back_may_stay_closed() -> None:
    child = a_child("c-1", "a-1", held_back=True)
    assert check(a_problem(child, an_activity(staffed=0, held_back=3)), NOBODY).valid


def test_what_is_said_of_held_back_places_names_no_child() -> None:
    rule, case = CASES["the held back share is given to others"]
    (found,) = check(case.problem, case.wrong).violations
    assert rule is found.rule
    assert not any(
        child.id in (*found.ids, *map(str, found.message.values.values())) for child in case.problem.children
    )


@st.composite
def right_allocations(draw: st.DrawFn) -> tuple[Problem, Allocation]:
    """Return a problem that was made around an allocation, so that the allocation is right."""
    names = [f"a-{number}" for number in range(draw(st.integers(1, 5)))]
    got = draw(st.lists(st.sets(st.sampled_from(names)), min_size=1, max_size=8))
    places = {f"c-{number}": tuple(sorted(each)) for number, each in enumerate(got)}
    counts = {name: sum(name in each for each in got) for name in names}
    slack = st.integers(0, 2)
    activities = [
        an_activity(
            name,
            capacity=counts[name] + draw(slack),
            minimum=max(1, counts[name] - draw(slack)),
            times=(at(9, day=day),),
            ages=(8 - draw(slack), 8 + draw(slack)),
        )
        for day, name in enumerate(names)
    ]
    children = [
        a_child(child, *draw(st.permutations(names)), most=len(each) + draw(slack)) for child, each in places.items()
    ]
    given_ = {child: each for child, each in places.items() if each}
    opened = frozenset(name for name in names if counts[name])
    return a_problem(*children, *activities), Allocation("summer", "20270701", given_, opened)


@given(right_allocations())
def test_what_was_made_right_has_no_violation(made: tuple[Problem, Allocation]) -> None:
    assert check(*made).violations == ()


def _without_opening(problem: Problem, allocation: Allocation) -> tuple[Problem, Allocation]:
    return problem, Allocation("summer", "20270701", allocation.places, frozenset())


def _with_a_day_too_short(problem: Problem, allocation: Allocation) -> tuple[Problem, Allocation]:
    activities = [
        an_activity(each.id, each.capacity, minimum=each.minimum, times=(at(9),)) for each in problem.activities
    ]
    return a_problem(*problem.children, *activities), allocation


def _with_fewer_places(problem: Problem, allocation: Allocation) -> tuple[Problem, Allocation]:
    return a_problem(*problem.children, *(replace(each, capacity=0) for each in problem.activities)), allocation


def _with_other_wishes(problem: Problem, allocation: Allocation) -> tuple[Problem, Allocation]:
    return a_problem(*(replace(each, wishes=()) for each in problem.children), *problem.activities), allocation


def _with_older_children(problem: Problem, allocation: Allocation) -> tuple[Problem, Allocation]:
    return a_problem(*(replace(each, age=11) for each in problem.children), *problem.activities), allocation


def _with_lower_limits(problem: Problem, allocation: Allocation) -> tuple[Problem, Allocation]:
    return a_problem(
        *(a_child(each.id, *each.wishes, most=0) for each in problem.children), *problem.activities
    ), allocation


PLANTED: dict[Rule, Callable[[Problem, Allocation], tuple[Problem, Allocation]]] = {
    Rule.NOT_OPEN: _without_opening,
    Rule.PLACES: _with_fewer_places,
    Rule.NOT_WISHED: _with_other_wishes,
    Rule.AGE: _with_older_children,
    Rule.LIMIT: _with_lower_limits,
}


@pytest.mark.parametrize("rule", PLANTED)
@given(made=right_allocations())
def test_what_is_spoilt_in_any_problem_is_found(rule: Rule, made: tuple[Problem, Allocation]) -> None:
    problem, allocation = PLANTED[rule](*made)
    places = sum(map(len, allocation.places.values()))
    found = [each.rule for each in check(problem, allocation).violations]
    assert set(found) == ({rule} if places else set())


@given(made=right_allocations())
def test_two_places_at_one_time_clash_in_any_problem(made: tuple[Problem, Allocation]) -> None:
    problem, allocation = _with_a_day_too_short(*made)
    found = [each.rule for each in check(problem, allocation).violations]
    pairs = sum(len(got) * (len(got) - 1) // 2 for got in allocation.places.values())
    assert found == [Rule.CLASH] * pairs


def test_an_empty_allocation_of_an_empty_problem_is_right() -> None:
    verdict = check(a_problem(), NOBODY)
    assert verdict.valid
    assert {each.value for each in verdict.worth} == {0}
