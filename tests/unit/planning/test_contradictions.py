"""Contradictory pins: a smallest set that clashes is named, every pin of it is needed, and plain reasons are given."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.errors import Message
from core.planning.errors import ContradictoryPinsError
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Group, Pin, Problem, Relation, Role
from core.planning.rules import DEFAULT_RULES
from core.planning.search.clashes import clashes
from core.planning.search.contradictions import contradiction
from core.planning.search.modelling import Task
from tests.unit.planning.builders import (
    TUESDAY,
    WEDNESDAY,
    a_person,
    a_plan,
    a_problem,
    a_room,
    a_session,
    an_activity,
    at,
    solved,
)

NINE, TEN, HALF_PAST, TOMORROW = at("09:00"), at("10:00"), at("10:30"), at("09:00", TUESDAY)
LATER = at("09:00", WEDNESDAY)
LAW = (Role("lead", "law", 1, 1), Role("helper", None, 1, 1))
ONE, TALK = an_activity(sessions=1), an_activity("talk", sessions=1)
CHILDREN = (Group("children"),)


def a_task(problem: Problem) -> Task:
    return Task(problem, DEFAULT_RULES, DEFAULT_PREFERENCES, seed=0, workers=1)


def named(problem: Problem) -> ContradictoryPinsError | None:
    return contradiction(a_task(problem), lambda: 60.0)


def clash(problem: Problem, pins: tuple[int, ...]) -> bool:
    """Say whether these pins alone clash, by a model of the whole problem."""
    few = replace(problem, pins=tuple(problem.pins[at] for at in pins))
    return solved(few, DEFAULT_RULES).infeasible


def smallest(problem: Problem) -> int | None:
    """Return the size of the smallest set of pins that clashes, by trying all."""
    everything = range(len(problem.pins))
    sizes = (
        size
        for size in range(1, len(everything) + 1)
        for pins in combinations(everything, size)
        if clash(problem, pins)
    )
    return next(sizes, None)


def pinned(problem: Problem, *pins: Pin) -> Problem:
    """Return the problem with the pins, and one more that has nothing to do with them."""
    return replace(
        problem, pins=(*pins, Pin("aside", 0)), activities=(*problem.activities, an_activity("aside", zones=()))
    )


PLAIN = {
    "an is not available": pinned(
        a_problem(ONE, people=(a_person("an", available=((NINE, TEN),)), a_person("bo"), a_person("chen"))),
        Pin("reading", 0, start=HALF_PAST, staff={"lead": ("an",)}),
    ),
    "an doesn't have the skill law": pinned(
        a_problem(replace(ONE, roles=LAW, min_adults=1)), Pin("reading", 0, start=NINE, staff={"lead": ("an",)})
    ),
    "reading may not begin": pinned(a_problem(ONE), Pin("reading", 0, start=at("08:00"))),
    "expects 10": pinned(
        a_problem(ONE, rooms=(a_room(), a_room("cell", capacity=1))), Pin("reading", 0, start=NINE, room="cell")
    ),
    "Room hall is closed": pinned(
        a_problem(ONE, rooms=(a_room(open=((NINE, TEN),)), a_room("studio"))),
        Pin("reading", 0, start=TEN, room="hall"),
    ),
    "in room hall at once": pinned(
        a_problem(ONE, TALK), Pin("reading", 0, start=NINE, room="hall"), Pin("talk", 0, start=NINE, room="hall")
    ),
    "an can't serve in both reading and talk": pinned(
        a_problem(ONE, TALK),
        Pin("reading", 0, start=NINE, staff={"lead": ("an",)}),
        Pin("talk", 0, start=NINE, staff={"helper": ("an",)}),
    ),
    "children": pinned(
        a_problem(replace(ONE, groups=("children",)), replace(TALK, groups=("children",)), groups=CHILDREN),
        Pin("reading", 0, start=TEN),
        Pin("talk", 0, start=HALF_PAST),
    ),
    "not on a later day": pinned(
        a_problem(an_activity(ordered=True, starts=(NINE, TOMORROW, LATER))),
        Pin("reading", 0, start=LATER),
        Pin("reading", 1, start=TOMORROW),
    ),
    "can't be in two places or at two times": pinned(
        a_problem(ONE), Pin("reading", 0, start=NINE), Pin("reading", 0, start=TEN)
    ),
    "don't begin together": pinned(
        a_problem(ONE, TALK, relations=(Relation("together", ("reading", 0), ("talk", 0)),)),
        Pin("reading", 0, start=NINE),
        Pin("talk", 0, start=TEN),
    ),
    "serves 3 times": pinned(
        a_problem(
            an_activity(sessions=3, max_per_day=3, starts=(NINE, TEN, at("11:00"), at("12:00"))),
            people=(a_person("an", max_per_day=2), *(a_person(name) for name in ("bo", "chen"))),
        ),
        *(Pin("reading", k, start=start, staff={"lead": ("an",)}) for k, start in enumerate((NINE, TEN, at("11:00")))),
    ),
    "more people as lead": pinned(
        a_problem(ONE),
        Pin("reading", 0, start=NINE, staff={"lead": ("an",)}),
        Pin("reading", 0, staff={"lead": ("bo",)}),
    ),
    "finds no start": pinned(
        a_problem(ONE, people=(a_person("an", available=()), a_person("bo"), a_person("chen"))),
        Pin("reading", 0, staff={"lead": ("an",)}),
    ),
}


@pytest.mark.parametrize(("said", "problem"), PLAIN.items(), ids=PLAIN)
def test_a_plain_clash_is_named_with_its_reason(said: str, problem: Problem) -> None:
    error = named(problem)
    assert error is not None
    assert error.pins == tuple(range(len(problem.pins) - 1))
    assert said in str(error)
    assert "aside" not in str(error)
    assert_minimal(problem, error.pins)


def assert_minimal(problem: Problem, pins: tuple[int, ...]) -> None:
    """See that the pins clash, and that no proper subset does."""
    assert clash(problem, pins)
    for pin in pins:
        assert not clash(problem, tuple(other for other in pins if other != pin))


def test_what_only_the_solver_sees_is_named_too() -> None:
    """Three sessions, each pinned to a room without a time, and the room has hours for two."""
    rooms = (a_room(open=((NINE, at("11:00")),)), a_room("studio"))
    activities = [an_activity(name, sessions=1) for name in ("reading", "talk", "care", "play")]
    pins = tuple(Pin(activity.id, 0, room="hall" if activity.id != "play" else "studio") for activity in activities)
    problem = a_problem(*activities, rooms=rooms, pins=pins)
    assert clashes(problem, a_task(problem).choices, range(4)) == []
    error = named(problem)
    assert error is not None
    assert error.pins == (0, 1, 2)
    named_pins = "reading #1 (in hall), talk #1 (in hall), care #1 (in hall)"
    assert str(error) == f"These pins can't all be kept: {named_pins}. Take one of them back."
    assert_minimal(problem, error.pins)


def test_a_plain_clash_is_reduced_where_the_solver_knows_better() -> None:
    """Both want the hall at nine; but one could not have been held anyway, as all adults are of one household."""
    people = tuple(a_person(name, household="li") for name in ("an", "bo"))
    pins = (Pin("reading", 0, start=NINE, room="hall"), Pin("visit", 0, start=NINE, room="hall"))
    visit = an_activity("visit", sessions=1, min_adults=0, roles=())
    problem = a_problem(ONE, visit, people=people, pins=pins)
    assert [found.pins for found in clashes(problem, a_task(problem).choices, (0, 1))] == [(0, 1)]
    error = named(problem)
    assert error is not None
    assert error.pins == (0,)
    assert str(error) == "This pin can't be kept: reading #1 (on 2027-01-25T09:00, in hall). Take it back."


def test_pins_that_agree_are_not_complained_of() -> None:
    assert named(a_problem(an_activity(), pins=(Pin("reading", 0, start=NINE), Pin("reading", 1)))) is None


def test_a_pin_that_changes_the_past_is_named() -> None:
    past = a_plan(a_session(NINE))
    problem = a_problem(an_activity(), incumbent=past, frozen_before=TOMORROW, pins=(Pin("reading", 0, start=TEN),))
    error = named(problem)
    assert error is not None
    assert error.pins == (0,)
    assert "has begun already" in str(error)


def test_pins_that_the_past_leaves_no_room_for_are_named() -> None:
    past = a_plan(a_session(NINE))
    problem = a_problem(
        an_activity(),
        people=(a_person("an", max_sessions=1), *(a_person(name) for name in ("bo", "chen"))),
        incumbent=past,
        frozen_before=TEN,
        pins=(Pin("reading", 1, start=TOMORROW, staff={"lead": ("an",)}),),
    )
    error = named(problem)
    assert error is not None
    assert error.pins == (0,)
    assert "an serves in 2 sessions; 1 were offered." in str(error)


def test_the_message_holds_ids_as_values_so_that_names_can_take_their_place() -> None:
    error = named(PLAIN["in room hall at once"])
    assert error is not None
    values = set(_values(error.message))
    assert {"reading", "talk", "hall", "2027-01-25T09:00"} <= values


def _values(value: object) -> Iterator[object]:
    if isinstance(value, Message):
        value = tuple(value.values.values())
    if isinstance(value, tuple):
        for part in value:
            yield from _values(part)
    else:
        yield value


STARTS = st.sampled_from([None, NINE, TEN, HALF_PAST, TOMORROW])
PINS = st.builds(
    Pin,
    st.sampled_from(["reading", "talk"]),
    st.integers(0, 1),
    start=STARTS,
    room=st.sampled_from([None, None, "hall", "shed"]),
    staff=st.sampled_from([{}, {}, {"lead": ("an",)}, {"helper": ("an",)}, {"lead": ("bo",)}]),
)


@given(st.lists(PINS, min_size=2, max_size=4).map(tuple))
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_any_pins_are_judged_as_trying_all_of_them_would(pins: tuple[Pin, ...]) -> None:
    people = (a_person("an", max_per_day=1), *(a_person(name) for name in ("bo", "chen", "dai")))
    problem = a_problem(
        an_activity(ordered=True),
        an_activity("talk", groups=("children",), max_per_day=1),
        people=people,
        groups=CHILDREN,
        relations=(Relation("before", ("reading", 0), ("talk", 1)),),
        pins=pins,
    )
    error, size = named(problem), smallest(problem)
    assert (error is None) == (size is None)
    if error is not None:
        assert len(error.pins) == size
        assert_minimal(problem, error.pins)
    for found in clashes(problem, a_task(problem).choices, range(len(pins))):
        assert clash(problem, found.pins)
