"""Generated holiday terms: children with wishes that run after the popular, siblings, friends, clashes, short staff.

A term is six weeks; an activity meets once a week, or every day of one week. Popularity falls with the rank like
1 / rank^0.8, as it does where people choose from a list; ids are drawn, so that they tell nothing.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count

from core.allocation.problem import Activity, Child, Interval, Problem, Settings, Shared, Together

#: Children and activities of the terms that are compared, and how many of each size there are.
SIZES = ((200, 60), (500, 120), (1000, 250))
SEEDS = (1, 2, 3)

_FIRST_DAY = datetime(2027, 7, 5)  # noqa: DTZ001 - local wall-clock time
_WEEKS = 6
_STARTS = ((9, 0), (10, 45), (14, 0), (15, 45))
_YOUNGEST, _OLDEST = 6, 14
_VENUES = 5


def a_term(children: int, activities: int, seed: int, *, settings: Settings | None = None) -> Problem:
    """Return a term of that size; the same numbers give the same term."""
    rng = random.Random(f"{children} {activities} {seed}")  # noqa: S311 - a made-up term
    offered = [_activity(rng, number) for number in range(activities)]
    wishing, groups = _children(rng, children, offered)
    return Problem(
        term=f"term-{children}-{seed}",
        seed=f"{rng.getrandbits(64):016x}",
        settings=settings or Settings(held_back_percent=5, minutes_between=20),
        children=tuple(wishing),
        activities=tuple(offered),
        together=tuple(groups),
        shared=tuple(_shared(offered)),
    )


def _activity(rng: random.Random, number: int) -> Activity:
    capacity = rng.randint(8, 18)
    youngest = rng.randint(_YOUNGEST, _OLDEST - 3)
    return Activity(
        id=f"a-{number:03}-{rng.getrandbits(32):08x}",
        capacity=capacity,
        minimum=rng.randint(4, 8),
        times=_times(rng),
        ages=(youngest, youngest + rng.randint(2, 5)),
        place=f"venue-{rng.randrange(_VENUES)}",
        series=f"series-{number // 3}" if rng.random() < 0.2 else None,
        room_ready=rng.random() >= 0.02,
        staffed=rng.choice((0, 6, 8, 10)) if rng.random() < 0.1 else None,
    )


def _times(rng: random.Random) -> tuple[Interval, ...]:
    """Return one meeting a week over some weeks, or one every day of a week."""
    hour, minute = rng.choice(_STARTS)
    start = _FIRST_DAY + timedelta(hours=hour, minutes=minute, weeks=rng.randrange(_WEEKS - 2))
    if rng.random() < 0.4:
        starts = [start + timedelta(days=day) for day in range(5)]
    else:
        weekday = timedelta(days=rng.randrange(5))
        starts = [start + weekday + timedelta(weeks=week) for week in range(rng.randint(1, 3))]
    return tuple((each, each + timedelta(minutes=90)) for each in starts)


def _children(rng: random.Random, number: int, activities: Sequence[Activity]) -> tuple[list[Child], list[Together]]:
    """Return the children, every seventh or so with a sibling or friend who wishes for some of the same."""
    popularity = {each.id: 1 / rank**0.8 for rank, each in enumerate(rng.sample(activities, len(activities)), 1)}
    children: list[Child] = []
    groups: list[Together] = []
    names = count()
    while len(children) < number:
        child = _child(rng, activities, popularity)
        children.append(child)
        if rng.random() < 0.15 and len(children) < number:
            other = _like(rng, child, _child(rng, activities, popularity), activities)
            children.append(other)
            groups.append(Together(f"t-{next(names):03}", (child.id, other.id)))
    return children, groups


def _child(rng: random.Random, activities: Sequence[Activity], popularity: dict[str, float]) -> Child:
    age = rng.randint(_YOUNGEST, _OLDEST)
    child = Child(
        id=f"c-{rng.getrandbits(48):012x}",
        age=age,
        older_from=date(2027, 7, 5) + timedelta(days=rng.randrange(42)) if rng.random() < 0.12 else None,
        most=rng.choices((1, 2, 3, 4), (2, 3, 3, 2))[0],
        most_per_day=rng.choice((None, 1, 2)),
        held_back=rng.random() < 0.08,
        empty_terms=rng.choices((0, 1, 2), (88, 10, 2))[0],
    )
    open_to = [each for each in activities if _suits(child, each)]
    # The smallest keys of u^(1/weight) are a draw without replacement by weight (Efraimidis & Spirakis 2006).
    keys = {each.id: rng.random() ** (1 / popularity[each.id]) for each in open_to}
    wishes = sorted(keys, key=keys.__getitem__, reverse=True)[: rng.randint(1, 14)]
    return replace(child, wishes=tuple(wishes))


def _like(rng: random.Random, child: Child, other: Child, activities: Sequence[Activity]) -> Child:
    """Return the other child with some of the child's wishes, where its age allows them, before its own."""
    of = {each.id: each for each in activities}
    common = [wish for wish in child.wishes if _suits(other, of[wish]) and rng.random() < 0.5]
    return replace(other, wishes=tuple(dict.fromkeys((*common, *other.wishes))))


def _suits(child: Child, activity: Activity) -> bool:
    day = activity.first_day
    return day is None or activity.ages is None or activity.ages[0] <= child.age_on(day) <= activity.ages[1]


def _shared(activities: Sequence[Activity]) -> list[Shared]:
    """Return, for every day, staff that is one short for every five of the activities that begin on it."""
    found = []
    for day in sorted({each.times[0][0].date() for each in activities}):
        held = tuple(each.id for each in activities if each.times[0][0].date() == day)
        if short := len(held) // 5:
            found.append(Shared(f"staff-{day}", held, len(held) - short))
    return found
