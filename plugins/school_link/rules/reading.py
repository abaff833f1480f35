"""What the program's rules read from a problem: schools, and the activities that belong to them."""

from dataclasses import dataclass
from functools import lru_cache

from core.plugin_api import Activity, Node, Problem
from plugins.school_link.activities import PROGRAM

_MINUTES = 24 * 60


@dataclass(frozen=True)
class School:
    """A school as a term sees it: days as ISO text, times as minutes after midnight, the way in minutes."""

    venue: str
    exams: frozenset[str]
    shut: frozenset[str]
    lessons: frozenset[str]
    opens: int
    closes: int
    lessons_end: int
    way: int
    teachers: frozenset[str]


@dataclass(frozen=True)
class Linked:
    """An activity of a school; `where` is school, away or anywhere."""

    activity: Activity
    school: School
    where: str


@lru_cache(maxsize=4)
def linked(problem: Problem) -> tuple[Linked, ...]:
    """Return the activities that belong to schools; of what isn't in the problem nothing is said.

    A search asks for them with every change that it tries.
    """
    extension = problem.extension(PROGRAM.key)
    schools = (
        {} if (found := extension.get("schools")) is None else {key: _school(key, one) for key, one in found.members()}
    )
    if (activities := extension.get("activities")) is None:
        return ()
    joined = list[Linked]()
    for key, one in activities.members():
        school = schools.get(one["school"].text())
        where = one["where"].one_of(("school", "away", "anywhere"))
        if key in problem.activity_of and school is not None:
            joined.append(Linked(problem.activity_of[key], school, where))
    return tuple(joined)


def is_behind(problem: Problem, start: int) -> bool:
    """Say whether a start lies before what may still be changed."""
    return problem.frozen_before is not None and start < problem.frozen_before


def _school(venue: str, node: Node) -> School:
    return School(
        venue,
        exams=frozenset(node.some("exams", Node.text)),
        shut=frozenset(node.some("shut", Node.text)),
        lessons=frozenset(node.some("lessons", Node.text)),
        opens=node["opens"].whole(0, _MINUTES),
        closes=node["closes"].whole(0, _MINUTES),
        lessons_end=node["lessons_end"].whole(0, _MINUTES),
        way=node["way"].whole(0, _MINUTES),
        teachers=frozenset(node.some("teachers", Node.text)),
    )
