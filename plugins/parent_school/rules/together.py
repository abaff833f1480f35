"""What the exchange format can say: talks with the care beside them, and the parts of a course in their order."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from core.plugin_api import ActivityOutline, Relation
from plugins.parent_school.activities import ALONGSIDE, CARE, CARE_REQUIRED, COURSE, DAYS_BETWEEN, FOR_PARENTS

_MINUTES_A_DAY: Final = 24 * 60


def companion(talk: ActivityOutline, activities: Sequence[ActivityOutline]) -> ActivityOutline | None:
    """Return the activity in which the children of a talk's parents are looked after; None where it names none."""
    if talk.type_key not in FOR_PARENTS:
        return None
    title = str(talk.settings.get(ALONGSIDE.key, "")).strip()
    named = (activity for activity in activities if title and activity.title.strip() == title)
    return next((activity for activity in named if activity.id != talk.id), None)


def needs_care(talk: ActivityOutline) -> bool:
    """Say whether a talk's organizer would rather not hold it than leave the children alone."""
    return bool(talk.settings.get(CARE_REQUIRED.key, CARE_REQUIRED.default))


def cared_for(activities: Sequence[ActivityOutline]) -> dict[str, int]:
    """Return how many sessions have their care beside them, for each talk that needs care and has too little of it."""
    found = {}
    for talk in activities:
        if talk.type_key in FOR_PARENTS and needs_care(talk):
            care = companion(talk, activities)
            found[talk.id] = care.sessions if care else 0
    return {talk.id: found[talk.id] for talk in activities if found.get(talk.id, talk.sessions) < talk.sessions}


def relations(activities: Sequence[ActivityOutline]) -> tuple[Relation, ...]:
    """Return what the planner keeps between single sessions of a term's activities."""
    talks = [activity for activity in activities if activity.type_key in FOR_PARENTS]
    cares = {talk.id: care for talk in talks if (care := companion(talk, activities)) is not None}
    named = Counter(care.id for care in cares.values())
    beside = (
        relation
        for talk in talks
        if (care := cares.get(talk.id)) is not None
        for relation in _care_beside(talk, care, alone=named[care.id] == 1)
    )
    courses = (talk for talk in talks if talk.type_key == COURSE.key)
    return (*beside, *(relation for course in courses for relation in _in_order(course)))


def _care_beside(talk: ActivityOutline, care: ActivityOutline, *, alone: bool) -> Iterator[Relation]:
    """Yield that each talk begins with the care session of its number, in one venue, for as long as both have one.

    Child care that is there for one series of talks alone is not held without them.
    """
    for index in range(min(talk.sessions, care.sessions)):
        here, there = (talk.id, index), (care.id, index)
        yield Relation("together", here, there)
        yield Relation("same_venue", here, there)
        if needs_care(talk):
            yield Relation("needs", here, there)
        if alone and care.type_key == CARE.key:
            yield Relation("needs", there, here)


def _in_order(course: ActivityOutline) -> Iterator[Relation]:
    """Yield that each part begins some days after the one before it."""
    days = course.settings.get(DAYS_BETWEEN.key, DAYS_BETWEEN.default)
    gap = max(0, int(days or 0) * _MINUTES_A_DAY - course.duration)
    for index in range(1, course.sessions):
        yield Relation("before", (course.id, index - 1), (course.id, index), gap)
