"""What a group course has been set up as, read from an activity's answers: its modules, its size, who leads it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.plugin_api import ActivityOutline
from plugins.sst.activities import (
    COURSE,
    DAYS_BETWEEN,
    FEWEST,
    FROM_AGE,
    GROUP_COURSE,
    JOIN_UNTIL,
    LEAD,
    MAKE_UP,
    MODULE,
    MODULES,
    MOST,
    QUESTIONNAIRE,
    SUBSTITUTE,
    TO_AGE,
)


@dataclass(frozen=True)
class Curriculum:
    """A group course as its coordinator has set it up; session i teaches `modules[i]`."""

    activity: ActivityOutline
    modules: tuple[str, ...]
    fewest: int
    most: int
    join_until: int
    from_age: int | None
    to_age: int | None
    lead: str | None
    substitute: str | None
    days_between: int
    questionnaire: bool


@dataclass(frozen=True)
class MakeUp:
    """A make-up activity: the title of its course, and which session's module it repeats, from 0."""

    activity: ActivityOutline
    course: str
    index: int


def curriculum(activity: ActivityOutline) -> Curriculum:
    """Return what a group course has been set up as; the form's defaults where nothing was answered."""
    asked = activity.settings
    return Curriculum(
        activity=activity,
        modules=tuple(asked.get(MODULES.key) or ()),
        fewest=asked.get(FEWEST.key, FEWEST.default),
        most=asked.get(MOST.key, MOST.default),
        join_until=asked.get(JOIN_UNTIL.key, JOIN_UNTIL.default),
        from_age=asked.get(FROM_AGE.key),
        to_age=asked.get(TO_AGE.key),
        lead=asked.get(LEAD.key),
        substitute=asked.get(SUBSTITUTE.key),
        days_between=asked.get(DAYS_BETWEEN.key, DAYS_BETWEEN.default),
        questionnaire=asked.get(QUESTIONNAIRE.key, QUESTIONNAIRE.default),
    )


def curricula(activities: Iterable[ActivityOutline]) -> tuple[Curriculum, ...]:
    """Return the group courses among the activities."""
    return tuple(curriculum(one) for one in activities if one.type_key == GROUP_COURSE.key)


def make_ups(activities: Iterable[ActivityOutline]) -> tuple[MakeUp, ...]:
    """Return the make-up activities that name a course and a module."""
    return tuple(
        MakeUp(one, one.settings[COURSE.key], one.settings[MODULE.key] - 1)
        for one in activities
        if one.type_key == MAKE_UP.key and {COURSE.key, MODULE.key} <= one.settings.keys()
    )


def course_of(make_up: MakeUp, courses: Sequence[Curriculum]) -> Curriculum | None:
    """Return the course that a make-up names, if it is there and has the module."""
    named = [one for one in courses if one.activity.title == make_up.course]
    return named[0] if named and make_up.index < named[0].activity.sessions else None
