"""A volunteer as the planner sees one: when they may serve at all, and what they can do then."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from uuid import UUID

from core.db.models import Availability, Volunteer
from core.domain.availability import NEVER
from core.domain.calendar.day import Day
from core.domain.replies import ServingRules
from core.domain.serving import is_adult
from core.planning.moments import Window, to_datetime
from core.planning.problem import Person
from core.services.assignable import may_be_assigned, why_not_then
from core.services.availability import company_of
from core.services.planning.windows import moments, with_past, without


def person(
    volunteer: Volunteer,
    days: Sequence[Day],
    *,
    today: date,
    taken: Iterable[Window],
    served: Collection[Window],
    home: str | None,
    activities: Mapping[UUID, str],
    rules: ServingRules,
    agreed: Collection[Window] = (),
) -> Person:
    """Return the volunteer with the windows in which they may serve on `days`.

    Days on which they may not be assigned, as it is known today, are cut out, and so are those after a skill runs out,
    since the exchange format knows no dates of skills; a skill that has run out before the first day is left away
    instead. `served` is when they served already, which stays possible whatever became of them since, and `agreed` when
    they have agreed to serve, as long as they may. On days on which they are under age, the `rules` bound the hours.
    `home` stands for the household, and `activities` says to which program each belongs.
    """
    first = days[0].date if days else date.max
    skills = [skill for skill in volunteer.skills if skill.valid_until is None or skill.valid_until >= first]
    last = min((skill.valid_until for skill in skills if skill.valid_until is not None), default=date.max)
    windows = [
        moments(day.date, *hours)
        for day in days
        if day.date <= last and may_serve(volunteer, day.date, today=today)
        for free in volunteer.availabilities
        if _covers(free, day.date) and (hours := _hours(volunteer, free, day.date, rules)) is not None
    ]
    return replace(
        as_said(volunteer),
        # Whoever comes of age within the term is counted from the next one on.
        adult=bool(days) and is_adult(volunteer.birth_date, first),
        household=home,
        skills=tuple(sorted(skill.skill for skill in skills)),
        available=with_past(without(windows, taken), (*served, *_still(volunteer, agreed, rules, today))),
        likes=_likes(volunteer, activities),
    )


def as_said(volunteer: Volunteer) -> Person:
    """Return the volunteer with what they said beside their times: how often, where, in which programs, with whom."""
    said, company = volunteer.answer, company_of(volunteer)
    return Person(
        id=str(volunteer.id),
        max_sessions=volunteer.max_sessions,
        max_per_day=volunteer.max_per_day,
        max_per_week=said.max_per_week if said else None,
        venues=tuple(said.venues) if said and said.venues else None,
        declines=tuple(program for program, liking in said.programs.items() if liking == NEVER) if said else (),
        only_with=tuple(sorted(map(str, company.only_with))),
        never_with=tuple(sorted(map(str, company.never_with))),
    )


def _likes(volunteer: Volunteer, activities: Mapping[UUID, str]) -> dict[str, int]:
    """Return how much they like each activity: what was said of it, else of its program."""
    liked = volunteer.answer.programs if volunteer.answer else {}
    said = {like.activity_id: like.liking for like in volunteer.likes}
    found = {key: said.get(key, max(liked.get(program, 0), -2)) for key, program in activities.items()}
    return {str(key): liking for key, liking in {**said, **found}.items() if liking}


def may_serve(volunteer: Volunteer, day: date, *, today: date) -> bool:
    """Tell whether the volunteer may be assigned on that day and isn't away."""
    away = any(away.first <= day <= away.last for away in volunteer.blackouts)
    return not away and may_be_assigned(volunteer, day, today=today)


def _still(volunteer: Volunteer, agreed: Collection[Window], rules: ServingRules, today: date) -> Iterable[Window]:
    for one in agreed:
        starts_at, ends_at = map(to_datetime, one)
        if why_not_then(volunteer, starts_at, ends_at, rules, today=today) is None:
            yield one


def _hours(volunteer: Volunteer, free: Availability, day: date, rules: ServingRules) -> tuple[time, time] | None:
    hours = free.from_time, free.to_time
    return hours if is_adult(volunteer.birth_date, day) else rules.hours_of_minors(*hours)


def _covers(free: Availability, day: date) -> bool:
    if free.weekday is not None and free.weekday != day.weekday():
        return False
    return (free.first is None or free.first <= day) and (free.last is None or day <= free.last)
