"""Moves for what is short or not as it was pinned; made only while there is something of the kind."""

from core.planning.anneal.compiling import Able, Memory, compiled
from core.planning.anneal.holding import companion_start, hold_at, some_missing
from core.planning.anneal.layout import *
from core.planning.anneal.lifting import (
    LANDED,
    bring_to_front,
    land,
    land_elsewhere,
    lift,
    offer,
    relocate,
    session_for,
    slot_for,
    staff_again,
    take_off,
    wish,
)
from core.planning.anneal.questions import can_serve
from core.planning.anneal.settling import settle
from core.planning.anneal.staffing import EVERYBODY, obstacle, place_of, recruit, serves_in, some_duty
from core.planning.anneal.state import draw, seat, unseat


@compiled
def some_short_role(mem: Memory) -> int:
    """Return a random empty place of a role that has too few people for what is required, or -1."""
    if mem[SEATS] == 0:
        return -1
    place = draw(mem, mem[SEATS])
    for _ in range(mem[SEATS]):
        place = place + 1 if place + 1 < mem[SEATS] else 0
        session = mem[mem[SEAT_SESSION] + place]
        if mem[mem[SEAT] + place] >= 0 or mem[mem[SLOT_AT] + session] < 0 or mem[mem[PAST] + session]:
            continue
        role = mem[mem[SEAT_ROLE] + place]
        column = role - mem[mem[ACTIVITY_ROLE] + mem[mem[ACTIVITY_OF] + session]]
        if mem[mem[FILLED] + session * mem[MOST_ROLES] + column] < mem[mem[ROLE_REQUIRED] + role]:
            return place
    return -1


@compiled
def free_a_limit(mem: Memory, session: int, role: int) -> None:
    """Take one face out of a role of a series that may have no more, so that another one can do it all."""
    most = mem[mem[ROLE_MOST_FACES] + role]
    if most < 0 or mem[mem[FACES_AHEAD] + role] < most:
        return
    activity = mem[mem[ACTIVITY_OF] + session]
    first = mem[mem[ACTIVITY_FIRST] + activity]
    count = mem[mem[ACTIVITY_COUNT] + activity]
    other = first + draw(mem, count)
    if mem[mem[SLOT_AT] + other] < 0 or mem[mem[PAST] + other]:
        return
    person = mem[mem[SEAT] + mem[mem[SEAT_FIRST] + other] + mem[mem[ROLE_SEAT] + role]]
    if person < 0:
        return
    for one in range(first, first + count):
        if mem[mem[SLOT_AT] + one] < 0 or mem[mem[PAST] + one]:
            continue
        begin = mem[mem[SEAT_FIRST] + one] + mem[mem[ROLE_SEAT] + role]
        for at in range(begin, begin + mem[mem[ROLE_WANTED] + role]):
            if mem[mem[SEAT] + at] == person:
                unseat(mem, at)


@compiled
def fill_short(mem: Memory, able: Able) -> bool:
    """Fill an empty required place: call somebody away from another duty, or hold the session at another start."""
    place = some_short_role(mem)
    if place < 0:
        return False
    session = mem[mem[SEAT_SESSION] + place]
    if mem[mem[LOCKED] + session] or draw(mem, 2) == 0:
        if draw(mem, 2) == 0:
            free_a_limit(mem, session, mem[mem[SEAT_ROLE] + place])
        recruit(mem, able, session, EVERYBODY, True)
        return settle(mem)
    activity = mem[mem[ACTIVITY_OF] + session]
    slot = mem[mem[ACTIVITY_SLOT] + activity] + draw(mem, mem[mem[ACTIVITY_SLOTS] + activity])
    if not relocate(mem, session, mem[mem[SLOT_START_NUMBER] + slot], -1, False, True):
        return False
    staff_again(mem, able, EVERYBODY, True)
    return settle(mem)


@compiled
def some_broken_pin(mem: Memory) -> int:
    """Return a random label whose pin is not kept, or -1."""
    label = draw(mem, mem[SESSIONS])
    for _ in range(mem[SESSIONS]):
        label = label + 1 if label + 1 < mem[SESSIONS] else 0
        if mem[mem[PIN_BROKEN] + label]:
            return label
    return -1


