"""A volunteer as the planner sees one: when they may serve at all, and what they can do then."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from core.db.models import Availability, Volunteer
from core.domain.calendar.day import Day
from core.domain.serving import is_adult
from core.planning.moments import Window, to_datetime
from core.planning.problem import Person
from core.services.assignable import may_be_assigned
from core.services.planning.windows import moments, with_past, without


def person(
    volunteer: Volunteer,
    days: Sequence[Day],
    *,
    today: date,
    taken: Iterable[Window],
    served: Collection[Window],
    home: str | None,
    agreed: Collection[Window] = (),
) -> Person:
    """Return the volunteer with the windows in which they may serve on `days`.

    Days on which they may not be assigned, as it is known today, are cut out, and so are those after a skill runs out,
    since the exchange format knows no dates of skills; a skill that has run out before the first day is left away
    instead. `served` is when they served already, which stays possible whatever became of them since, and `agreed` when
    they have agreed to serve, as long as they may. `home` stands for the household.
    """
    first = days[0].date if days else date.max
    skills = [skill for skill in volunteer.skills if skill.valid_until is None or skill.valid_until >= first]
    last = min((skill.valid_until for skill in skills if skill.valid_until is not None), default=date.max)
    windows = [
        moments(day.date, free.from_time, free.to_time)
        for day in days
        if day.date <= last and may_serve(volunteer, day.date, today=today)
        for free in volunteer.availabilities
        if _covers(free, day.date)
    ]
    return Person(
        id=str(volunteer.id),
        # Whoever comes of age within the term is counted from the next one on.
        adult=bool(days) and is_adult(volunteer.birth_date, first),
        household=home,
        skills=tuple(sorted(skill.skill for skill in skills)),
        available=with_past(without(windows, taken), (*served, *_still(volunteer, agreed, today))),
        max_sessions=volunteer.max_sessions,
        max_per_day=volunteer.max_per_day,
        likes={str(like.activity_id): like.liking for like in volunteer.likes if like.liking},
    )


def may_serve(volunteer: Volunteer, day: date, *, today: date) -> bool:
    """Tell whether the volunteer may be assigned on that day and isn't away."""
    away = any(away.first <= day <= away.last for away in volunteer.blackouts)
    return not away and may_be_assigned(volunteer, day, today=today)


def _still(volunteer: Volunteer, agreed: Collection[Window], today: date) -> Iterable[Window]:
    return (one for one in agreed if may_be_assigned(volunteer, to_datetime(one[0]).date(), today=today))


def _covers(free: Availability, day: date) -> bool:
    if free.weekday is not None and free.weekday != day.weekday():
        return False
    return (free.first is None or free.first <= day) and (free.last is None or day <= free.last)
