"""Sessions lifted out of the plan and landing elsewhere, with their staff and with those they must begin together with.

Sessions that must begin together are a unit. Whoever is in the way of a landing may be lifted too and lands where the
first ones came from. Nobody is seated again before all have landed.
"""

from core.planning.anneal.compiling import Able, Memory, compiled
from core.planning.anneal.layout import *
from core.planning.anneal.questions import can_serve, groups_in_the_way, room_in_the_way
from core.planning.anneal.staffing import recruit
from core.planning.anneal.state import draw, place, seat, unplace, unseat

#: How many units that are in the way a move lifts.
MOST_BLOCKERS = 3
#: How many other starts are tried for a unit that was in the way.
_TRIES = 6

#: What a landing may say, other than the session in its way.
LANDED = -1
_IMPOSSIBLE = -2


@compiled
def slot_for(mem: Memory, activity: int, start_number: int) -> int:
    """Return the slot of an activity with that start, or -1."""
    return mem[mem[SLOT_OF] + activity * mem[STARTS] + start_number]


@compiled
def lift_one(mem: Memory, session: int) -> None:
    """Take a held session out of the plan and note what it was like."""
    entry = mem[LIFTED_LENGTH]
    mem[LIFTED_LENGTH] = entry + 1
    mem[mem[LIFTED_SESSION] + entry] = session
    mem[mem[LIFTED_SLOT] + entry] = mem[mem[SLOT_AT] + session]
    mem[mem[LIFTED_ROOM] + entry] = mem[mem[ROOM_AT] + session]
    first = mem[mem[SEAT_FIRST] + session]
    for at in range(mem[mem[SEAT_FIRST] + session + 1] - first):
        person = mem[mem[SEAT] + first + at]
        if person >= 0:
            unseat(mem, first + at)
        mem[mem[LIFTED_STAFF] + entry * mem[MOST_SEATS] + at] = person
    unplace(mem, session)


@compiled
def lift(mem: Memory, session: int) -> int:
    """Take the unit of a held session out of the plan; return its number.

    -1 if one of it is locked, or if the move has lifted so many that there is no space for more.
    """
    label = mem[mem[LABEL] + session]
    begin = mem[mem[UNIT_AT] + label]
    count = mem[mem[UNIT] + label]
    if mem[LIFTED_LENGTH] + count > mem[LIFTED_SPACE]:
        return -1
    for at in range(begin, begin + count):
        one = mem[mem[HOLDER] + mem[at]]
        if mem[mem[LOCKED] + one]:
            return -1
    unit = mem[UNITS_LENGTH]
    mem[UNITS_LENGTH] = unit + 1
    mem[mem[UNIT_BEGIN] + unit] = mem[LIFTED_LENGTH]
    for at in range(begin, begin + count):
        one = mem[mem[HOLDER] + mem[at]]
        if mem[mem[SLOT_AT] + one] >= 0:
            lift_one(mem, one)
    mem[mem[UNIT_END] + unit] = mem[LIFTED_LENGTH]
    return unit


@compiled
def is_lifted(mem: Memory, session: int) -> bool:
    """Say whether a session is among those lifted or offered in this move."""
    for entry in range(mem[LIFTED_LENGTH]):
        if mem[mem[LIFTED_SESSION] + entry] == session:
            return True
    return False


@compiled
def session_for(mem: Memory, label: int) -> int:
    """Return a session that is not held and can become the one of that number, or -1."""
    activity = mem[mem[ACTIVITY_OF] + label]
    if not mem[mem[ACTIVITY_ORDERED] + activity]:
        session = label
        return session if mem[mem[SLOT_AT] + session] < 0 and not is_lifted(mem, session) else -1
    first = mem[mem[ACTIVITY_FIRST] + activity]
    for at in range(first, first + mem[mem[ACTIVITY_COUNT] + activity]):
        session = mem[mem[HOLDER] + at]
        if mem[mem[SLOT_AT] + session] < 0 and not is_lifted(mem, session):
            return session
    return -1


@compiled
def wish(mem: Memory, staff: int, offset: int, count: int, person: int) -> None:
    """Put a person first among those wished for in the places of a role, if it has any."""
    if count == 0:
        return
    last = offset
    while last < offset + count - 1 and mem[staff + last] >= 0 and mem[staff + last] != person:
        last += 1
    for at in range(last, offset, -1):
        mem[staff + at] = mem[staff + at - 1]
    mem[staff + offset] = person


