"""Holding what is not held: what was published as it was, then the rest where it costs least, at last by force."""

from core.planning.anneal.compiling import Able, Memory, compiled
from core.planning.anneal.layout import *
from core.planning.anneal.lifting import land_elsewhere, land_with_force, offer, session_for, slot_for, staff_again
from core.planning.anneal.questions import can_serve, groups_in_the_way, room_in_the_way
from core.planning.anneal.settling import is_safe, roll_back, settle
from core.planning.anneal.staffing import EVERYBODY, recruit
from core.planning.anneal.state import begin, draw, place, seat, unplace, unseat


@compiled
def some_missing(mem: Memory) -> int:
    """Return a random session that is not held, or -1."""
    session = draw(mem, mem[SESSIONS])
    for _ in range(mem[SESSIONS]):
        session = session + 1 if session + 1 < mem[SESSIONS] else 0
        if mem[mem[SLOT_AT] + session] < 0 and not mem[mem[LOCKED] + session]:
            return session
    return -1


@compiled
def companion_start(mem: Memory, label: int) -> int:
    """Return the number of the start of a held session that a label's session must begin together with, or -1."""
    begin_at = mem[mem[UNIT_AT] + label]
    for at in range(begin_at, begin_at + mem[mem[UNIT] + label]):
        other = mem[mem[HOLDER] + mem[at]]
        if mem[at] != label and mem[mem[SLOT_AT] + other] >= 0:
            return mem[mem[SLOT_START_NUMBER] + mem[mem[SLOT_AT] + other]]
    return -1


@compiled
def hold_at(mem: Memory, able: Able, label: int, slot: int, force: bool) -> bool:
    """Hold the session of a label in a slot, with those without which it can't be held; say whether that worked."""
    start_number = mem[mem[SLOT_START_NUMBER] + slot]
    kin = mem[mem[KIN_AT] + label]
    for at in range(kin, kin + mem[mem[KIN] + label]):
        one = mem[at]
        if session_for(mem, one) < 0:
            continue
        if at > kin:
            start_number = companion_start(mem, one)
            own = mem[mem[ACTIVITY_OF] + one]
            if start_number < 0:
                if mem[mem[ACTIVITY_SLOTS] + own] == 0:
                    return False
                other = mem[mem[ACTIVITY_SLOT] + own] + draw(mem, mem[mem[ACTIVITY_SLOTS] + own])
                start_number = mem[mem[SLOT_START_NUMBER] + other]
        unit = offer(mem, one)
        if unit < 0 or not land_with_force(mem, unit, start_number, -1, False, 3 if force else 0):
            return False
        for blocked in range(unit + 1, mem[UNITS_LENGTH]):
            if not land_elsewhere(mem, blocked, -1, -1):
                return False
    staff_again(mem, able, EVERYBODY, force)
    return settle(mem)


@compiled
def hold_missing(mem: Memory, able: Able) -> bool:
    """Hold a session that is not held, with whatever is in the way moved elsewhere."""
    session = some_missing(mem)
    if session < 0:
        return False
    activity = mem[mem[ACTIVITY_OF] + session]
    count = mem[mem[ACTIVITY_SLOTS] + activity]
    if count == 0:
        return False
    label = mem[mem[LABEL] + session]
    slot = mem[mem[ACTIVITY_SLOT] + activity] + draw(mem, count)
    together = companion_start(mem, label)
    if together >= 0:
        slot = slot_for(mem, activity, together)
        if slot < 0:
            return False
    return hold_at(mem, able, label, slot, True)


@compiled
def published_slot(mem: Memory, label: int) -> int:
    """Return the slot in which a label's session was published, or -1."""
    activity = mem[mem[ACTIVITY_OF] + label]
    start = mem[mem[OLD_START] + label]
    first = mem[mem[ACTIVITY_SLOT] + activity]
    for slot in range(first, first + mem[mem[ACTIVITY_SLOTS] + activity]):
        if mem[mem[SLOT_START] + slot] == start:
            return slot
    return -1


