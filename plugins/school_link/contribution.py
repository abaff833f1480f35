"""What the planner is told of a term: each school's days, hours and teachers, and that open days come first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import ActivityOutline, Contribution, Relation, TermOutline, lesson_days
from plugins.school_link import queries
from plugins.school_link.activities import (
    HOMEWORK_ROOM,
    OPEN_CAMPUS,
    OUTING,
    PROGRAM,
    SCHOOL_CLASS,
    WELCOME_FIRST,
)
from plugins.school_link.models import DayKind, School, SchoolDay
from plugins.school_link.naming import Names, school_of, venue_names

#: Where sessions of these kinds are held: at the school, or away from it; others anywhere.
_WHERE: Final = {SCHOOL_CLASS.key: "school", OUTING.key: "away"}


def contribution(activities: Sequence[ActivityOutline], term: TermOutline, session: Session) -> Contribution | None:
    """Return relations that put open days first, and what the rules read of schools and their activities."""
    own = [activity for activity in activities if activity.type_key.startswith(f"{PROGRAM.key}.")]
    if not own:
        return None
    names = venue_names(session)
    schools = {str(school.venue_id): school for school in session.scalars(queries.schools())}
    known = {activity.id: found for activity in own if (found := school_of(activity, names)) in schools}
    extension = {
        "schools": {venue: _school(session, schools[venue], term) for venue in sorted(set(known.values()))},
        "activities": {
            activity.id: {"school": known[activity.id], "where": _WHERE.get(activity.type_key, "anywhere")}
            for activity in own
            if activity.id in known
        },
    }
    relations = tuple(welcome_first(own, names))
    return Contribution(PROGRAM.key, relations, extension if known else {})


def welcome_first(activities: Iterable[ActivityOutline], names: Names) -> Iterator[Relation]:
    """Yield relations that put a school's first open day before every session of its homework rooms.

    Families get to know a school before their children do homework there. A coordinator can switch it off for an open
    day that belongs in the middle of a term.
    """
    of_kind = {
        kind: [one for one in activities if one.type_key == kind] for kind in (OPEN_CAMPUS.key, HOMEWORK_ROOM.key)
    }
    for welcome in of_kind[OPEN_CAMPUS.key]:
        if not welcome.settings.get(WELCOME_FIRST.key, WELCOME_FIRST.default):
            continue
        for homework in of_kind[HOMEWORK_ROOM.key]:
            if school_of(homework, names) == school_of(welcome, names):
                for index in range(homework.sessions):
                    yield Relation("before", (welcome.id, 0), (homework.id, index))


def _school(session: Session, school: School, term: TermOutline) -> Mapping[str, Any]:
    days = list(session.scalars(queries.days_of(school.id, term.first, term.last)))
    by_kind = {kind: set(_dates((row for row in days if row.kind is kind), term)) for kind in DayKind}
    lessons = {
        *lesson_days(session, term.station_id, school.venue_id, term.first, term.last),
        *by_kind[DayKind.LESSONS],
    }
    shut = by_kind[DayKind.CLOSED] - by_kind[DayKind.OPEN]
    return {
        "exams": _texts(by_kind[DayKind.EXAM]),
        "shut": _texts(shut),
        "lessons": _texts(lessons - shut),
        "opens": _minutes(school.opens),
        "closes": _minutes(school.closes),
        "lessons_end": _minutes(school.lessons_end),
        "way": school.way,
        "teachers": sorted(map(str, teachers(session, school.id))),
    }


def teachers(session: Session, school_id: UUID) -> list[UUID]:
    """Return the volunteers who are a school's teachers."""
    return [row.volunteer_id for row in session.scalars(queries.teachers_of(school_id))]


def _dates(rows: Iterable[SchoolDay], term: TermOutline) -> Iterator[date]:
    for row in rows:
        first, last = max(row.first, term.first), min(row.last, term.last)
        yield from (first + timedelta(days=step) for step in range((last - first).days + 1))


def _texts(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
