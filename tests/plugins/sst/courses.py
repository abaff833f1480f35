"""Small terms with a group course, for tests of what the planner keeps for it."""

from typing import Any

from core.planning.activities import Role
from core.planning.plan import PlannedSession
from core.planning.problem import Activity, Problem
from plugins.sst.rules import contribution
from tests.plugins.small_terms import a_person, a_problem, an_activity, an_outline, at

COURSE = "sst.course"
MAKE_UP = "sst.make_up"
SATURDAYS = ("12-05 09:00", "12-12 09:00", "12-19 09:00")
LEAD = Role("lead", None, 1, 1)


def a_course(*starts: str, **changes: Any) -> Activity:
    """Return a course of as many sessions as starts, each led by one person."""
    return an_activity(
        COURSE, starts or SATURDAYS, **{"sessions": len(starts or SATURDAYS), "roles": (LEAD,), **changes}
    )


def a_make_up(*starts: str, **changes: Any) -> Activity:
    """Return an activity of one session that makes a module up."""
    return an_activity(MAKE_UP, starts, **{"sessions": 1, "roles": (LEAD,), **changes})


def a_term(course: Activity, *others: Activity, module: int = 1, **changes: Any) -> Problem:
    """Return a term of a course and make-ups of one of its modules; `settings` are the course's answers."""
    asked = {"modules": ["一"] * course.sessions, "days_between": 0, **changes.pop("settings", {})}
    outlines = [
        an_outline(course, "sst.group_course", **asked),
        *(an_outline(other, "sst.make_up", course=COURSE, module=module) for other in others),
    ]
    said = contribution(outlines)
    values = {"people": (a_person("ann"), a_person("bo")), **changes}
    people = values.pop("people")
    return a_problem(
        [course, *others], people, extensions={"sst": dict(said.extension)}, relations=said.relations, **values
    )


def led(activity: str, index: int, start: str, *people: str, room: str | None = None) -> PlannedSession:
    """Return a planned session with these leads."""
    return PlannedSession(activity, index, at(start), room, {"lead": people})
