"""Welcome first: families get to know a partner school before their children do homework there."""

from collections.abc import Sequence

from core.plugin_api import ActivityOutline, Contribution, Relation
from plugins.school_link.activities import HOMEWORK_ROOM, OPEN_CAMPUS, PROGRAM, SCHOOL, WELCOME_FIRST


def contribution(activities: Sequence[ActivityOutline]) -> Contribution:
    """Return relations that put a school's first open day before every session of its homework rooms.

    A coordinator can switch it off for an open day that belongs in the middle of a term.
    """
    relations = [
        Relation("before", (welcome.id, 0), (homework.id, index))
        for welcome in activities
        if welcome.type_key == OPEN_CAMPUS.key and welcome.settings.get(WELCOME_FIRST.key, WELCOME_FIRST.default)
        for homework in activities
        if homework.type_key == HOMEWORK_ROOM.key and _school(homework) == _school(welcome)
        for index in range(homework.sessions)
    ]
    return Contribution(PROGRAM.key, relations=tuple(relations))


def _school(activity: ActivityOutline) -> str:
    """Return the school's name, spaces and capitals aside; an activity without one is a school of its own."""
    return "".join(str(activity.settings.get(SCHOOL.key, activity.id)).split()).casefold()
