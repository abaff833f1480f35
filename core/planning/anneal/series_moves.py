"""Moves that hand a role of a whole series to somebody else, even one that only few people may share."""

from core.planning.anneal.compiling import Able, Memory, compiled
from core.planning.anneal.layout import *
from core.planning.anneal.lifting import staff_again
from core.planning.anneal.mending import land_for, lift_first
from core.planning.anneal.people_moves import some_place
from core.planning.anneal.questions import can_serve, is_able
from core.planning.anneal.settling import settle
from core.planning.anneal.staffing import ANY_PRICE, cheapest, empty_place, obstacle, place_of, serves_in
from core.planning.anneal.state import draw, seat, unseat

#: How many places are looked at for one of a role that few people may share.
_TRIES = 12
#: How many people are looked at for a duty that somebody is called away from.
_LOOKS = 40


@compiled
def some_shared_place(mem: Memory) -> int:
    """Return a random place that is filled, of a role that few people may share if one is soon found; or -1."""
    found = -1
    for _ in range(_TRIES):
        place = some_place(mem)
        if place < 0 or mem[mem[SEAT] + place] < 0:
            continue
        found = place
        if mem[mem[ROLE_MOST_FACES] + mem[mem[SEAT_ROLE] + place]] >= 0:
            break
    return found


@compiled
def take_over(mem: Memory, able: Able, session: int, role: int, person: int, before: int) -> bool:
    """Seat a person in an empty place; a duty in the way goes to who was there before, or else to another."""
    if serves_in(mem, person, session):
        unseat(mem, place_of(mem, person, session))
    place = empty_place(mem, session, role)
    if not is_able(mem, able, person, session, role):
        return False
    if can_serve(mem, able, person, session, role):
        seat(mem, place, person)
        return True
    duty = obstacle(mem, person, session)
    if duty < 0 or mem[mem[PAST] + mem[mem[SEAT_SESSION] + duty]]:
        return False
    unseat(mem, duty)
    if not can_serve(mem, able, person, session, role):
        return False
    seat(mem, place, person)
    other = mem[mem[SEAT_SESSION] + duty]
    kind = mem[mem[SEAT_ROLE] + duty]
    instead = before
    if serves_in(mem, before, other) or not can_serve(mem, able, before, other, kind):
        instead = cheapest(mem, able, other, kind, _LOOKS, False, -1, ANY_PRICE)
    if instead >= 0:
        seat(mem, duty, instead)
    return True


@compiled
def change_face(mem: Memory, able: Able) -> bool:
    """Let somebody take over from another in a role of a whole series; what they can't come to is moved elsewhere."""
    place = some_shared_place(mem)
    if place < 0:
        return False
    before = mem[mem[SEAT] + place]
    role = mem[mem[SEAT_ROLE] + place]
    activity = mem[mem[ACTIVITY_OF] + mem[mem[SEAT_SESSION] + place]]
    person = mem[mem[mem[ROLE_POOL_AT] + role] + draw(mem, mem[mem[ROLE_POOL] + role])]
    if person == before:
        return False
    first = mem[mem[ACTIVITY_FIRST] + activity]
    last = first + mem[mem[ACTIVITY_COUNT] + activity]
    for session in range(first, last):
        if mem[mem[SLOT_AT] + session] < 0 or mem[mem[PAST] + session]:
            continue
        there = place_of(mem, before, session)
        if there >= 0 and mem[mem[SEAT_ROLE] + there] == role:
            unseat(mem, there)
    for session in range(first, last):
        if mem[mem[SLOT_AT] + session] < 0 or mem[mem[PAST] + session] or empty_place(mem, session, role) < 0:
            continue
        if not take_over(mem, able, session, role, person, before):
            if mem[mem[LOCKED] + session]:
                return False
            lift_first(mem, session)
    for unit in range(mem[UNITS_LENGTH]):
        if not land_for(mem, able, unit, person, role):
            return False
    staff_again(mem, able, _LOOKS, True)
    return settle(mem)
