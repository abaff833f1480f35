"""Holding what is not held although another series, which it has a relation with, leaves no time for it."""

from core.planning.anneal.compiling import Able, Memory, compiled
from core.planning.anneal.holding import some_missing
from core.planning.anneal.layout import *
from core.planning.anneal.lifting import LANDED, land, land_elsewhere, lift, offer, staff_again, take_off
from core.planning.anneal.settling import settle
from core.planning.anneal.staffing import EVERYBODY
from core.planning.anneal.state import draw

#: How many starts are tried for a session of the other series.
_TRIES = 16
#: How many other series are moved at most.
_MOST_TIED = 4


@compiled
def side_of(mem: Memory, activity: int, other: int) -> int:
    """Return on which side of an activity's sessions another activity's must lie: 1 after, -1 before, 0 on either.

    What must begin together with the activity's own sessions counts as the activity.
    """
    first = mem[mem[ACTIVITY_FIRST] + activity]
    for label in range(first, first + mem[mem[ACTIVITY_COUNT] + activity]):
        kin = mem[mem[KIN_AT] + label]
        for at in range(kin, kin + mem[mem[KIN] + label]):
            begin = mem[mem[RELATIONS_AT] + mem[at]]
            for number in range(begin, begin + mem[mem[RELATIONS] + mem[at]]):
                relation = mem[number]
                if mem[mem[RELATION_KIND] + relation] == BEFORE:
                    if mem[mem[ACTIVITY_OF] + mem[mem[RELATION_B] + relation]] == other and other != activity:
                        return 1
                    if mem[mem[ACTIVITY_OF] + mem[mem[RELATION_A] + relation]] == other and other != activity:
                        return -1
    return 0


@compiled
def lift_series(mem: Memory, activity: int) -> None:
    """Lift all sessions of an activity that may be moved, with those that must begin together with them."""
    first = mem[mem[ACTIVITY_FIRST] + activity]
    for session in range(first, first + mem[mem[ACTIVITY_COUNT] + activity]):
        if mem[mem[SLOT_AT] + session] >= 0 and not mem[mem[LOCKED] + session]:
            lift(mem, session)


@compiled
def land_between(mem: Memory, unit: int, low: int, high: int) -> bool:
    """Land a unit at a random start from low to high; return whether one was found."""
    session = mem[mem[LIFTED_SESSION] + mem[mem[UNIT_BEGIN] + unit]]
    activity = mem[mem[ACTIVITY_OF] + session]
    for _ in range(_TRIES):
        slot = mem[mem[ACTIVITY_SLOT] + activity] + draw(mem, mem[mem[ACTIVITY_SLOTS] + activity])
        if low <= mem[mem[SLOT_START] + slot] <= high:
            trail = mem[TRAIL_LENGTH]
            if land(mem, unit, mem[mem[SLOT_START_NUMBER] + slot], -1, False) == LANDED:
                return True
            take_off(mem, unit, trail)
    return False


@compiled
def hold_among_related(mem: Memory, able: Able) -> bool:
    """Hold a session that is not held, and anew all series that must lie before or after those of its activity."""
    session = some_missing(mem)
    if session < 0:
        return False
    activity = mem[mem[ACTIVITY_OF] + session]
    if mem[mem[ACTIVITY_SLOTS] + activity] == 0:
        return False
    tied = 0
    for other in range(mem[ACTIVITIES]):
        if tied < _MOST_TIED and side_of(mem, activity, other) != 0:
            lift_series(mem, other)
            tied += 1
    if tied == 0:
        return False
    offer(mem, mem[mem[LABEL] + session])
    slot = mem[mem[ACTIVITY_SLOT] + activity] + draw(mem, mem[mem[ACTIVITY_SLOTS] + activity])
    line = mem[mem[SLOT_START] + slot]
    own = False
    for unit in range(mem[UNITS_LENGTH]):
        side = 0
        mine = False
        for entry in range(mem[mem[UNIT_BEGIN] + unit], mem[mem[UNIT_END] + unit]):
            other = mem[mem[ACTIVITY_OF] + mem[mem[LIFTED_SESSION] + entry]]
            mine = mine or other == activity
            side = side_of(mem, activity, other) if side == 0 else side
        landed = False
        if mine and not own:
            own = True
            trail = mem[TRAIL_LENGTH]
            landed = land(mem, unit, mem[mem[SLOT_START_NUMBER] + slot], -1, False) == LANDED
            if not landed:
                take_off(mem, unit, trail)
        elif side > 0:
            landed = land_between(mem, unit, line + 1, NEVER)
        elif side < 0:
            landed = land_between(mem, unit, 0, line - 1)
        if not landed and not land_elsewhere(mem, unit, -1, -1):
            return False
    staff_again(mem, able, EVERYBODY, True)
    return settle(mem)
