"""Random small problems with everything that a problem can have, and plans of them to pin and to publish."""

import random
from dataclasses import replace
from typing import Any

from core.planning.anneal.crew import Crew
from core.planning.moments import MINUTES_A_DAY, moment
from core.planning.plan import Plan, PlannedSession
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Activity, Group, Person, Pin, Problem, Relation, Role, Room, Travel
from core.planning.rules import DEFAULT_RULES
from core.planning.search.modelling import Task

FIRST = moment("2027-01-25T00:00")
CLOCKS = (8 * 60, 9 * 60, 10 * 60, 10 * 60 + 30, 14 * 60, 19 * 60, 23 * 60)
VENUES = ("centre", "far", "farther")
SKILLS = (None, "art", "law")
KINDS = ("together", "same_venue", "before", "apart", "needs")
WEIGHTS = {
    "unscheduled": 10_000,
    "required": 1_000,
    "wanted": 60,
    "rooms": 20,
    "times": 10,
    "staff": 15,
    "days": 50,
    "isolated": 8,
    "trips": 4,
    "load": 1,
    "likes": 3,
}
CHANGES = {"moved": 400, "rehoused": 80, "restaffed": 120}


def a_random_problem(rng: random.Random, **fields: Any) -> Problem:
    """Return a problem of one to seven series in one to four days, without pins and without a published plan."""
    days = rng.randint(1, 4)
    rooms = tuple(_room(rng, number, days) for number in range(rng.randint(1, 4)))
    groups = tuple(Group(f"group-{number}", rng.random() < 0.6) for number in range(rng.randint(0, 3)))
    names = [f"series-{number}" for number in range(rng.randint(1, 7))]
    people = tuple(_person(rng, number, days, names) for number in range(rng.randint(3, 14)))
    activities = tuple(_activity(rng, name, days, rooms, groups) for name in names)
    weights = {**WEIGHTS, **({"overflow": 30} if rng.random() < 0.3 else {})}
    relations = tuple(_relation(rng, activities) for _ in range(rng.choice((0, 0, 1, 3, 6))))
    pairs = (("centre", "far", rng.choice((5, 45))), ("far", "farther", 700))[: rng.randint(0, 2)]
    travel = Travel(rng.choice((0, 20, 60)), pairs)
    found = Problem(
        "random",
        travel=travel,
        compact_gap=rng.choice((0, 30, 90)),
        rooms=rooms,
        people=people,
        groups=groups,
        activities=activities,
        relations=relations,
        weights=weights,
    )
    return replace(found, **fields)


def a_crew(problem: Problem, *, count: int = 1, seed: int = 1, fixed: Plan | None = None) -> Crew:
    """Return walkers that count the problem's own weights."""
    task = Task(problem, DEFAULT_RULES, DEFAULT_PREFERENCES, seed, 1)
    return Crew(problem, task.weights, (), count, seed=seed, fixed=fixed)


def planned(problem: Problem, moves: int = 2_000) -> Plan:
    """Return a plan of a problem that the walkers find in so many moves."""
    crew = a_crew(problem)
    crew.construct()
    crew.place(moves, 50.0)
    return crew.best.plan()


def with_decisions(rng: random.Random, problem: Problem) -> Problem:
    """Return the problem with pins, a published plan or a past, all of them as some plan has them, or nearly so."""
    plan = planned(problem)
    if rng.random() < 0.6:
        problem = _published(rng, problem, plan)
    if rng.random() < 0.6 and plan.sessions:
        rows = rng.sample(plan.sessions, min(len(plan.sessions), rng.randint(1, 4)))
        problem = replace(problem, pins=tuple(_pin(rng, row) for row in rows))
    return problem


def a_wild_pin(rng: random.Random, problem: Problem) -> Pin:
    """Return a pin of which nobody knows whether it can be kept."""
    activity = rng.choice(problem.activities)
    role = rng.choice(activity.roles) if activity.roles else None
    return Pin(
        activity.id,
        rng.randrange(activity.sessions),
        rng.choice((None, *activity.starts)),
        rng.choice((None, *problem.room_of)),
        {role.role: (rng.choice(problem.people).id,)} if role and rng.random() < 0.5 else {},
    )


def _published(rng: random.Random, problem: Problem, plan: Plan) -> Problem:
    starts = sorted({row.start for row in plan.sessions})
    line = rng.choice(starts[1:]) if len(starts) > 1 and rng.random() < 0.7 else None
    # What was published may not be held like that any more; what lies behind us was held as it was.
    rows = tuple(
        row if line is not None and row.start < line else _otherwise(rng, problem, row) for row in plan.sessions
    )
    weights = {**problem.weights, **(CHANGES if rng.random() < 0.8 else {})}
    return replace(problem, incumbent=Plan(plan.problem, rows), frozen_before=line, weights=weights)