@compiled
def offer_one(mem: Memory, session: int, label: int) -> None:
    """Add a session that is not held to those lifted, with the wishes of a label."""
    entry = mem[LIFTED_LENGTH]
    mem[LIFTED_LENGTH] = entry + 1
    mem[mem[LIFTED_SESSION] + entry] = session
    mem[mem[LIFTED_SLOT] + entry] = -1
    room = mem[mem[PIN_ROOM] + label]
    mem[mem[LIFTED_ROOM] + entry] = room if room >= 0 else mem[mem[OLD_ROOM] + label]
    staff = mem[LIFTED_STAFF] + entry * mem[MOST_SEATS]
    for at in range(mem[MOST_SEATS]):
        mem[staff + at] = mem[mem[OLD_SEAT] + label * mem[MOST_SEATS] + at]
    pinned = mem[mem[PIN_STAFF_AT] + label]
    for number in range(mem[mem[PIN_STAFF] + label] // 2):
        role = mem[pinned + 2 * number]
        person = mem[pinned + 2 * number + 1]
        wish(mem, staff, mem[mem[ROLE_SEAT] + role], mem[mem[ROLE_WANTED] + role], person)


@compiled
def offer(mem: Memory, label: int) -> int:
    """Make a unit of the sessions of a label's unit that are not held yet, as if they had been lifted.

    Each wishes for the room and the staff that are pinned or were published. Return the unit's number, or -1 if there
    is no such session, or no space for more.
    """
    if mem[LIFTED_LENGTH] + mem[mem[UNIT] + label] > mem[LIFTED_SPACE]:
        return -1
    begin = mem[mem[UNIT_AT] + label]
    unit = mem[UNITS_LENGTH]
    mem[mem[UNIT_BEGIN] + unit] = mem[LIFTED_LENGTH]
    for at in range(begin, begin + mem[mem[UNIT] + label]):
        one = mem[at]
        session = session_for(mem, one)
        if session >= 0:
            offer_one(mem, session, one)
    if mem[LIFTED_LENGTH] == mem[mem[UNIT_BEGIN] + unit]:
        return -1
    mem[UNITS_LENGTH] = unit + 1
    mem[mem[UNIT_END] + unit] = mem[LIFTED_LENGTH]
    return unit


@compiled
def choose_room(mem: Memory, activity: int, slot: int, wanted: int, insist: bool, venue: int) -> int:
    """Return a room that is free in a slot: the wanted one, one the activity uses, or any; in the venue, unless -1.

    With none free, return -1 and leave in BLOCKER a session that is in the way, or -2. With `insist`, only the wanted
    one will do.
    """
    begin = mem[mem[SLOT_ROOMS_AT] + slot]
    count = mem[mem[SLOT_ROOMS] + slot]
    mem[BLOCKER] = _IMPOSSIBLE
    if count == 0:
        return -1
    found = -1
    at = draw(mem, count)
    for _ in range(count):
        at = at + 1 if at + 1 < count else 0
        room = mem[begin + at]
        if insist and room != wanted:
            continue
        if venue >= 0 and mem[mem[ROOM_VENUE] + room] != venue:
            continue
        if room != wanted and found >= 0 and mem[mem[ROOM_USES] + activity * mem[ROOMS] + room] == 0:
            continue
        blocker = room_in_the_way(mem, room, slot)
        if blocker >= 0:
            if mem[BLOCKER] < 0 or room == wanted:
                mem[BLOCKER] = blocker
            continue
        if room == wanted:
            return room
        found = room
    return found


@compiled
def land(mem: Memory, unit: int, start_number: int, room: int, insist: bool) -> int:
    """Place a lifted unit at a start; return what came of it: landed, impossible, or the session that is in the way.

    `room` is wished for the first session of the unit; -1 wishes for the room that each one had. What had landed before
    it became impossible stays placed: roll back or `take_off`.
    """
    venue = -1
    begin = mem[mem[UNIT_BEGIN] + unit]
    for entry in range(begin, mem[mem[UNIT_END] + unit]):
        session = mem[mem[LIFTED_SESSION] + entry]
        activity = mem[mem[ACTIVITY_OF] + session]
        slot = slot_for(mem, activity, start_number)
        if slot < 0:
            return _IMPOSSIBLE
        day = mem[mem[SLOT_DAY] + slot]
        if mem[mem[DAY_USES] + activity * mem[DAYS] + day] >= mem[mem[ACTIVITY_DAY_LIMIT] + activity]:
            return _IMPOSSIBLE
        chosen = -1
        where = mem[mem[ACTIVITY_VENUE] + activity]
        if mem[mem[SLOT_ROOMS_AT] + slot] >= 0:
            first = entry == begin and room >= 0
            wanted = room if first else mem[mem[LIFTED_ROOM] + entry]
            chosen = choose_room(mem, activity, slot, wanted, insist and first, venue)
            if chosen < 0:
                return mem[BLOCKER]
            where = mem[mem[ROOM_VENUE] + chosen]
        blocker = groups_in_the_way(mem, activity, slot, where)
        if blocker >= 0:
            return blocker
        if mem[mem[UNIT_ONE_VENUE] + mem[mem[LABEL] + session]]:
            venue = where
        place(mem, session, slot, chosen)
    return LANDED


@compiled
def take_off(mem: Memory, unit: int, trail: int) -> None:
    """Take out again what of a lifted unit has landed, without staff so far.

    `trail` is how long the trail was before; it need not tell of a landing that is undone, however many are tried.
    """
    for entry in range(mem[mem[UNIT_BEGIN] + unit], mem[mem[UNIT_END] + unit]):
        session = mem[mem[LIFTED_SESSION] + entry]
        if mem[mem[SLOT_AT] + session] >= 0:
            unplace(mem, session)
    mem[TRAIL_LENGTH] = trail


@compiled
def staff_again(mem: Memory, able: Able, looks: int, calls: bool) -> None:
    """Give the sessions that have landed those of their staff who can come, then whoever else is needed."""
    for entry in range(mem[LIFTED_LENGTH]):
        session = mem[mem[LIFTED_SESSION] + entry]
        if mem[mem[SLOT_AT] + session] < 0:
            continue
        first = mem[mem[SEAT_FIRST] + session]
        for at in range(mem[mem[SEAT_FIRST] + session + 1] - first):
            person = mem[mem[LIFTED_STAFF] + entry * mem[MOST_SEATS] + at]
            if person < 0 or mem[mem[SEAT] + first + at] >= 0:
                continue
            if can_serve(mem, able, person, session, mem[mem[SEAT_ROLE] + first + at]):
                seat(mem, first + at, person)
    for entry in range(mem[LIFTED_LENGTH]):
        session = mem[mem[LIFTED_SESSION] + entry]
        if mem[mem[SLOT_AT] + session] >= 0:
            recruit(mem, able, session, looks, calls)


@compiled
def land_with_force(mem: Memory, unit: int, start_number: int, room: int, insist: bool, blockers: int) -> bool:
    """Land a unit, lifting up to so many units that are in the way; return whether it has landed."""
    trail = mem[TRAIL_LENGTH]
    result = land(mem, unit, start_number, room, insist)
    while result >= 0 and blockers > 0:
        take_off(mem, unit, trail)
        # One of the unit itself was in the way if it isn't held now; it may land in another room next time.
        if mem[mem[SLOT_AT] + result] >= 0 and lift(mem, result) < 0:
            return False
        blockers -= 1
        trail = mem[TRAIL_LENGTH]
        result = land(mem, unit, start_number, room, insist)
    return result == LANDED


@compiled
def land_elsewhere(mem: Memory, unit: int, start_number: int, room: int) -> bool:
    """Land a unit that was in the way: where the others came from, when it was before, or at a random other start.

    Return whether that was possible; if not, it is not held any more.
    """
    first = mem[mem[UNIT_BEGIN] + unit]
    session = mem[mem[LIFTED_SESSION] + first]
    activity = mem[mem[ACTIVITY_OF] + session]
    trail = mem[TRAIL_LENGTH]
    if start_number >= 0 and land(mem, unit, start_number, room, False) == LANDED:
        return True
    take_off(mem, unit, trail)
    if mem[mem[LIFTED_SLOT] + first] >= 0:
        before = mem[mem[SLOT_START_NUMBER] + mem[mem[LIFTED_SLOT] + first]]
        if land(mem, unit, before, -1, False) == LANDED:
            return True
        take_off(mem, unit, trail)
    for _ in range(_TRIES):
        slot = mem[mem[ACTIVITY_SLOT] + activity] + draw(mem, mem[mem[ACTIVITY_SLOTS] + activity])
        if land(mem, unit, mem[mem[SLOT_START_NUMBER] + slot], -1, False) == LANDED:
            return True
        take_off(mem, unit, trail)
    return False


@compiled
def bring_to_front(mem: Memory, one: int, two: int) -> None:
    """Exchange two lifted sessions."""
    if one == two:
        return
    for table in (LIFTED_SESSION, LIFTED_SLOT, LIFTED_ROOM):
        at = mem[table]
        mem[at + one], mem[at + two] = mem[at + two], mem[at + one]
    at = mem[LIFTED_STAFF]
    for place_at in range(mem[MOST_SEATS]):
        left = at + one * mem[MOST_SEATS] + place_at
        right = at + two * mem[MOST_SEATS] + place_at
        mem[left], mem[right] = mem[right], mem[left]


@compiled
def relocate(mem: Memory, session: int, start_number: int, room: int, insist: bool, force: bool) -> bool:
    """Move the unit of a held session to a start and, if not -1, a room, and whoever is in the way elsewhere.

    Staff are not seated again yet. Return whether all have landed.
    """
    unit = lift(mem, session)
    if unit < 0:
        return False
    entry = mem[mem[UNIT_BEGIN] + unit]
    while mem[mem[LIFTED_SESSION] + entry] != session:
        entry += 1
    bring_to_front(mem, mem[mem[UNIT_BEGIN] + unit], entry)
    entry = mem[mem[UNIT_BEGIN] + unit]
    old_start = mem[mem[SLOT_START_NUMBER] + mem[mem[LIFTED_SLOT] + entry]]
    old_room = mem[mem[LIFTED_ROOM] + entry]
    if not land_with_force(mem, unit, start_number, room, insist, MOST_BLOCKERS if force else 0):
        return False
    for other in range(unit + 1, mem[UNITS_LENGTH]):
        if not land_elsewhere(mem, other, old_start, old_room):
            return False
    return True