@compiled
def make_room_for(mem: Memory, able: Able, person: int, session: int, role: int) -> None:
    """Relieve a person of a duty that keeps them from a session, and a role of a face too many."""
    free_a_limit(mem, session, role)
    if not serves_in(mem, person, session) and not can_serve(mem, able, person, session, role):
        duty = obstacle(mem, person, session)
        if duty >= 0 and not mem[mem[PAST] + mem[mem[SEAT_SESSION] + duty]]:
            unseat(mem, duty)


@compiled
def renumber_by_moving(mem: Memory, able: Able, session: int) -> bool:
    """Move a session of an ordered series anywhere, so that those between get the numbers that are pinned."""
    activity = mem[mem[ACTIVITY_OF] + session]
    slot = mem[mem[ACTIVITY_SLOT] + activity] + draw(mem, mem[mem[ACTIVITY_SLOTS] + activity])
    if not relocate(mem, session, mem[mem[SLOT_START_NUMBER] + slot], -1, False, True):
        return False
    staff_again(mem, able, EVERYBODY, True)
    return settle(mem)


@compiled
def mend_pin(mem: Memory, able: Able) -> bool:
    """Hold a pinned session as it was pinned, with whatever and whoever is in the way moved elsewhere."""
    label = some_broken_pin(mem)
    if label < 0:
        return False
    activity = mem[mem[ACTIVITY_OF] + label]
    count = mem[mem[ACTIVITY_SLOTS] + activity]
    if count == 0:
        return False
    session = mem[mem[HOLDER] + label]
    slot = mem[mem[ACTIVITY_SLOT] + activity] + draw(mem, count)
    together = companion_start(mem, label)
    if mem[mem[PIN_START] + label] >= 0:
        for one in range(mem[mem[ACTIVITY_SLOT] + activity], mem[mem[ACTIVITY_SLOT] + activity] + count):
            if mem[mem[SLOT_START] + one] == mem[mem[PIN_START] + label]:
                slot = one
    elif mem[mem[SLOT_AT] + session] >= 0:
        slot = mem[mem[SLOT_AT] + session]
    elif together >= 0:
        slot = slot_for(mem, activity, together)
    if slot < 0:
        return False
    if session_for(mem, label) >= 0:
        return hold_at(mem, able, label, slot, True)
    if mem[mem[ACTIVITY_ORDERED] + activity] and draw(mem, 2) == 0:
        session = mem[mem[ACTIVITY_FIRST] + activity] + draw(mem, mem[mem[ACTIVITY_COUNT] + activity])
        if mem[mem[SLOT_AT] + session] < 0:
            return False
        if draw(mem, 2) == 0:
            return renumber_by_moving(mem, able, session)
    room = mem[mem[PIN_ROOM] + label]
    if not relocate(mem, session, mem[mem[SLOT_START_NUMBER] + slot], room, room >= 0, True):
        return False
    staff = mem[LIFTED_STAFF]
    pinned = mem[mem[PIN_STAFF_AT] + label]
    for number in range(mem[mem[PIN_STAFF] + label] // 2):
        role = mem[pinned + 2 * number]
        person = mem[pinned + 2 * number + 1]
        wish(mem, staff, mem[mem[ROLE_SEAT] + role], mem[mem[ROLE_WANTED] + role], person)
        if draw(mem, 2) == 0:
            make_room_for(mem, able, person, session, role)
    staff_again(mem, able, EVERYBODY, True)
    return settle(mem)


@compiled
def some_series(mem: Memory) -> int:
    """Return a random activity of which a session is not held or a required place is empty; any if there is none."""
    place = some_short_role(mem)
    if place >= 0 and draw(mem, 2) == 0:
        return mem[mem[ACTIVITY_OF] + mem[mem[SEAT_SESSION] + place]]
    session = some_missing(mem)
    if session >= 0:
        return mem[mem[ACTIVITY_OF] + session]
    if place >= 0:
        return mem[mem[ACTIVITY_OF] + mem[mem[SEAT_SESSION] + place]]
    return draw(mem, mem[ACTIVITIES])


@compiled
def scarcest_role(mem: Memory, activity: int) -> int:
    """Return a required role of an activity that few people may fill, or else that fewest can fill; or -1."""
    first = mem[mem[ACTIVITY_ROLE] + activity]
    best = -1
    for role in range(first, first + mem[mem[ACTIVITY_ROLES] + activity]):
        if mem[mem[ROLE_REQUIRED] + role] == 0:
            continue
        if mem[mem[ROLE_MOST_FACES] + role] > 0:
            return role
        if best < 0 or mem[mem[ROLE_POOL] + role] < mem[mem[ROLE_POOL] + best]:
            best = role
    return best


@compiled
def land_for(mem: Memory, able: Able, unit: int, person: int, role: int) -> bool:
    """Land a unit, as it was or at a random start, where a person can serve in a role of its first session."""
    first = mem[mem[UNIT_BEGIN] + unit]
    session = mem[mem[LIFTED_SESSION] + first]
    activity = mem[mem[ACTIVITY_OF] + session]
    count = mem[mem[ACTIVITY_SLOTS] + activity]
    trail = mem[TRAIL_LENGTH]
    at = draw(mem, count)
    for step in range(count + 1):
        slot = mem[mem[ACTIVITY_SLOT] + activity] + at
        if step == 0:
            slot = mem[mem[LIFTED_SLOT] + first]
        else:
            at = at + 1 if at + 1 < count else 0
        if slot < 0:
            continue
        row = mem[mem[SLOT_ABLE] + slot * mem[MOST_ROLES] + role - mem[mem[ACTIVITY_ROLE] + activity]]
        if able[row * mem[PEOPLE] + person] == 0:
            continue
        if (
            mem[mem[PERSON_DAY_COUNT] + person * mem[DAYS] + mem[mem[SLOT_DAY] + slot]]
            >= mem[mem[PERSON_DAY_MOST] + person]
        ):
            continue
        if land(mem, unit, mem[mem[SLOT_START_NUMBER] + slot], -1, False) == LANDED:
            if can_serve(mem, able, person, session, role):
                seat(mem, mem[mem[SEAT_FIRST] + session] + mem[mem[ROLE_SEAT] + role], person)
                return True
        take_off(mem, unit, trail)
    return False


@compiled
def lift_first(mem: Memory, session: int) -> None:
    """Lift the unit of a session and put that session first in it."""
    unit = lift(mem, session)
    if unit < 0:
        return
    entry = mem[mem[UNIT_BEGIN] + unit]
    while mem[mem[LIFTED_SESSION] + entry] != session:
        entry += 1
    bring_to_front(mem, mem[mem[UNIT_BEGIN] + unit], entry)


@compiled
def leave_something(mem: Memory, person: int) -> None:
    """Relieve a person of a random duty."""
    session = some_duty(mem, person)
    if session >= 0 and not mem[mem[PAST] + session]:
        unseat(mem, place_of(mem, person, session))


@compiled
def rebuild_series(mem: Memory, able: Able) -> bool:
    """Hold all sessions of a series anew, a short one if any is, around one person in its scarcest role."""
    activity = some_series(mem)
    if mem[mem[ACTIVITY_SLOTS] + activity] == 0:
        return False
    role = scarcest_role(mem, activity)
    if role < 0 or mem[mem[ROLE_POOL] + role] == 0:
        return False
    person = mem[mem[mem[ROLE_POOL_AT] + role] + draw(mem, mem[mem[ROLE_POOL] + role])]
    first = mem[mem[ACTIVITY_FIRST] + activity]
    last = first + mem[mem[ACTIVITY_COUNT] + activity]
    for session in range(first, last):
        if mem[mem[SLOT_AT] + session] >= 0 and not mem[mem[LOCKED] + session]:
            lift_first(mem, session)
    for label in range(first, last):
        if not mem[mem[LOCKED] + label] and session_for(mem, label) >= 0:
            offer(mem, label)
    if mem[mem[LOAD] + person] > mem[mem[PERSON_MOST] + person] - 1:
        leave_something(mem, person)
    for unit in range(mem[UNITS_LENGTH]):
        if not land_for(mem, able, unit, person, role) and not land_elsewhere(mem, unit, -1, -1):
            return False
    staff_again(mem, able, EVERYBODY, True)
    return settle(mem)
