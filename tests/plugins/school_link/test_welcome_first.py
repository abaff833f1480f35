"""Families get to know a school before its homework rooms begin; without the relations the open day may come last."""

from collections.abc import Sequence
from typing import Any

import pytest

from core.hooks.types import ActivityOutline
from core.planning.problem import Activity, Problem, Relation, Role
from plugins.school_link.contribution import welcome_first
from tests.plugins.small_terms import (
    ROLE,
    a_person,
    a_problem,
    an_activity,
    an_outline,
    at,
    best_plan,
    starts_of,
)

FIRST, SECOND = "12-05 09:00", "12-12 09:00"
OPEN_DAY, HOMEWORK = "school_link.open_day", "school_link.homework"
#: The only school of the station, by its plain name.
NAMES = {"测试小学": "venue-1"}


def an_open_day(**changes: Any) -> Activity:
    return an_activity(OPEN_DAY, (FIRST, SECOND), **{"sessions": 1, "roles": (Role(ROLE, None, 1, 2),), **changes})


def a_homework_room(**changes: Any) -> Activity:
    return an_activity(HOMEWORK, (FIRST, SECOND), **{"sessions": 1, "roles": (Role(ROLE, None, 1, 2),), **changes})


def outlines(homework: Activity, school: str = "venue-1", **settings: Any) -> list[ActivityOutline]:
    return [
        an_outline(an_open_day(), "school_link.open_campus", school="venue-1", **settings),
        an_outline(homework, "school_link.homework_room", school=school),
    ]


def relations(activities: Sequence[ActivityOutline]) -> tuple[Relation, ...]:
    return tuple(welcome_first(activities, NAMES))


def a_term(relations: tuple[Relation, ...]) -> Problem:
    """Return a term in which a second helper, who is wanted, would rather have the homework room first."""
    week = {start: ((at(start), at(start) + 60),) for start in (FIRST, SECOND)}
    people = (
        a_person("ann"),
        a_person("bo"),
        a_person("cai", available=week[FIRST], likes={HOMEWORK: 1, OPEN_DAY: -5}),
        a_person("du", available=week[SECOND], likes={HOMEWORK: -5, OPEN_DAY: 1}),
    )
    weights = {"unscheduled": 10_000, "required": 1_000, "wanted": 60, "likes": 30}
    return a_problem([an_open_day(), a_homework_room()], people, relations=relations, weights=weights)


def test_the_relations_change_the_plan() -> None:
    without, held = best_plan(a_term(())), best_plan(a_term(relations(outlines(a_homework_room()))))
    assert starts_of(without, HOMEWORK) == [at(FIRST)]
    assert starts_of(without, OPEN_DAY) == [at(SECOND)]
    assert starts_of(held, OPEN_DAY) == [at(FIRST)]
    assert starts_of(held, HOMEWORK) == [at(SECOND)]


def test_the_first_open_day_comes_before_every_session_of_the_homework_room() -> None:
    found = relations(outlines(a_homework_room(sessions=3)))
    assert found == tuple(Relation("before", (OPEN_DAY, 0), (HOMEWORK, index)) for index in range(3))


@pytest.mark.parametrize("school", ["测试 小学", " 测试小学 "])
def test_a_name_written_before_schools_were_chosen_from_a_list_is_the_same_school(school: str) -> None:
    assert relations(outlines(a_homework_room(), school))


def test_two_names_of_no_known_school_are_one_school_if_they_are_alike() -> None:
    old = [
        an_outline(an_open_day(), "school_link.open_campus", school="A School"),
        an_outline(a_homework_room(), "school_link.homework_room", school="a school "),
    ]
    assert relations(old)


@pytest.mark.parametrize(
    "activities",
    [
        outlines(a_homework_room(), "另一小学"),
        outlines(a_homework_room(), welcome_first=False),
        outlines(a_homework_room())[:1],
        [
            an_outline(activity, kind)
            for activity, kind in (
                (an_open_day(), "school_link.open_campus"),
                (a_homework_room(), "school_link.homework_room"),
            )
        ],
        [
            an_outline(an_open_day(), "toy.open_campus", school="A"),
            an_outline(a_homework_room(), "toy.room", school="A"),
        ],
        [],
    ],
    ids=["another school", "switched off", "no homework room", "schools not named", "another program", "nothing"],
)
def test_otherwise_nothing_is_asked(activities: list[ActivityOutline]) -> None:
    assert relations(activities) == ()