def _otherwise(rng: random.Random, problem: Problem, row: PlannedSession) -> PlannedSession:
    change = rng.random()
    if change < 0.15 and row.room is not None:
        return replace(row, room=rng.choice(("torn down", *problem.room_of)))
    if change < 0.3:
        return replace(row, start=row.start + MINUTES_A_DAY)
    if change < 0.45:
        return replace(row, staff={role: (rng.choice(("gone", *problem.person_of)),) for role in row.staff})
    return row


def _pin(rng: random.Random, row: PlannedSession) -> Pin:
    start, room = (row.start if rng.random() < 0.6 else None), (row.room if rng.random() < 0.5 else None)
    staff = {role: ids[:1] for role, ids in row.staff.items() if ids and rng.random() < 0.5}
    return Pin(row.activity, row.index, start, room, staff)


def _hours(rng: random.Random, days: int) -> tuple[tuple[int, int], ...]:
    spans = ((0, 1440), (1440, 2880), (480, 720), (720, 840), (840, 1080), (1110, 1500))
    found = [(FIRST + day * 1440 + a, FIRST + day * 1440 + b) for day in range(days) for a, b in spans]
    return tuple(rng.sample(found, len(found) if rng.random() < 0.6 else rng.randint(1, len(found))))


def _room(rng: random.Random, number: int, days: int) -> Room:
    capacity, turnover = rng.choice((10, 25, 40)), rng.choice((0, 0, 0, 15, 15, 1_500))
    return Room(f"room-{number}", rng.choice(VENUES), capacity, open=_hours(rng, days), turnover=turnover)


def _person(rng: random.Random, number: int, days: int, names: list[str]) -> Person:
    return Person(
        f"person-{number}",
        adult=rng.random() < 0.85,
        household=rng.choice((None, None, None, "home-1", "home-2")),
        skills=rng.choice(((), ("art",), ("law",), ("art", "law"), ("art", "law"))),
        available=_hours(rng, days),
        max_sessions=rng.choice((0, 1, 3, 9, 9)),
        max_per_day=rng.choice((1, 2, 9)),
        likes={name: rng.randint(-3, 3) for name in names if rng.random() < 0.4},
    )


def _activity(rng: random.Random, name: str, days: int, rooms: tuple[Room, ...], groups: tuple[Group, ...]) -> Activity:
    clocks = rng.sample(CLOCKS, rng.randint(1, len(CLOCKS)))
    starts = [FIRST + day * MINUTES_A_DAY + clock for day in range(days) for clock in clocks]
    return Activity(
        name,
        "sst",
        sessions=rng.randint(1, 4),
        duration=rng.choice((30, 60, 60, 90, 120, 600)),
        starts=tuple(rng.sample(starts, rng.randint(1, len(starts)))),
        size=rng.choice((1, 10, 25)),
        groups=tuple(group.id for group in groups if rng.random() < 0.4),
        zones=("activity",) if rng.random() < 0.75 else (),
        rooms=tuple(room.id for room in rooms if rng.random() < 0.8) if rng.random() < 0.3 else None,
        place=rng.choice((None, *VENUES)),
        min_adults=rng.choice((0, 0, 1, 1, 2, 2, 3)),
        roles=tuple(_role(rng, number) for number in range(rng.choice((0, 1, 2, 2, 3)))),
        ordered=rng.random() < 0.35,
        max_per_day=rng.choice((0, 1, 1, 1, 2, 2, 9)),
        min_days=rng.choice((0, 1, 3)),
        priority=rng.choice((1, 1, 3)),
    )


def _role(rng: random.Random, number: int) -> Role:
    required = rng.choice((0, 1, 1, 2))
    return Role(
        f"role-{number}",
        rng.choice(SKILLS),
        required,
        required + rng.choice((0, 0, 1, 2)),
        continuity=rng.random() < 0.5,
        max_people=rng.choice((None, None, None, 0, 1, 2)),
    )


def _relation(rng: random.Random, activities: tuple[Activity, ...]) -> Relation:
    one, other = rng.choice(activities), rng.choice(activities)
    a, b = (one.id, rng.randrange(one.sessions)), (other.id, rng.randrange(other.sessions))
    return Relation(rng.choice(KINDS), a, b, rng.choice((0, 60, 1_440)))