@compiled
def keep_one(mem: Memory, able: Able, label: int) -> None:
    """Hold the session of a label as it was published, if its room and its groups are free and the start is allowed."""
    start = mem[mem[OLD_START] + label]
    activity = mem[mem[ACTIVITY_OF] + label]
    if start < 0 or mem[mem[SLOT_AT] + label] >= 0 or mem[mem[LOCKED] + label]:
        return
    slot = published_slot(mem, label)
    if slot < 0:
        return
    room = mem[mem[OLD_ROOM] + label]
    rooms = mem[mem[SLOT_ROOMS_AT] + slot]
    where = mem[mem[ACTIVITY_VENUE] + activity]
    if rooms >= 0:
        open_then = False
        for at in range(rooms, rooms + mem[mem[SLOT_ROOMS] + slot]):
            if mem[at] == room:
                open_then = True
        if not open_then or room_in_the_way(mem, room, slot) >= 0:
            return
        where = mem[mem[ROOM_VENUE] + room]
    day = mem[mem[SLOT_DAY] + slot]
    if mem[mem[DAY_USES] + activity * mem[DAYS] + day] >= mem[mem[ACTIVITY_DAY_LIMIT] + activity]:
        return
    if groups_in_the_way(mem, activity, slot, where) >= 0:
        return
    place(mem, label, slot, room if rooms >= 0 else -1)
    first = mem[mem[SEAT_FIRST] + label]
    for at in range(mem[mem[SEAT_FIRST] + label + 1] - first):
        person = mem[mem[OLD_SEAT] + label * mem[MOST_SEATS] + at]
        if person >= 0 and can_serve(mem, able, person, label, mem[mem[SEAT_ROLE] + first + at]):
            seat(mem, first + at, person)


@compiled
def keep_published(mem: Memory, able: Able) -> None:
    """Hold what was published at its start and in its room, as far as rules allow, with those of its staff who can.

    Sessions that nobody can make safe again are not held.
    """
    begin(mem)
    for label in range(mem[SESSIONS]):
        keep_one(mem, able, label)
        mem[TRAIL_LENGTH] = 0
    for session in range(mem[SESSIONS]):
        if mem[mem[SLOT_AT] + session] >= 0 and not mem[mem[PAST] + session]:
            recruit(mem, able, session, EVERYBODY, True)
            if not is_safe(mem, session):
                for at in range(mem[mem[SEAT_FIRST] + session], mem[mem[SEAT_FIRST] + session + 1]):
                    if mem[mem[SEAT] + at] >= 0:
                        unseat(mem, at)
                unplace(mem, session)
            mem[TRAIL_LENGTH] = 0
    settle(mem)


@compiled
def let_go_of_torn(mem: Memory) -> None:
    """Hold no session any more that needs another one that isn't held."""
    begin(mem)
    again = True
    while again:
        again = False
        for relation in range(mem[RELATION_COUNT]):
            one = mem[mem[HOLDER] + mem[mem[RELATION_A] + relation]]
            if mem[mem[RELATION_BROKEN] + relation] and mem[mem[SLOT_AT] + one] >= 0 and not mem[mem[PAST] + one]:
                for at in range(mem[mem[SEAT_FIRST] + one], mem[mem[SEAT_FIRST] + one + 1]):
                    if mem[mem[SEAT] + at] >= 0:
                        unseat(mem, at)
                unplace(mem, one)
                settle(mem)
                again = True
                mem[TRAIL_LENGTH] = 0


@compiled
def in_window(mem: Memory, label: int, slot: int) -> bool:
    """Say whether a slot lies where pins and the past leave a label's session its place in the order."""
    start = mem[mem[SLOT_START] + slot]
    return mem[mem[WINDOW_FROM] + label] <= start <= mem[mem[WINDOW_TO] + label]


@compiled
def construct(mem: Memory, able: Able, order: Memory, looks: int) -> None:
    """Hold what is not held yet, label by label in that order, each at the cheapest of so many random slots.

    Nothing that is held is moved.
    """
    for number in range(order.shape[0]):
        label = order[number]
        activity = mem[mem[ACTIVITY_OF] + label]
        count = mem[mem[ACTIVITY_SLOTS] + activity]
        begin(mem)
        session = session_for(mem, label)
        if session < 0 or count == 0 or mem[mem[LOCKED] + session]:
            continue
        together = companion_start(mem, label)
        best = -1
        least = mem[COST]
        tried = 0
        at = draw(mem, count)
        for step in range(count + 1):
            at = at + 1 if at + 1 < count else 0
            slot = mem[mem[ACTIVITY_SLOT] + activity] + at
            if step == 0:
                slot = published_slot(mem, label)
            if slot < 0 or not in_window(mem, label, slot):
                continue
            if together >= 0 and mem[mem[SLOT_START_NUMBER] + slot] != together:
                continue
            if tried >= looks and best >= 0:
                break
            tried += 1
            begin(mem)
            if hold_at(mem, able, label, slot, False) and mem[COST] < least:
                least = mem[COST]
                best = slot
            roll_back(mem)
        if best >= 0:
            before = mem[COST]
            begin(mem)
            if not hold_at(mem, able, label, best, False) or mem[COST] >= before:
                roll_back(mem)
