"""What the program's rules and preferences are told of a term."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.plugin_api import ActivityOutline, Contribution, Relation
from plugins.sst import activities as asked
from plugins.sst.activities import COMFORT_CIRCLE, FAMILIAR_FACE, GROUP_COURSE, MAKE_UP, PROGRAM
from plugins.sst.curriculum import Curriculum, MakeUp, course_of, curricula, make_ups
from plugins.sst.rules.courses import COURSES, IN_SIGHT, QUIET
from plugins.sst.rules.familiar_face import CIRCLES


def contribution(activities: Sequence[ActivityOutline]) -> Contribution:
    """Return the extension that lists circles and courses; modules come in order, make-ups after what they repeat."""
    courses = curricula(activities)
    tied = [(course, one) for one in make_ups(activities) if (course := course_of(one, courses)) is not None]
    circles = [
        activity.id
        for activity in activities
        if activity.type_key == COMFORT_CIRCLE.key and activity.settings.get(FAMILIAR_FACE.key, FAMILIAR_FACE.default)
    ]
    quiet = [activity.id for activity in activities if activity.type_key in {GROUP_COURSE.key, MAKE_UP.key}]
    seen = [one.id for one in activities if one.id in quiet and one.settings.get(asked.IN_SIGHT.key)]
    listed = {one.activity.id: _listed(one, [make_up for course, make_up in tied if course is one]) for one in courses}
    said: Mapping[str, Any] = {CIRCLES: circles, COURSES: listed, QUIET: quiet, IN_SIGHT: seen}
    return Contribution(
        PROGRAM.key,
        relations=(
            *(relation for course in courses for relation in _in_order(course)),
            *(relation for course, make_up in tied for relation in _after(course, make_up)),
        ),
        extension={key: value for key, value in said.items() if value},
    )


def _listed(course: Curriculum, repeated: Sequence[MakeUp]) -> Mapping[str, Any]:
    return {
        "lead": course.lead,
        "substitute": course.substitute,
        "days_between": course.days_between,
        "make_ups": [[make_up.activity.id, make_up.index] for make_up in repeated],
    }


def _in_order(course: Curriculum) -> Sequence[Relation]:
    activity, sessions = course.activity.id, course.activity.sessions
    return [Relation("before", (activity, k), (activity, k + 1)) for k in range(sessions - 1)]


def _after(course: Curriculum, make_up: MakeUp) -> Sequence[Relation]:
    taught = course.activity.id, make_up.index
    # What isn't taught can't be made up; and so the planner chooses the lead of both at once.
    return [
        relation
        for k in range(make_up.activity.sessions)
        for relation in (
            Relation("before", taught, (make_up.activity.id, k)),
            Relation("needs", (make_up.activity.id, k), taught),
        )
    ]
