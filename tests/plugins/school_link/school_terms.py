"""Small terms of activities that belong to a school, for tests of the school's rules."""

from collections.abc import Sequence
from typing import Any

from core.planning.activities import Role
from core.planning.problem import Activity, Person, Problem
from core.planning.resources import Room
from tests.plugins.small_terms import ALWAYS, ROLE, a_person, a_problem, an_activity

SCHOOL, STATION = "school", "station"
NAME = "school_link.lesson"
INSIDE = Room("classroom", SCHOOL, 40, "activity", (), ALWAYS, 0)
OUTSIDE = Room("hall", STATION, 40, "activity", (), ALWAYS, 0)
#: Saturdays and a Wednesday of the winter of 2026.
NINE, FOUR, WEDNESDAY = "12-05 09:00", "12-05 16:00", "12-09 16:00"
ROLES = (Role(ROLE, None, 1, 1), Role("teacher", None, 1, 1))


def a_school(**changes: Any) -> dict[str, Any]:
    """Return a school that is open from eight to half past five, with lessons until four and a way of 20 minutes."""
    values = {
        "exams": [],
        "shut": [],
        "lessons": [],
        "opens": 480,
        "closes": 1050,
        "lessons_end": 960,
        "way": 20,
        "teachers": ["tao"],
    }
    return {**values, **changes}


def a_lesson(*starts: str, **changes: Any) -> Activity:
    """Return an activity of an hour in any room."""
    values = {"sessions": 1, "zones": ("activity",), "size": 10, **changes}
    return an_activity(NAME, starts, **values)


def a_term(
    activity: Activity,
    *,
    where: str = "anywhere",
    rooms: Sequence[Room] = (INSIDE, OUTSIDE),
    people: Sequence[Person] = (a_person("ann"), a_person("bo")),
    school: dict[str, Any] | None = None,
    **changes: Any,
) -> Problem:
    """Return a term of one activity of a school, `where` it is held: at the school, away or anywhere."""
    extension = {
        "schools": {SCHOOL: a_school() if school is None else school},
        "activities": {activity.id: {"school": SCHOOL, "where": where}},
    }
    return a_problem([activity], people, rooms=tuple(rooms), extensions={"school_link": extension}, **changes)
