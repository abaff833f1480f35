"""Moves that change who serves where. Each returns whether it led to a plan that could be kept."""

from core.planning.anneal.compiling import Able, Memory, compiled
from core.planning.anneal.layout import *
from core.planning.anneal.questions import can_serve, has_room_for_more, is_able, is_free
from core.planning.anneal.settling import settle
from core.planning.anneal.staffing import ANY_PRICE, cheapest, obstacle, place_of, serves_in
from core.planning.anneal.state import draw, seat, unseat

#: How many people are looked at for a duty that somebody is called away from.
_LOOKS = 40


@compiled
def some_place(mem: Memory) -> int:
    """Return a random place of a session that is held and not past, or -1."""
    if mem[SEATS] == 0:
        return -1
    for _ in range(8):
        place = draw(mem, mem[SEATS])
        session = mem[mem[SEAT_SESSION] + place]
        if mem[mem[SLOT_AT] + session] >= 0 and not mem[mem[PAST] + session]:
            return place
    return -1


@compiled
def candidate(mem: Memory, place: int) -> int:
    """Return somebody for a place: anyone with the skill, a face of the series, or one who comes that day anyway."""
    session = mem[mem[SEAT_SESSION] + place]
    role = mem[mem[SEAT_ROLE] + place]
    kind = draw(mem, 8)
    if kind < 3:
        activity = mem[mem[ACTIVITY_OF] + session]
        other = mem[mem[ACTIVITY_FIRST] + activity] + draw(mem, mem[mem[ACTIVITY_COUNT] + activity])
        there = mem[mem[SEAT_FIRST] + other] + mem[mem[ROLE_SEAT] + role]
        return mem[mem[SEAT] + there + draw(mem, mem[mem[ROLE_WANTED] + role])]
    if kind < 6:
        day = mem[mem[DAY_AT] + session]
        other = mem[mem[DAY_SESSIONS] + day * mem[SESSIONS] + draw(mem, mem[mem[DAY_COUNT] + day])]
        first = mem[mem[SEAT_FIRST] + other]
        count = mem[mem[SEAT_FIRST] + other + 1] - first
        return mem[mem[SEAT] + first + draw(mem, count)] if count > 0 else -1
    pool = mem[mem[ROLE_POOL] + role]
    return mem[mem[mem[ROLE_POOL_AT] + role] + draw(mem, pool)] if pool > 0 else -1


@compiled
def call_away(mem: Memory, able: Able, place: int, person: int, before: int) -> bool:
    """Let a person serve in an empty place for one other duty, which goes to who was there before, or to another."""
    session = mem[mem[SEAT_SESSION] + place]
    duty = obstacle(mem, person, session)
    if duty < 0 or mem[mem[PAST] + mem[mem[SEAT_SESSION] + duty]]:
        return False
    other = mem[mem[SEAT_SESSION] + duty]
    unseat(mem, duty)
    if not can_serve(mem, able, person, session, mem[mem[SEAT_ROLE] + place]):
        return False
    seat(mem, place, person)
    role = mem[mem[SEAT_ROLE] + duty]
    if before >= 0 and not serves_in(mem, before, other) and can_serve(mem, able, before, other, role):
        seat(mem, duty, before)
    else:
        most = mem[PRICE_WANTED]
        activity = mem[mem[ACTIVITY_OF] + other]
        filled = mem[mem[FILLED] + other * mem[MOST_ROLES] + role - mem[mem[ACTIVITY_ROLE] + activity]]
        if filled < mem[mem[ROLE_REQUIRED] + role]:
            most = ANY_PRICE
        instead = cheapest(mem, able, other, role, _LOOKS, False, -1, most)
        if instead >= 0:
            seat(mem, duty, instead)
    return settle(mem)


@compiled
def replace_person(mem: Memory, able: Able) -> bool:
    """Let somebody else serve in a place; whoever is kept from it by one other duty is relieved of that one."""
    place = some_place(mem)
    if place < 0:
        return False
    session = mem[mem[SEAT_SESSION] + place]
    role = mem[mem[SEAT_ROLE] + place]
    before = mem[mem[SEAT] + place]
    person = candidate(mem, place)
    if person < 0:
        if before < 0 or draw(mem, 4) > 0:
            return False
        unseat(mem, place)
        return settle(mem)
    if person == before or not is_able(mem, able, person, session, role) or serves_in(mem, person, session):
        return False
    if before >= 0:
        unseat(mem, place)
    if has_room_for_more(mem, person, session, role) and is_free(mem, person, session):
        seat(mem, place, person)
        return settle(mem)
    return call_away(mem, able, place, person, before)


