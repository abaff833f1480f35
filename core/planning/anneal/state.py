"""The plan in memory and the four changes it is made of: seat and unseat somebody, place and unplace a session.

Each change keeps the cost true and is written to a trail, so that a move that is not wanted can be rolled back. None of
them asks whether a rule allows it: `questions` answers that beforehand, `settle` afterwards.
"""

from core.planning.anneal.compiling import Memory, compiled
from core.planning.anneal.layout import *


@compiled
def draw(mem: Memory, count: int) -> int:
    """Return a random whole number from 0 to below the count (xorshift; the state lies in memory)."""
    state = mem[RANDOM]
    state ^= state << 13
    state ^= (state >> 7) & 0x01FFFFFFFFFFFFFF
    state ^= state << 17
    mem[RANDOM] = state
    return ((state >> 16) & 0x7FFFFFFFFFFF) % count


@compiled
def touch(mem: Memory, session: int) -> None:
    """Note that something about a session has changed in this move."""
    if mem[mem[TOUCHED_STAMP] + session] != mem[STAMP]:
        mem[mem[TOUCHED_STAMP] + session] = mem[STAMP]
        mem[mem[TOUCHED] + mem[TOUCHED_LENGTH]] = session
        mem[TOUCHED_LENGTH] += 1


@compiled
def touch_series(mem: Memory, activity: int) -> None:
    """Note that an activity has a session at another time or in another room."""
    if mem[mem[CHANGED_STAMP] + activity] != mem[STAMP]:
        mem[mem[CHANGED_STAMP] + activity] = mem[STAMP]
        mem[mem[CHANGED] + mem[CHANGED_LENGTH]] = activity
        mem[CHANGED_LENGTH] += 1


@compiled
def remember(mem: Memory, change: int, one: int, two: int, three: int) -> None:
    """Add a change to the trail."""
    at = mem[TRAIL] + mem[TRAIL_LENGTH] * TRAIL_ENTRY
    mem[at] = change
    mem[at + 1] = one
    mem[at + 2] = two
    mem[at + 3] = three
    mem[TRAIL_LENGTH] += 1


@compiled
def seat(mem: Memory, place: int, person: int) -> None:
    """Let a person serve in an empty place of a session that is held."""
    session = mem[mem[SEAT_SESSION] + place]
    role = mem[mem[SEAT_ROLE] + place]
    activity = mem[mem[ACTIVITY_OF] + session]
    mem[mem[SEAT] + place] = person
    filled = mem[FILLED] + session * mem[MOST_ROLES] + role - mem[mem[ACTIVITY_ROLE] + activity]
    required = mem[filled] < mem[mem[ROLE_REQUIRED] + role]
    cost = -mem[PRICE_REQUIRED] if required else -mem[PRICE_WANTED]
    mem[filled] += 1
    load = mem[mem[LOAD] + person]
    mem[mem[LOAD] + person] = load + 1
    cost += mem[PRICE_LOAD] * (2 * load + 1) - mem[mem[LIKE] + activity * mem[PEOPLE] + person]
    row = person * mem[DAYS] + mem[mem[DAY_AT] + session]
    count = mem[mem[PERSON_DAY_COUNT] + row]
    if count == 0:
        cost += mem[PRICE_TRIPS]
    mem[mem[PERSON_DAY] + row * mem[PERSON_SPACE] + count] = session
    mem[mem[PERSON_DAY_COUNT] + row] = count + 1
    face = mem[FACE] + role * mem[PEOPLE] + person
    if mem[face] == 0:
        if mem[mem[FACES] + role] >= mem[mem[ROLE_WANTED] + role]:
            cost += mem[mem[ROLE_FACES_PRICE] + role]
        mem[mem[FACES] + role] += 1
    if mem[mem[PAST] + session]:
        mem[face] += FROZEN_FACE
    else:
        if mem[face] % FROZEN_FACE == 0:
            mem[mem[FACES_AHEAD] + role] += 1
        mem[face] += 1
    mem[COST] += cost
    touch(mem, session)
    remember(mem, SEATED, place, person, 0)


@compiled
def strike(mem: Memory, begin: int, last: int, session: int) -> None:
    """Strike a session from a list whose last entry takes its place."""
    at = begin
    while mem[at] != session:
        at += 1
    mem[at] = mem[begin + last]


