"""Problems at the edges of what the format allows: nobody plans like that, but nothing may crash or break a rule."""

import random
from dataclasses import replace
from typing import Any

from core.planning.moments import MINUTES_A_DAY, moment
from core.planning.problem import Activity, Group, Person, Pin, Problem, Relation, Role, Room, Travel
from tests.unit.planning.random_problems import CHANGES, KINDS, WEIGHTS, a_wild_pin, planned

FIRST = moment("2027-01-25T00:00")
YEARS = tuple(days * MINUTES_A_DAY for days in (0, 1, 2, 365, 9 * 365))
LONG = 3 * MINUTES_A_DAY
ALWAYS = ((moment("2001-01-01T00:00"), moment("2100-01-01T00:00")),)
TOUCHING = tuple((FIRST + hour * 60, FIRST + hour * 60 + 60) for hour in range(24 * 6))


def a_wild_problem(rng: random.Random) -> Problem:
    """Return a problem in which numbers are as small or as large as they may be, with pins and a published plan."""
    names = [f"series-{number}" for number in range(rng.choice((0, 1, 1, 2, 5)))]
    rooms = tuple(_room(rng, number) for number in range(rng.choice((0, 1, 1, 2))))
    groups = tuple(Group(f"group-{number}", compact=True) for number in range(rng.choice((0, 1, 2))))
    people = tuple(_person(rng, number, names) for number in range(rng.choice((0, 3, 8, 8))))
    found = Problem(
        "wild",
        travel=Travel(rng.choice((0, 0, 0, 30, 1_000_000))),
        compact_gap=rng.choice((0, 1_000_000)),
        rooms=rooms,
        people=people,
        groups=groups,
        activities=tuple(_activity(rng, name, rooms, groups) for name in names),
        weights=_weights(rng),
    )
    return _decided(rng, replace(found, relations=_relations(rng, found))) if names else found


def _decided(rng: random.Random, problem: Problem) -> Problem:
    plan = planned(problem, 300)
    if rng.random() < 0.5:
        line = rng.choice((None, FIRST + 600, ALWAYS[0][1]))
        weights = {**problem.weights, **{name: rng.choice((0, price, 10**9)) for name, price in CHANGES.items()}}
        problem = replace(problem, incumbent=plan, frozen_before=line, weights=weights)
    pins = [Pin(row.activity, row.index, row.start, row.room, row.staff) for row in plan.sessions if rng.random() < 0.2]
    if problem.people and all(activity.sessions for activity in problem.activities) and rng.random() < 0.3:
        pins += [a_wild_pin(rng, problem)] * 2
    return replace(problem, pins=tuple(pins))


def _weights(rng: random.Random) -> dict[str, int]:
    scale = rng.choice((1, 1, 1, 0, 10**5))
    chosen = {
        name: rng.choice((price * scale, price * scale, 0, 10**9))
        for name, price in WEIGHTS.items()
        if rng.random() < 0.8
    }
    return {**chosen, "overflow": rng.choice((0, 10**9))} if rng.random() < 0.5 else chosen


def _room(rng: random.Random, number: int) -> Room:
    hours = rng.choice((ALWAYS, TOUCHING, ()))
    return Room(
        f"room-{number}", "centre", rng.choice((0, 1, 10**9)), open=hours, turnover=rng.choice((0, 0, 1_000_000))
    )


def _person(rng: random.Random, number: int, names: list[str]) -> Person:
    return Person(
        f"person-{number}",
        adult=rng.random() < 0.8,
        household=rng.choice((None, "home")),
        available=rng.choice((ALWAYS, ALWAYS, TOUCHING, ())),
        max_sessions=rng.choice((0, 1, 50, 10**9)),
        max_per_day=rng.choice((0, 1, 50, 10**9)),
        likes={name: rng.choice((-10_000, 0, 10_000)) for name in names},
    )


def _activity(rng: random.Random, name: str, rooms: tuple[Room, ...], groups: tuple[Group, ...]) -> Activity:
    clocks = rng.choice(((0,), (0, 1, 2, 3), (540, 600, 660), tuple(range(0, 1440, 5)), (1439,)))
    starts = tuple(FIRST + year + clock for year in YEARS[: rng.randint(1, 5)] for clock in clocks)
    roles: dict[str, Any] = {"skill": None, "continuity": rng.random() < 0.5}
    return Activity(
        name,
        "sst",
        sessions=rng.choice((0, 1, 2, 2, 5, 5, 40)),
        duration=rng.choice((1, 1, 60, 1440, LONG)),
        starts=starts if rng.random() < 0.9 else (),
        size=rng.choice((0, 1, 10_000)),
        groups=tuple(group.id for group in groups if rng.random() < 0.3),
        zones=rng.choice(((), (), ("activity",))),
        rooms=rng.choice((None, None, None, (), tuple(room.id for room in rooms))),
        min_adults=rng.choice((0, 0, 0, 1, 2, 10**9) if rng.random() < 0.7 else (0,)),
        roles=tuple(
            Role(f"role-{at}", required=few, wanted=few + rng.choice((0, 1, 12)), max_people=most, **roles)
            for at in range(rng.choice((0, 1, 2, 6)))
            for few, most in [(rng.choice((0, 0, 1, 3)), rng.choice((None, None, 0, 1, 10**9)))]
        ),
        ordered=rng.random() < 0.3,
        max_per_day=rng.choice((0, 1, 1, 50, 50, 10**9)),
        min_days=rng.choice((0, 2, 10**9)),
        priority=rng.choice((1, 10_000)),
    )


def _relations(rng: random.Random, problem: Problem) -> tuple[Relation, ...]:
    keys = [(activity.id, index) for activity in problem.activities for index in range(activity.sessions)]
    count = rng.choice((0, 0, 0, 2, len(keys))) if keys else 0
    return tuple(
        Relation(rng.choice(KINDS), rng.choice(keys), rng.choice(keys), rng.choice((0, 1_000_000)))
        for _ in range(count)
    )
