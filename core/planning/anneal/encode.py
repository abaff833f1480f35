"""The problem as a memory for walks: every table of the layout, filled from the problem."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from core.planning.anneal import layout as at
from core.planning.anneal.compiling import Able, Memory
from core.planning.anneal.decisions import fill_decisions
from core.planning.anneal.filling import Filling
from core.planning.anneal.numbering import Numbering
from core.planning.anneal.wishes import fill_wishes
from core.planning.moments import MINUTES_A_DAY, Window, clock_of, day_of, merged
from core.planning.problem import MOST_SESSIONS, Activity, Problem

#: No sum of costs is allowed beyond this, four times of which would leave 64 bits.
_MOST_COST = 1 << 60

#: A move lifts no more sessions than these, unless that many belong together.
_MOST_LIFTED = 4096


def encode(numbering: Numbering) -> tuple[Memory, Able]:
    """Return the memory of a problem in which nothing is held yet, and who is able to serve when."""
    filling = Filling()
    _count(filling, numbering)
    _prices(filling, numbering)
    able = _slots(filling, numbering)
    _activities(filling, numbering)
    _people(filling, numbering)
    _rooms(filling, numbering)
    _seats(filling, numbering)
    fill_decisions(filling, numbering)
    _plan(filling, numbering)
    memory = filling.memory()
    problem = numbering.problem
    memory[at.COST] = memory[at.PRICE_UNSCHEDULED] * sum(a.priority * a.sessions for a in problem.activities)
    memory[at.BROKEN] = memory[at.BEST_BROKEN] = len({pin.key for pin in problem.pins})
    memory[at.COST] += memory[at.BROKEN_PRICE] * memory[at.BROKEN]
    memory[at.BEST_COST] = at.NO_PLAN
    return memory, able


def _count(filling: Filling, numbering: Numbering) -> None:
    problem, slots = numbering.problem, numbering.slots
    sessions = numbering.first[-1]
    farthest = max([problem.travel.farthest, *(room.turnover for room in problem.rooms)])
    latest = max((clock_of(s.start) + problem.activities[s.activity].duration + farthest for s in slots), default=0)
    offered = max((min(person.max_per_day, person.max_sessions) for person in problem.people), default=0)
    for name, value in (
        (at.ACTIVITIES, len(problem.activities)),
        (at.SESSIONS, sessions),
        (at.SLOTS, len(slots)),
        (at.ROLES, numbering.first_role[-1]),
        (at.PEOPLE, len(problem.people)),
        (at.ROOMS, len(problem.rooms)),
        (at.GROUPS, len(problem.groups)),
        (at.DAYS, max(1, len(numbering.day))),
        (at.CLOCKS, len({clock_of(slot.start) for slot in slots})),
        (at.STARTS, len({slot.start for slot in slots})),
        (at.VENUES, len(numbering.venue) + 1),
        (at.MOST_ROLES, max((len(activity.roles) for activity in problem.activities), default=0)),
        (at.MOST_SEATS, max((sum(r.wanted for r in activity.roles) for activity in problem.activities), default=0)),
        (at.DAYS_AROUND, max(0, latest - 1) // MINUTES_A_DAY),
        (at.COMPACT_GAP, problem.compact_gap),
        (at.RANDOM, 1),
    ):
        filling.number(name, value)
    _days(filling, numbering, offered)


def _days(filling: Filling, numbering: Numbering, offered: int) -> None:
    """Count how many sessions of a day anybody or anything may have: people at most as many as they offer.

    Nobody begins two at once, but for a past that breaks the rules.
    """
    problem = numbering.problem
    starts = Counter(day_of(start) for start in {slot.start for slot in numbering.slots})
    shortest = min((activity.duration for activity in problem.activities), default=1)
    most = min(numbering.first[-1], max(starts.values(), default=0), MINUTES_A_DAY // shortest + 1)
    rows = tuple(problem.frozen.values())
    served, crowd = _past_days((person, row.start) for row in rows for person in row.people())
    filling.number(at.PERSON_SPACE, max(1, min(max(offered, served), most)) + crowd)
    _, crowd = _past_days((row.room, row.start) for row in rows if row.room is not None)
    filling.number(at.ROOM_SPACE, most + crowd)
    _, crowd = _past_days((group, row.start) for row in rows for group in problem.activity_of[row.activity].groups)
    filling.number(at.GROUP_SPACE, most + crowd)


def _past_days(duties: Iterable[tuple[str, int]]) -> tuple[int, int]:
    """Return how often anybody begins something in a day at most, and how often more than at different times."""
    days = defaultdict[tuple[str, int], list[int]](list)
    for who, start in duties:
        days[who, day_of(start)].append(start)
    most = max((len(starts) for starts in days.values()), default=0)
    return most, max((len(starts) - len(set(starts)) for starts in days.values()), default=0)


def _prices(filling: Filling, numbering: Numbering) -> None:
    problem, weights = numbering.problem, numbering.weights
    for name, key in (
        (at.PRICE_UNSCHEDULED, "unscheduled"),
        (at.PRICE_REQUIRED, "required"),
        (at.PRICE_WANTED, "wanted"),
        (at.PRICE_ROOMS, "rooms"),
        (at.PRICE_TIMES, "times"),
        (at.PRICE_STAFF, "staff"),
        (at.PRICE_DAYS, "days"),
        (at.PRICE_ISOLATED, "isolated"),
        (at.PRICE_TRIPS, "trips"),
        (at.PRICE_LOAD, "load"),
        (at.PRICE_OVERFLOW, "overflow"),
        (at.PRICE_MOVED, "moved"),
        (at.PRICE_REHOUSED, "rehoused"),
        (at.PRICE_RESTAFFED, "restaffed"),
    ):
        filling.number(name, weights.get(key, 0))
    most = _MOST_COST // (1 + len(problem.pins) + len(problem.relations))
    filling.number(at.BROKEN_PRICE, min(most, 2 * _stake(problem, weights) + 1000))


def _stake(problem: Problem, weights: Mapping[str, int]) -> int:
    """Return about how far the costs of two plans can lie apart, pins and relations aside."""
    load = max((min(person.max_sessions, MOST_SESSIONS) for person in problem.people), default=0)
    like = max((abs(like) for person in problem.people for like in person.likes.values()), default=0)
    price = Counter(weights)
    duty = sum(price[name] for name in ("required", "wanted", "staff", "trips", "restaffed"))
    duty += 2 * price["load"] * (load + 1) + 2 * price["likes"] * like
    session = sum(price[name] for name in ("rooms", "times", "moved", "rehoused"))
    return sum(
        activity.sessions
        * (
            activity.priority * price["unscheduled"]
            + session
            + price["overflow"] * activity.size
            + price["isolated"] * len(activity.groups)
            + duty * sum(role.wanted for role in activity.roles)
        )
        + price["days"] * min(activity.min_days, activity.sessions)
        for activity in problem.activities
    )


def _slots(filling: Filling, numbering: Numbering) -> Able:
    """Add the slots; return the rows of people who are able, each distinct one once."""
    problem, slots = numbering.problem, numbering.slots
    clocks = {clock: n for n, clock in enumerate(sorted({clock_of(slot.start) for slot in slots}))}
    starts = {start: n for n, start in enumerate(sorted({slot.start for slot in slots}))}
    filling.table(at.SLOT_START, [slot.start for slot in slots])
    filling.table(at.SLOT_END, [slot.start + problem.activities[slot.activity].duration for slot in slots])
    filling.table(at.SLOT_DAY, [numbering.day[day_of(slot.start)] for slot in slots])
    filling.table(at.SLOT_CLOCK, [clocks[clock_of(slot.start)] for slot in slots])
    filling.table(at.SLOT_START_NUMBER, [starts[slot.start] for slot in slots])
    filling.lists(at.SLOT_ROOMS_AT, at.SLOT_ROOMS, [slot.rooms for slot in slots])
    where = np.full((len(problem.activities), len(starts)), -1, np.int64)
    for number, slot in enumerate(slots):
        if not slot.past:
            where[slot.activity, starts[slot.start]] = number
    filling.table(at.SLOT_OF, where)
    rows, able = _able(numbering)
    filling.table(at.SLOT_ABLE, rows)
    return able


def _able(numbering: Numbering) -> tuple[Memory, Able]:
    """Return for each slot and role the row of people who are able to serve, and the rows, each distinct one once."""
    problem = numbering.problem
    most_roles = max((len(activity.roles) for activity in problem.activities), default=0)
    free = _availability(
        problem, {(s.start, s.start + problem.activities[s.activity].duration) for s in numbering.slots}
    )
    skills = {role.skill for activity in problem.activities for role in activity.roles}
    skilled = {
        skill: np.array([skill is None or skill in person.skills for person in problem.people], np.uint8)
        for skill in skills
    }
    willing = {
        program: np.array([program not in person.declines for person in problem.people], np.uint8)
        for program in {activity.program for activity in problem.activities}
    }
    known: dict[object, int] = {}
    found: list[Able] = []
    rows = np.zeros((len(numbering.slots), most_roles), np.int64)
    for number, slot in enumerate(numbering.slots):
        activity = problem.activities[slot.activity]
        for column, role in enumerate(activity.roles):
            left = None
            if numbering.choices is not None and not slot.past:
                left = numbering.choices.people(activity.id, slot.start, role.role)
                left = None if len(left) == len(problem.people) else left
            key = (slot.start, slot.start + activity.duration, role.skill, left, activity.program)
            if key not in known:
                row = free[key[0], key[1]] & skilled[role.skill] & willing[activity.program]
                if left is not None:
                    row = row & np.array([person.id in left for person in problem.people], np.uint8)
                known[key] = len(found)
                found.append(row)
            rows[number, column] = known[key]
    empty = np.zeros(0, np.uint8)
    return rows, np.concatenate([empty, *found])


def _availability(problem: Problem, spans: set[Window]) -> dict[Window, Able]:
    """Return for each span of time who is available for all of it: 0 or 1 for each person."""
    ordered = sorted(spans)
    begins = np.array([span[0] for span in ordered], np.int64)
    ends = np.array([span[1] for span in ordered], np.int64)
    table = np.zeros((len(ordered), len(problem.people)), np.uint8)
    for number, person in enumerate(problem.people):
        hours = merged(person.available)
        if hours:
            opens = np.array([window[0] for window in hours], np.int64)
            closes = np.array([window[1] for window in hours], np.int64)
            last = np.searchsorted(opens, begins, side="right") - 1
            table[:, number] = (last >= 0) & (closes[np.maximum(last, 0)] >= ends)
    return {span: table[number] for number, span in enumerate(ordered)}


def _activities(filling: Filling, numbering: Numbering) -> None:
    problem, weights = numbering.problem, numbering.weights
    activities = problem.activities
    mine: list[list[int]] = [[] for _ in activities]
    for number, slot in enumerate(numbering.slots):
        mine[slot.activity].append(number)
    ahead = [[number for number in numbers if not numbering.slots[number].past] for numbers in mine]
    price = {False: 0, True: weights.get("staff", 0)}
    columns: tuple[tuple[int, Callable[[Activity], int]], ...] = (
        (at.ACTIVITY_COUNT, lambda a: a.sessions),
        (at.ACTIVITY_SIZE, lambda a: a.size),
        (at.ACTIVITY_ADULTS, lambda a: a.min_adults),
        (at.ACTIVITY_DAY_LIMIT, lambda a: min(1, a.max_per_day) if a.ordered else a.max_per_day),
        (at.ACTIVITY_MIN_DAYS, lambda a: a.min_days),
        (at.ACTIVITY_PRIORITY, lambda a: a.priority),
        (at.ACTIVITY_ORDERED, lambda a: int(a.ordered)),
        (at.ACTIVITY_ROLES, lambda a: len(a.roles)),
        (at.ACTIVITY_VENUE, lambda a: numbering.venue_number(a.place)),
        (
            at.ACTIVITY_EMPTY,
            lambda a: sum(
                weights.get("required", 0) * r.required + weights.get("wanted", 0) * (r.wanted - r.required)
                for r in a.roles
            ),
        ),
    )
    for name, column in columns:
        filling.table(name, [column(activity) for activity in activities])
    filling.table(at.ACTIVITY_FIRST, numbering.first)
    filling.table(at.ACTIVITY_ROLE, numbering.first_role)
    filling.table(at.ACTIVITY_SLOT, [numbers[0] if numbers else 0 for numbers in mine])
    filling.table(at.ACTIVITY_SLOTS, [len(numbers) for numbers in ahead])
    groups = [[numbering.group[g] for g in dict.fromkeys(activity.groups)] for activity in activities]
    filling.lists(at.ACTIVITY_GROUPS_AT, at.ACTIVITY_GROUPS, groups)
    roles = [role for activity in activities for role in activity.roles]
    filling.table(at.ROLE_REQUIRED, [role.required for role in roles])
    filling.table(at.ROLE_WANTED, [role.wanted for role in roles])
    filling.table(at.ROLE_FACES_PRICE, [price[role.continuity] for role in roles])
    filling.table(at.ROLE_MOST_FACES, [-1 if role.max_people is None else role.max_people for role in roles])
    offsets = [sum(r.wanted for r in a.roles[:n]) for a in activities for n in range(len(a.roles))]
    filling.table(at.ROLE_SEAT, offsets)


def _people(filling: Filling, numbering: Numbering) -> None:
    problem = numbering.problem
    weight = numbering.weights.get("likes", 0)
    homes = {home: n for n, home in enumerate(dict.fromkeys(person.home for person in problem.people))}
    filling.table(at.PERSON_MOST, [person.max_sessions for person in problem.people])
    filling.table(at.PERSON_DAY_MOST, [person.max_per_day for person in problem.people])
    fill_wishes(filling, numbering)
    filling.table(at.PERSON_HOME, [homes[person.home] for person in problem.people])
    filling.table(at.PERSON_ADULT, [int(person.adult) for person in problem.people])
    likes = np.zeros((len(problem.activities), len(problem.people)), np.int64)
    for number, person in enumerate(problem.people):
        for activity, like in person.likes.items():
            if activity in numbering.activity:
                likes[numbering.activity[activity], number] = weight * like
    filling.table(at.LIKE, likes)
    shuffled = np.random.default_rng(0).permutation(len(problem.people)).tolist()
    pools: dict[str | None, list[int]] = {}
    for role in (role for activity in problem.activities for role in activity.roles):
        if role.skill not in pools:
            fitting = [n for n in shuffled if role.skill is None or role.skill in problem.people[n].skills]
            pools[role.skill] = fitting
    roles = [role for activity in problem.activities for role in activity.roles]
    filling.lists(at.ROLE_POOL_AT, at.ROLE_POOL, [pools[role.skill] for role in roles])


def _rooms(filling: Filling, numbering: Numbering) -> None:
    problem = numbering.problem
    filling.table(at.ROOM_VENUE, [numbering.venue[room.venue] for room in problem.rooms])
    filling.table(at.ROOM_CAPACITY, [room.capacity for room in problem.rooms])
    filling.table(at.ROOM_TURNOVER, [room.turnover for room in problem.rooms])
    filling.table(
        at.GROUP_COMPACT, [int(group.compact and numbering.weights.get("isolated", 0) > 0) for group in problem.groups]
    )
    venues = [*numbering.venue, None]
    filling.table(at.TRAVEL, [problem.travel.between(one, other) for one in venues for other in venues])


def _seats(filling: Filling, numbering: Numbering) -> None:
    """Add sessions and their seats."""
    problem = numbering.problem
    sessions = [
        (number, activity) for number, activity in enumerate(problem.activities) for _ in range(activity.sessions)
    ]
    filling.table(at.ACTIVITY_OF, [number for number, _ in sessions])
    seats = [
        (session, numbering.first_role[number] + column)
        for session, (number, activity) in enumerate(sessions)
        for column, role in enumerate(activity.roles)
        for _ in range(role.wanted)
    ]
    counts = [sum(role.wanted for role in activity.roles) for _, activity in sessions]
    filling.table(at.SEAT_FIRST, [0, *np.cumsum(counts, dtype=int).tolist()])
    filling.number(at.SEATS, len(seats))
    filling.table(at.SEAT_SESSION, [session for session, _ in seats])
    filling.table(at.SEAT_ROLE, [role for _, role in seats])
    past = np.zeros(len(sessions), np.int64)
    past[[numbering.label(key) for key in problem.frozen]] = 1
    filling.table(at.PAST, past)
    filling.table(at.LOCKED, past)


def _plan(filling: Filling, numbering: Numbering) -> None:
    """Add the tables of an empty plan, and the space that moves work in."""
    number = {name: int(filling.head[name]) for name in range(at.HEAD)}
    sessions, seats, people, days = (number[name] for name in (at.SESSIONS, at.SEATS, at.PEOPLE, at.DAYS))
    activities, roles = number[at.ACTIVITIES], number[at.ROLES]
    for name, size, value in (
        (at.SLOT_AT, sessions, -1),
        (at.START_AT, sessions, 0),
        (at.END_AT, sessions, 0),
        (at.DAY_AT, sessions, 0),
        (at.ROOM_AT, sessions, -1),
        (at.VENUE_AT, sessions, 0),
        (at.SEAT, seats, -1),
        (at.FILLED, sessions * number[at.MOST_ROLES], 0),
        (at.LOAD, people, 0),
        (at.PERSON_DAY_COUNT, people * days, 0),
        (at.PERSON_DAY, people * days * number[at.PERSON_SPACE], -1),
        (at.ROOM_DAY_COUNT, number[at.ROOMS] * days, 0),
        (at.ROOM_DAY, number[at.ROOMS] * days * number[at.ROOM_SPACE], -1),
        (at.GROUP_DAY_COUNT, number[at.GROUPS] * days, 0),
        (at.GROUP_DAY, number[at.GROUPS] * days * number[at.GROUP_SPACE], -1),
        (at.ALONE, number[at.GROUPS] * days, 0),
        (at.DAY_COUNT, days, 0),
        (at.DAY_SESSIONS, days * sessions, -1),
        (at.DAY_PLACE, sessions, 0),
        (at.HELD, activities, 0),
        (at.ROOM_USES, activities * number[at.ROOMS], 0),
        (at.ROOM_KINDS, activities, 0),
        (at.CLOCK_USES, activities * number[at.CLOCKS], 0),
        (at.CLOCK_KINDS, activities, 0),
        (at.DAY_USES, activities * days, 0),
        (at.DAY_KINDS, activities, 0),
        (at.FACE, roles * people, 0),
        (at.FACES, roles, 0),
        (at.FACES_AHEAD, roles, 0),
        (at.TOUCHED, sessions, 0),
        (at.TOUCHED_STAMP, sessions, 0),
        (at.CHANGED, activities, 0),
        (at.CHANGED_STAMP, activities, 0),
        (at.BEST_SLOT, sessions, -1),
        (at.BEST_ROOM, sessions, -1),
        (at.BEST_LABEL, sessions, 0),
        (at.BEST_SEAT, seats, -1),
    ):
        filling.blank(name, size, value)
    filling.table(at.LABEL, range(sessions))
    filling.table(at.HOLDER, range(sessions))
    _space(filling, numbering, number[at.MOST_SEATS])


def _space(filling: Filling, numbering: Numbering, most_seats: int) -> None:
    """Add the trail and the list of lifted sessions, long enough for all but the largest moves; those aren't made."""
    longest = max((activity.sessions for activity in numbering.problem.activities), default=0)
    wide = filling.widest
    lifted = max(4 * wide + 64, min(6 * (longest + 2) * wide + 64, _MOST_LIFTED))
    filling.number(at.LIFTED_SPACE, lifted)
    filling.blank(at.LIFTED_SESSION, lifted)
    filling.blank(at.LIFTED_SLOT, lifted)
    filling.blank(at.LIFTED_ROOM, lifted)
    filling.blank(at.LIFTED_STAFF, lifted * max(1, most_seats))
    filling.blank(at.UNIT_BEGIN, lifted)
    filling.blank(at.UNIT_END, lifted)
    # A session is emptied and unplaced, placed, and its places filled, three changes each if people are called away;
    # beside that, a role of a series may change hands, or somebody leave a day.
    changes = lifted * (4 * most_seats + 8) + longest * (most_seats + 2) + 2 * int(filling.head[at.PERSON_SPACE])
    filling.blank(at.TRAIL, (changes + 4 * most_seats + 64) * at.TRAIL_ENTRY)
