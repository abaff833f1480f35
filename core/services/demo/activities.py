"""The demo's activities, as the programs bring them, in the rows of a workbook."""

import random
from collections.abc import Iterable

from core.domain.vocabulary import VolunteerKind
from core.hooks.calling import Hooks
from core.hooks.demo import DemoActivity
from core.hooks.types import ActivityType, RoleNeed
from core.services.demo.days import SEASON
from core.services.demo.town import TOWN
from core.services.workbook.content import ActivityRow, LikeRow, RoleRow, VolunteerRow

_ADULTS = 2


def brought(hooks: Hooks) -> tuple[DemoActivity, ...]:
    """Return what all programs bring, in the order of the plugins."""
    return tuple(activity for part in hooks.demo_parts(TOWN).values() for activity in part.activities)


def activities(hooks: Hooks) -> tuple[ActivityRow, ...]:
    """Return the activities of the season."""
    return tuple(_activity(series, hooks.activity_types[series.type_key]) for series in brought(hooks))


def roles(hooks: Hooks) -> tuple[RoleRow, ...]:
    """Return the roles of all activities."""
    return tuple(
        row for series in brought(hooks) for row in _roles(series, hooks.activity_types[series.type_key].roles)
    )


def likes(hooks: Hooks, rng: random.Random, people: tuple[VolunteerRow, ...]) -> tuple[LikeRow, ...]:
    """Return what a third of the volunteers, counsellors aside, like and would rather not do."""
    titles = [series.title for series in brought(hooks) if not _closed(series, hooks.activity_types[series.type_key])]
    willing = [person for person in people if person.kind is not VolunteerKind.PSYCHOLOGIST and rng.random() < 1 / 3]
    return tuple(
        LikeRow(volunteer=person.number, activity=rng.choice(titles), liking=rng.choice((-2, 1, 2, 3)))
        for person in (willing if titles else ())
    )


def _closed(series: DemoActivity, kind: ActivityType) -> bool:
    return kind.closed if series.closed is None else series.closed


def _roles(series: DemoActivity, usual: Iterable[RoleNeed]) -> Iterable[RoleRow]:
    numbers = {role.role: (role.required, role.wanted) for role in series.roles}
    for need in usual:
        required, wanted = numbers.get(need.role, (need.required, need.wanted))
        yield RoleRow(
            activity=series.title,
            role=need.role,
            skill=need.skill,
            required=required,
            wanted=wanted,
            continuity=need.continuity,
        )


def _activity(series: DemoActivity, kind: ActivityType) -> ActivityRow:
    first, last = series.dates
    least = _ADULTS if kind.safe_with_one is None else 1
    return ActivityRow(
        term=SEASON.name,
        title=series.title,
        type_key=series.type_key,
        activity_line=kind.line if series.line is None else series.line,
        session_count=series.sessions,
        duration=kind.duration,
        size=series.size,
        times=series.times,
        weekdays=series.weekdays,
        first=first,
        last=last,
        zones=kind.zones if series.zones is None else series.zones,
        features=series.features,
        rooms=series.rooms,
        groups=series.groups,
        min_adults=least if series.min_adults is None else series.min_adults,
        ordered=series.ordered,
        max_per_day=series.max_per_day,
        min_days=min(series.sessions, 4),
        priority=series.priority,
        closed=_closed(series, kind),
        settings=tuple(
            (key, list(value) if isinstance(value, tuple) else value) for key, value in series.settings.items()
        ),
    )