@compiled
def unseat(mem: Memory, place: int) -> int:
    """Let whoever serves in a place serve there no more, and return who it was."""
    session = mem[mem[SEAT_SESSION] + place]
    role = mem[mem[SEAT_ROLE] + place]
    activity = mem[mem[ACTIVITY_OF] + session]
    person = mem[mem[SEAT] + place]
    mem[mem[SEAT] + place] = -1
    filled = mem[FILLED] + session * mem[MOST_ROLES] + role - mem[mem[ACTIVITY_ROLE] + activity]
    mem[filled] -= 1
    cost = mem[PRICE_REQUIRED] if mem[filled] < mem[mem[ROLE_REQUIRED] + role] else mem[PRICE_WANTED]
    load = mem[mem[LOAD] + person] - 1
    mem[mem[LOAD] + person] = load
    cost += mem[mem[LIKE] + activity * mem[PEOPLE] + person] - mem[PRICE_LOAD] * (2 * load + 1)
    row = person * mem[DAYS] + mem[mem[DAY_AT] + session]
    count = mem[mem[PERSON_DAY_COUNT] + row] - 1
    mem[mem[PERSON_DAY_COUNT] + row] = count
    strike(mem, mem[PERSON_DAY] + row * mem[PERSON_SPACE], count, session)
    if count == 0:
        cost -= mem[PRICE_TRIPS]
    face = mem[FACE] + role * mem[PEOPLE] + person
    if mem[mem[PAST] + session]:
        mem[face] -= FROZEN_FACE
    else:
        mem[face] -= 1
        if mem[face] % FROZEN_FACE == 0:
            mem[mem[FACES_AHEAD] + role] -= 1
    if mem[face] == 0:
        mem[mem[FACES] + role] -= 1
        if mem[mem[FACES] + role] >= mem[mem[ROLE_WANTED] + role]:
            cost -= mem[mem[ROLE_FACES_PRICE] + role]
    mem[COST] += cost
    touch(mem, session)
    remember(mem, UNSEATED, place, person, 0)
    return person


@compiled
def missing_days(mem: Memory, activity: int) -> int:
    """Return what it costs that the sessions of an activity lie on too few days; 0 until all are held."""
    if mem[mem[HELD] + activity] < mem[mem[ACTIVITY_COUNT] + activity]:
        return 0
    missing = mem[mem[ACTIVITY_MIN_DAYS] + activity] - mem[mem[DAY_KINDS] + activity]
    return mem[PRICE_DAYS] * missing if missing > 0 else 0


@compiled
def count_in(mem: Memory, uses: int, kinds: int, price: int, change: int) -> int:
    """Count a room or time of day of an activity in (1) or out (-1); return how the cost of more than one changes.

    `uses` and `kinds` are where the two counts lie.
    """
    before = mem[uses]
    mem[uses] = before + change
    if change > 0 and before == 0:
        mem[kinds] += 1
        return price if mem[kinds] > 1 else 0
    if change < 0 and before == 1:
        mem[kinds] -= 1
        return -price if mem[kinds] > 0 else 0
    return 0


@compiled
def weigh_group_day(mem: Memory, group: int, day: int) -> int:
    """Count anew how many sessions of a compact group stand alone on a day; return how the cost changes."""
    row = group * mem[DAYS] + day
    begin = mem[GROUP_DAY] + row * mem[GROUP_SPACE]
    count = mem[mem[GROUP_DAY_COUNT] + row]
    alone = 0
    for one in range(count):
        here = mem[begin + one]
        start = mem[mem[START_AT] + here]
        end = mem[mem[END_AT] + here]
        near = False
        for two in range(count):
            if two != one:
                there = mem[begin + two]
                after = mem[mem[START_AT] + there] - end
                before = start - mem[mem[END_AT] + there]
                if 0 <= after <= mem[COMPACT_GAP] or 0 <= before <= mem[COMPACT_GAP]:
                    near = True
                    break
        if not near:
            alone += 1
    change = alone - mem[mem[ALONE] + row]
    mem[mem[ALONE] + row] = alone
    return change * mem[PRICE_ISOLATED]


@compiled
def count_groups(mem: Memory, session: int, activity: int, day: int, change: int) -> int:
    """Add a session to the days of its groups, or take it out; return how the cost changes."""
    cost = 0
    begin = mem[mem[ACTIVITY_GROUPS_AT] + activity]
    for at in range(begin, begin + mem[mem[ACTIVITY_GROUPS] + activity]):
        group = mem[at]
        row = group * mem[DAYS] + day
        count = mem[GROUP_DAY_COUNT] + row
        days = mem[GROUP_DAY] + row * mem[GROUP_SPACE]
        if change > 0:
            mem[days + mem[count]] = session
            mem[count] += 1
        else:
            mem[count] -= 1
            strike(mem, days, mem[count], session)
        if mem[mem[GROUP_COMPACT] + group]:
            cost += weigh_group_day(mem, group, day)
    return cost


