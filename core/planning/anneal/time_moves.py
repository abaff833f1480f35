"""Moves that change when and where sessions are held; people stay where they can, the rest is staffed anew."""

from core.planning.anneal.compiling import Able, Memory, compiled
from core.planning.anneal.layout import *
from core.planning.anneal.lifting import LANDED, land, lift, relocate, slot_for, staff_again
from core.planning.anneal.settling import settle
from core.planning.anneal.staffing import EVERYBODY
from core.planning.anneal.state import draw

#: How many people are looked at for a place; a quarter of the moves look at all.
_LOOKS = 30


@compiled
def looks_for(mem: Memory) -> int:
    """Return how many people a move looks at for a place."""
    return EVERYBODY if draw(mem, 4) == 0 else _LOOKS


@compiled
def some_session(mem: Memory) -> int:
    """Return a random session that is held and may be moved, or -1."""
    for _ in range(8):
        session = draw(mem, mem[SESSIONS])
        if mem[mem[SLOT_AT] + session] >= 0 and not mem[mem[LOCKED] + session]:
            return session
    return -1


@compiled
def some_room(mem: Memory, slot: int) -> int:
    """Return a random room of a slot, or -1."""
    count = mem[mem[SLOT_ROOMS] + slot]
    return mem[mem[mem[SLOT_ROOMS_AT] + slot] + draw(mem, count)] if count > 0 else -1


@compiled
def move_session(mem: Memory, able: Able, force: bool) -> bool:
    """Move a session to another start."""
    session = some_session(mem)
    if session < 0:
        return False
    activity = mem[mem[ACTIVITY_OF] + session]
    slot = mem[mem[ACTIVITY_SLOT] + activity] + draw(mem, mem[mem[ACTIVITY_SLOTS] + activity])
    if slot == mem[mem[SLOT_AT] + session]:
        return False
    room = some_room(mem, slot) if draw(mem, 3) == 0 else -1
    if not relocate(mem, session, mem[mem[SLOT_START_NUMBER] + slot], room, room >= 0 and force, force):
        return False
    staff_again(mem, able, looks_for(mem), draw(mem, 2) == 0)
    return settle(mem)


@compiled
def change_room(mem: Memory, able: Able) -> bool:
    """Move a session to another room; whatever is there moves to the room that becomes free, or elsewhere."""
    session = some_session(mem)
    if session < 0:
        return False
    slot = mem[mem[SLOT_AT] + session]
    activity = mem[mem[ACTIVITY_OF] + session]
    if draw(mem, 2) == 0:
        other = mem[mem[ACTIVITY_FIRST] + activity] + draw(mem, mem[mem[ACTIVITY_COUNT] + activity])
        room = mem[mem[ROOM_AT] + other] if mem[mem[SLOT_AT] + other] >= 0 else -1
    else:
        room = some_room(mem, slot)
    if room < 0 or room == mem[mem[ROOM_AT] + session]:
        return False
    if not relocate(mem, session, mem[mem[SLOT_START_NUMBER] + slot], room, True, True):
        return False
    staff_again(mem, able, _LOOKS, False)
    return settle(mem)


@compiled
def swap_sessions(mem: Memory, able: Able) -> bool:
    """Let a session take the start and room of a session of another activity, which takes its own."""
    session = some_session(mem)
    other = some_session(mem)
    if session < 0 or other < 0 or mem[mem[START_AT] + session] == mem[mem[START_AT] + other]:
        return False
    start_number = mem[mem[SLOT_START_NUMBER] + mem[mem[SLOT_AT] + other]]
    slot = slot_for(mem, mem[mem[ACTIVITY_OF] + session], start_number)
    room = mem[mem[ROOM_AT] + other]
    if slot < 0 or lift(mem, other) < 0:
        return False
    if mem[mem[SLOT_AT] + session] < 0:
        return False
    old_start = mem[mem[SLOT_START_NUMBER] + mem[mem[SLOT_AT] + session]]
    old_room = mem[mem[ROOM_AT] + session]
    unit = lift(mem, session)
    if unit < 0 or land(mem, unit, start_number, room, False) != LANDED:
        return False
    if land(mem, 0, old_start, old_room, False) != LANDED:
        return False
    staff_again(mem, able, looks_for(mem), draw(mem, 2) == 0)
    return settle(mem)


@compiled
def move_series_to_room(mem: Memory, able: Able) -> bool:
    """Move all sessions of an activity that can be to one room."""
    session = some_session(mem)
    if session < 0:
        return False
    room = some_room(mem, mem[mem[SLOT_AT] + session])
    if room < 0:
        return False
    activity = mem[mem[ACTIVITY_OF] + session]
    first = mem[mem[ACTIVITY_FIRST] + activity]
    moved = 0
    for one in range(first, first + mem[mem[ACTIVITY_COUNT] + activity]):
        slot = mem[mem[SLOT_AT] + one]
        if slot < 0 or mem[mem[LOCKED] + one] or mem[mem[ROOM_AT] + one] == room:
            continue
        if not relocate(mem, one, mem[mem[SLOT_START_NUMBER] + slot], room, True, True):
            return False
        moved += 1
    if moved == 0:
        return False
    staff_again(mem, able, _LOOKS, False)
    return settle(mem)


@compiled
def same_day_slot(mem: Memory, begin: int, count: int, day: int, clock: int) -> int:
    """Return the slot among those with that day and time of day, or -1."""
    for slot in range(begin, begin + count):
        if mem[mem[SLOT_DAY] + slot] == day and mem[mem[SLOT_CLOCK] + slot] == clock:
            return slot
    return -1


@compiled
def move_series_to_clock(mem: Memory, able: Able) -> bool:
    """Move all sessions of an activity to another time of the same days."""
    session = some_session(mem)
    if session < 0:
        return False
    activity = mem[mem[ACTIVITY_OF] + session]
    begin = mem[mem[ACTIVITY_SLOT] + activity]
    count = mem[mem[ACTIVITY_SLOTS] + activity]
    clock = mem[mem[SLOT_CLOCK] + begin + draw(mem, count)]
    first = mem[mem[ACTIVITY_FIRST] + activity]
    moved = 0
    for one in range(first, first + mem[mem[ACTIVITY_COUNT] + activity]):
        slot = mem[mem[SLOT_AT] + one]
        if slot < 0 or mem[mem[LOCKED] + one] or mem[mem[SLOT_CLOCK] + slot] == clock:
            continue
        target = same_day_slot(mem, begin, count, mem[mem[DAY_AT] + one], clock)
        if target < 0 or not relocate(mem, one, mem[mem[SLOT_START_NUMBER] + target], -1, False, True):
            return False
        moved += 1
    if moved == 0:
        return False
    staff_again(mem, able, looks_for(mem), draw(mem, 2) == 0)
    return settle(mem)
