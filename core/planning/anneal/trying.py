"""Trying one change after another from the same plan: every start and room of a session, everybody for a staff place.

Each try begins a move and leaves the plan changed: whoever asks looks at it and rolls back. The generator is set to the
same state before each, so that a try can be repeated.
"""

from core.planning.anneal.compiling import Able, Memory, compiled
from core.planning.anneal.fitting import fill_best
from core.planning.anneal.layout import *
from core.planning.anneal.lifting import land, lift, offer, take_off
from core.planning.anneal.questions import (
    can_serve,
    duty_in_the_way,
    is_able,
    is_free,
    room_in_the_way,
)
from core.planning.anneal.settling import is_safe, roll_back, settle
from core.planning.anneal.staffing import place_of, recruit, serves_in
from core.planning.anneal.state import begin, seat, unseat

_LANDED = -1
_ALL = 1 << 30
_STATE = 0x2545F491

#: What comes of a try.
POSSIBLE, AGAINST_RULES, NO_ROOM, GROUP_BUSY, UNSAFE, FIXED, AWAY, BUSY, FULL, SERVES = range(10)
#: Who gives way: nobody; somebody, who is not held for the moment; from 0 on, at which slot that one is held instead.
NOBODY, SOMEBODY = -2, -1
#: A line of answers: what comes of it, what the plan costs then, and three numbers that say what was tried.
LINE = 5


@compiled
def seat_stayers(mem: Memory, able: Able, entry: int) -> None:
    """Give a session that has landed those of its staff who can come."""
    session = mem[mem[LIFTED_SESSION] + entry]
    first = mem[mem[SEAT_FIRST] + session]
    for at in range(mem[mem[SEAT_FIRST] + session + 1] - first):
        person = mem[mem[LIFTED_STAFF] + entry * mem[MOST_SEATS] + at]
        if person >= 0 and can_serve(mem, able, person, session, mem[mem[SEAT_ROLE] + first + at]):
            seat(mem, first + at, person)


@compiled
def is_short(mem: Memory, session: int) -> bool:
    """Say whether required places of a session are empty."""
    activity = mem[mem[ACTIVITY_OF] + session]
    first = mem[mem[ACTIVITY_ROLE] + activity]
    for role in range(first, first + mem[mem[ACTIVITY_ROLES] + activity]):
        if mem[mem[FILLED] + session * mem[MOST_ROLES] + role - first] < mem[mem[ROLE_REQUIRED] + role]:
            return True
    return False


@compiled
def staff_landed(mem: Memory, able: Able, space: Memory) -> bool:
    """Staff the sessions that have landed: whoever can stay, then the best; say whether all are safe.

    Only for required places and for safety are people called away from other duties.
    """
    for entry in range(mem[LIFTED_LENGTH]):
        if mem[mem[SLOT_AT] + mem[mem[LIFTED_SESSION] + entry]] >= 0:
            seat_stayers(mem, able, entry)
    for entry in range(mem[LIFTED_LENGTH]):
        session = mem[mem[LIFTED_SESSION] + entry]
        if mem[mem[SLOT_AT] + session] < 0:
            continue
        if not fill_best(mem, able, space, session) or is_short(mem, session):
            recruit(mem, able, session, _ALL, True)
            if not is_safe(mem, session):
                return False
    return True


@compiled
def clear_for(mem: Memory, unit: int, blocker: int, start_number: int, room: int, elsewhere: int) -> bool:
    """Lift the unit of a session that keeps another from landing, land that one, and hold the first elsewhere.

    Without a slot for it, it is not held. Return whether that was possible.
    """
    other = lift(mem, blocker)
    if other < 0 or land(mem, unit, start_number, room, room >= 0) != _LANDED:
        return False
    return elsewhere < 0 or land(mem, other, mem[mem[SLOT_START_NUMBER] + elsewhere], -1, False) == _LANDED