@compiled
def count_session(mem: Memory, session: int, activity: int, slot: int, room: int, change: int) -> int:
    """Count a session in (1) or out (-1) of what its activity and its groups pay for; return how the cost changes."""
    day = mem[mem[SLOT_DAY] + slot]
    clock = mem[mem[SLOT_CLOCK] + slot]
    cost = change * (
        mem[mem[ACTIVITY_EMPTY] + activity] - mem[PRICE_UNSCHEDULED] * mem[mem[ACTIVITY_PRIORITY] + activity]
    )
    cost -= missing_days(mem, activity)
    mem[mem[HELD] + activity] += change
    count_in(mem, mem[DAY_USES] + activity * mem[DAYS] + day, mem[DAY_KINDS] + activity, 0, change)
    cost += missing_days(mem, activity)
    clocks = mem[CLOCK_USES] + activity * mem[CLOCKS] + clock
    cost += count_in(mem, clocks, mem[CLOCK_KINDS] + activity, mem[PRICE_TIMES], change)
    if room >= 0:
        rooms = mem[ROOM_USES] + activity * mem[ROOMS] + room
        cost += count_in(mem, rooms, mem[ROOM_KINDS] + activity, mem[PRICE_ROOMS], change)
        excess = mem[mem[ACTIVITY_SIZE] + activity] - mem[mem[ROOM_CAPACITY] + room]
        if excess > 0:
            cost += change * mem[PRICE_OVERFLOW] * excess
    return cost + count_groups(mem, session, activity, day, change)


@compiled
def place(mem: Memory, session: int, slot: int, room: int) -> None:
    """Hold a session that is not held, in a room or, with -1, in none; its places are empty then."""
    activity = mem[mem[ACTIVITY_OF] + session]
    day = mem[mem[SLOT_DAY] + slot]
    mem[mem[SLOT_AT] + session] = slot
    mem[mem[START_AT] + session] = mem[mem[SLOT_START] + slot]
    mem[mem[END_AT] + session] = mem[mem[SLOT_END] + slot]
    mem[mem[DAY_AT] + session] = day
    mem[mem[ROOM_AT] + session] = room
    mem[mem[VENUE_AT] + session] = mem[mem[ROOM_VENUE] + room] if room >= 0 else mem[mem[ACTIVITY_VENUE] + activity]
    mem[COST] += count_session(mem, session, activity, slot, room, 1)
    if room >= 0:
        row = room * mem[DAYS] + day
        mem[mem[ROOM_DAY] + row * mem[ROOM_SPACE] + mem[mem[ROOM_DAY_COUNT] + row]] = session
        mem[mem[ROOM_DAY_COUNT] + row] += 1
    count = mem[mem[DAY_COUNT] + day]
    mem[mem[DAY_SESSIONS] + day * mem[SESSIONS] + count] = session
    mem[mem[DAY_PLACE] + session] = count
    mem[mem[DAY_COUNT] + day] = count + 1
    touch(mem, session)
    touch_series(mem, activity)
    remember(mem, PLACED, session, slot, room)


@compiled
def unplace(mem: Memory, session: int) -> None:
    """Hold a session no more. Its places have been emptied before."""
    activity = mem[mem[ACTIVITY_OF] + session]
    slot = mem[mem[SLOT_AT] + session]
    room = mem[mem[ROOM_AT] + session]
    day = mem[mem[DAY_AT] + session]
    mem[COST] += count_session(mem, session, activity, slot, room, -1)
    if room >= 0:
        row = room * mem[DAYS] + day
        mem[mem[ROOM_DAY_COUNT] + row] -= 1
        strike(mem, mem[ROOM_DAY] + row * mem[ROOM_SPACE], mem[mem[ROOM_DAY_COUNT] + row], session)
    last = mem[mem[DAY_COUNT] + day] - 1
    mem[mem[DAY_COUNT] + day] = last
    moved = mem[mem[DAY_SESSIONS] + day * mem[SESSIONS] + last]
    at = mem[mem[DAY_PLACE] + session]
    mem[mem[DAY_SESSIONS] + day * mem[SESSIONS] + at] = moved
    mem[mem[DAY_PLACE] + moved] = at
    mem[mem[SLOT_AT] + session] = -1
    touch(mem, session)
    touch_series(mem, activity)
    remember(mem, UNPLACED, session, slot, room)


@compiled
def begin(mem: Memory) -> None:
    """Begin a move."""
    mem[STAMP] += 1
    mem[TRAIL_LENGTH] = 0
    mem[TOUCHED_LENGTH] = 0
    mem[CHANGED_LENGTH] = 0
    mem[LIFTED_LENGTH] = 0
    mem[UNITS_LENGTH] = 0