@compiled
def duty_to_exchange(mem: Memory, able: Able, one: int, two: int, session: int) -> int:
    """Return a session of somebody `two` that `one` could take over for theirs, of the same day or any; or -1."""
    days = mem[DAYS]
    day = mem[mem[DAY_AT] + session]
    left = 1
    if draw(mem, 3) > 0:
        day = draw(mem, days)
        left = days
    while left > 0:
        left -= 1
        row = two * days + day
        count = mem[mem[PERSON_DAY_COUNT] + row]
        if count > 0:
            other = mem[mem[PERSON_DAY] + row * mem[PERSON_SPACE] + draw(mem, count)]
            if not mem[mem[PAST] + other] and not serves_in(mem, one, other):
                there = place_of(mem, two, other)
                if is_able(mem, able, one, other, mem[mem[SEAT_ROLE] + there]):
                    return other
        day = day + 1 if day + 1 < days else 0
    return -1


@compiled
def exchange_people(mem: Memory, able: Able) -> bool:
    """Let two people take each other's place, of two sessions of a day or of any two days."""
    place = some_place(mem)
    if place < 0:
        return False
    session = mem[mem[SEAT_SESSION] + place]
    one = mem[mem[SEAT] + place]
    two = candidate(mem, place)
    if one < 0 or two < 0 or one == two or serves_in(mem, two, session):
        return False
    if not is_able(mem, able, two, session, mem[mem[SEAT_ROLE] + place]):
        return False
    other = duty_to_exchange(mem, able, one, two, session)
    if other < 0:
        return False
    there = place_of(mem, two, other)
    unseat(mem, place)
    unseat(mem, there)
    if not can_serve(mem, able, two, session, mem[mem[SEAT_ROLE] + place]):
        return False
    seat(mem, place, two)
    if not can_serve(mem, able, one, other, mem[mem[SEAT_ROLE] + there]):
        return False
    seat(mem, there, one)
    return settle(mem)


@compiled
def hand_over_series(mem: Memory, able: Able) -> bool:
    """Let somebody take over from another in all sessions of a series in which that is possible."""
    place = some_place(mem)
    if place < 0:
        return False
    before = mem[mem[SEAT] + place]
    role = mem[mem[SEAT_ROLE] + place]
    activity = mem[mem[ACTIVITY_OF] + mem[mem[SEAT_SESSION] + place]]
    pool = mem[mem[ROLE_POOL] + role]
    if before < 0 or pool == 0:
        return False
    person = mem[mem[mem[ROLE_POOL_AT] + role] + draw(mem, pool)]
    if person == before:
        return False
    first = mem[mem[ACTIVITY_FIRST] + activity]
    handed = 0
    for session in range(first, first + mem[mem[ACTIVITY_COUNT] + activity]):
        if mem[mem[SLOT_AT] + session] < 0 or mem[mem[PAST] + session] or serves_in(mem, person, session):
            continue
        there = place_of(mem, before, session)
        if there < 0 or mem[mem[SEAT_ROLE] + there] != role or not is_able(mem, able, person, session, role):
            continue
        unseat(mem, there)
        if has_room_for_more(mem, person, session, role) and is_free(mem, person, session):
            seat(mem, there, person)
            handed += 1
        else:
            seat(mem, there, before)
    return handed > 0 and settle(mem)


@compiled
def spare_a_trip(mem: Memory, able: Able) -> bool:
    """Let others take over all that somebody does on one day."""
    place = some_place(mem)
    if place < 0:
        return False
    person = mem[mem[SEAT] + place]
    if person < 0:
        return False
    day = mem[mem[DAY_AT] + mem[mem[SEAT_SESSION] + place]]
    row = person * mem[DAYS] + day
    while mem[mem[PERSON_DAY_COUNT] + row] > 0:
        session = mem[mem[PERSON_DAY] + row * mem[PERSON_SPACE]]
        there = place_of(mem, person, session)
        if mem[mem[PAST] + session]:
            return False
        unseat(mem, there)
        limit = mem[mem[LOAD] + person]
        mem[mem[LOAD] + person] = mem[mem[PERSON_MOST] + person]
        instead = cheapest(mem, able, session, mem[mem[SEAT_ROLE] + there], _LOOKS, False, -1, ANY_PRICE)
        mem[mem[LOAD] + person] = limit
        if instead < 0:
            return False
        seat(mem, there, instead)
    return settle(mem)