@compiled
def hold_there(mem: Memory, able: Able, space: Memory, label: int, slot: int, room: int, elsewhere: int) -> int:
    """Hold a label's session, and those that must begin with it, in a slot and room; return what came of it.

    `elsewhere` says who gives way.
    """
    begin(mem)
    mem[RANDOM] = _STATE
    session = mem[mem[HOLDER] + label]
    unit = lift(mem, session) if mem[mem[SLOT_AT] + session] >= 0 else offer(mem, label)
    if unit < 0:
        return FIXED
    start_number = mem[mem[SLOT_START_NUMBER] + slot]
    trail = mem[TRAIL_LENGTH]
    result = land(mem, unit, start_number, room, room >= 0)
    if result != _LANDED:
        if result < 0:
            return AGAINST_RULES
        if elsewhere == NOBODY:
            return NO_ROOM if room >= 0 and room_in_the_way(mem, room, slot) >= 0 else GROUP_BUSY
        take_off(mem, unit, trail)
        if not clear_for(mem, unit, result, start_number, room, elsewhere):
            return FIXED
    safe = staff_landed(mem, able, space)
    if not settle(mem) or not safe:
        return UNSAFE
    return POSSIBLE if mem[BROKEN] == 0 or elsewhere == SOMEBODY else AGAINST_RULES


@compiled
def answer(mem: Memory, found: Memory, line: int, result: int, one: int, two: int, three: int) -> None:
    """Write a line of answers and undo the try."""
    found[LINE * line] = result
    found[LINE * line + 1] = mem[COST]
    found[LINE * line + 2] = one
    found[LINE * line + 3] = two
    found[LINE * line + 4] = three
    roll_back(mem)


@compiled
def try_starts(mem: Memory, able: Able, space: Memory, label: int, found: Memory) -> int:
    """Try all slots and rooms of a label's session; return how many lines there are: slot, room, who gives way.

    With SOMEBODY, the cost is a guess: that one is not held, but the price of this and broken rules are left out.
    """
    activity = mem[mem[ACTIVITY_OF] + label]
    first = mem[mem[ACTIVITY_SLOT] + activity]
    lines = 0
    for slot in range(first, first + mem[mem[ACTIVITY_SLOTS] + activity]):
        rooms = mem[mem[SLOT_ROOMS_AT] + slot]
        for at in range(max(1, mem[mem[SLOT_ROOMS] + slot])):
            room = mem[rooms + at] if rooms >= 0 else -1
            result = hold_there(mem, able, space, label, slot, room, NOBODY)
            answer(mem, found, lines, result, slot, room, NOBODY)
            lines += 1
            if result not in (NO_ROOM, GROUP_BUSY):
                continue
            result = hold_there(mem, able, space, label, slot, room, SOMEBODY)
            guess = -mem[BROKEN] * mem[BROKEN_PRICE]
            for entry in range(mem[LIFTED_LENGTH]):
                session = mem[mem[LIFTED_SESSION] + entry]
                if mem[mem[SLOT_AT] + session] < 0:
                    priority = mem[mem[ACTIVITY_PRIORITY] + mem[mem[ACTIVITY_OF] + session]]
                    guess -= mem[PRICE_UNSCHEDULED] * priority
            answer(mem, found, lines, result, slot, room, SOMEBODY)
            found[LINE * lines + 1] += guess
            lines += 1
    return lines


@compiled
def in_the_way(mem: Memory, label: int, slot: int, room: int) -> int:
    """Return the session that keeps a label's from a slot and room, or less than 0; the plan stays as it is."""
    begin(mem)
    mem[RANDOM] = _STATE
    session = mem[mem[HOLDER] + label]
    unit = lift(mem, session) if mem[mem[SLOT_AT] + session] >= 0 else offer(mem, label)
    result = land(mem, unit, mem[mem[SLOT_START_NUMBER] + slot], room, room >= 0)
    roll_back(mem)
    return result


