"""Courses are held where nobody overhears them, and in sight where that is asked for."""

from typing import Any

import pytest

from core.planning.explain import explain
from core.planning.problem import Problem, Role, Room
from core.planning.rules import DEFAULT_RULES
from plugins.sst.rules import QuietRoom
from tests.plugins.small_terms import ALWAYS, a_plan, at, best_plan
from tests.plugins.sst.courses import COURSE, SATURDAYS, a_course, a_term, led

RULE = QuietRoom()
ROOMS = (
    Room("hall", "centre", 10, "activity", (), ALWAYS),
    Room("library", "centre", 40, "activity", ("quiet",), ALWAYS),
    Room("den", "centre", 40, "private", ("in_sight",), ALWAYS),
)


def a_housed_term(*, rooms: tuple[Room, ...] = ROOMS, **changes: Any) -> Problem:
    asked = {"min_adults": 2, "roles": (Role("lead", None, 2, 2),), **changes.pop("course", {})}
    course = a_course(zones=("activity", "private"), **asked)
    return a_term(course, rooms=rooms, **changes)


def broken(problem: Problem, room: str) -> list[str]:
    return [str(breach.message) for breach in RULE.breaches(problem, a_plan(led(COURSE, 0, SATURDAYS[0], room=room)))]


@pytest.mark.parametrize(("room", "is_broken"), [("hall", True), ("library", False), ("den", False)])
def test_a_room_must_be_private_or_quiet(room: str, *, is_broken: bool) -> None:
    assert bool(broken(a_housed_term(), room)) is is_broken


@pytest.mark.parametrize("asked", [{"settings": {"in_sight": True}}, {"course": {"min_adults": 1}}])
def test_one_adult_or_a_careful_coordinator_needs_a_room_in_sight(asked: dict[str, Any]) -> None:
    problem = a_housed_term(**asked)
    assert "can't be seen into" in broken(problem, "library")[0]
    assert not broken(problem, "den")


def test_the_planner_chooses_the_quiet_room() -> None:
    problem = a_housed_term(rooms=ROOMS[:2])
    assert [row.room for row in best_plan(problem, RULE).sessions] == ["library"] * 3


def test_the_planner_chooses_a_room_in_sight_where_that_is_asked_for() -> None:
    problem = a_housed_term(settings={"in_sight": True})
    assert [row.room for row in best_plan(problem, RULE).sessions] == ["den"] * 3


def test_where_no_room_is_quiet_nothing_is_held() -> None:
    problem = a_housed_term(rooms=ROOMS[:1])
    plan = best_plan(problem, RULE)
    assert plan.sessions == ()
    found = explain(problem, plan, seconds=2, seed=0, workers=1, rules=(*DEFAULT_RULES, RULE))
    assert {str(short.reason) for short in found} == {"No start is left. The group meets where nobody overhears it."}


def test_what_was_held_in_the_hall_stays_as_it_was() -> None:
    past = led(COURSE, 0, SATURDAYS[0], "ann", "bo", room="hall")
    problem = a_housed_term(incumbent=a_plan(past), frozen_before=at(SATURDAYS[1]))
    assert not list(RULE.breaches(problem, a_plan(past)))
    assert best_plan(problem, RULE).sessions[0].room == "hall"


def test_a_course_without_rooms_is_left_alone() -> None:
    problem = a_term(a_course(), rooms=ROOMS)
    assert len(best_plan(problem, RULE).sessions) == 3