@compiled
def try_giving_way(mem: Memory, able: Able, space: Memory, label: int, slot: int, room: int, found: Memory) -> int:
    """Try all slots for the session that is in a label's way; return how many lines there are."""
    other = in_the_way(mem, label, slot, room)
    if other < 0:
        return 0
    activity = mem[mem[ACTIVITY_OF] + other]
    first = mem[mem[ACTIVITY_SLOT] + activity]
    count = mem[mem[ACTIVITY_SLOTS] + activity]
    for line in range(count):
        result = hold_there(mem, able, space, label, slot, room, first + line)
        answer(mem, found, line, result, slot, room, first + line)
    return count


@compiled
def let_serve(mem: Memory, able: Able, space: Memory, place: int, person: int, duty: int) -> int:
    """Let a person serve in a place of a held session, instead of whoever does; return what came of it.

    With `duty`, the person leaves that place for it, which is filled again as its session needs.
    """
    begin(mem)
    mem[RANDOM] = _STATE
    session = mem[mem[SEAT_SESSION] + place]
    role = mem[mem[SEAT_ROLE] + place]
    if serves_in(mem, person, session):
        return SERVES
    if not is_able(mem, able, person, session, role):
        return AWAY
    if mem[mem[SEAT] + place] >= 0:
        unseat(mem, place)
    if duty >= 0:
        unseat(mem, duty)
    if not can_serve(mem, able, person, session, role):
        return FULL if is_free(mem, person, session) else BUSY
    seat(mem, place, person)
    if duty >= 0:
        fill_best(mem, able, space, mem[mem[SEAT_SESSION] + duty])
    if not settle(mem):
        return UNSAFE
    return POSSIBLE if mem[BROKEN] == 0 else AGAINST_RULES


@compiled
def best_duty(mem: Memory, able: Able, space: Memory, place: int, person: int) -> int:
    """Return the place that a person had best leave for another one which they can't fill beside it, or -1."""
    session = mem[mem[SEAT_SESSION] + place]
    day = mem[mem[DAY_AT] + session]
    start = mem[mem[START_AT] + session]
    clash = duty_in_the_way(mem, person, day, start, mem[mem[END_AT] + session], mem[mem[VENUE_AT] + session])
    full_day = mem[mem[PERSON_DAY_COUNT] + person * mem[DAYS] + day] >= mem[mem[PERSON_DAY_MOST] + person]
    best = -1
    least = NEVER
    for other in range(mem[SESSIONS]):
        if mem[mem[SLOT_AT] + other] < 0 or other == session or mem[mem[PAST] + other]:
            continue
        if (clash >= 0 and other != clash) or (clash < 0 and full_day and mem[mem[DAY_AT] + other] != day):
            continue
        duty = place_of(mem, person, other)
        if duty < 0:
            continue
        if let_serve(mem, able, space, place, person, duty) == POSSIBLE and mem[COST] < least:
            least = mem[COST]
            best = duty
        roll_back(mem)
    return best


@compiled
def try_person(mem: Memory, able: Able, space: Memory, place: int, person: int, found: Memory, line: int) -> None:
    """Write a line for a person in a place: place, person, the duty that they leave or -1."""
    result = let_serve(mem, able, space, place, person, -1)
    if result not in (BUSY, FULL):
        answer(mem, found, line, result, place, person, -1)
        return
    roll_back(mem)
    duty = best_duty(mem, able, space, place, person)
    if duty >= 0:
        result = let_serve(mem, able, space, place, person, duty)
    answer(mem, found, line, result, place, person, duty)


@compiled
def try_people(mem: Memory, able: Able, space: Memory, session: int, role: int, found: Memory) -> int:
    """Try everybody with the skill in each place of a role, but one empty place; return how many lines there are."""
    first = mem[mem[SEAT_FIRST] + session] + mem[mem[ROLE_SEAT] + role]
    pool = mem[mem[ROLE_POOL_AT] + role]
    lines = 0
    empty = False
    for place in range(first, first + mem[mem[ROLE_WANTED] + role]):
        if mem[mem[SEAT] + place] < 0:
            if empty:
                continue
            empty = True
        for at in range(pool, pool + mem[mem[ROLE_POOL] + role]):
            try_person(mem, able, space, place, mem[at], found, lines)
            lines += 1
    return lines
