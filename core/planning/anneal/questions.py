"""Questions about the plan in memory: who and what is free, and who could serve. Nothing is changed by asking."""

from core.planning.anneal.compiling import Able, Memory, compiled
from core.planning.anneal.layout import *


@compiled
def clash(
    mem: Memory, counts: int, lists: int, space: int, who: int, day: int, start: int, end: int, venue: int
) -> int:
    """Return a session that keeps somebody from another then and there, or -1.

    `counts` and `lists` are the tables of people's or of groups' days, with that much space for a day.
    """
    for near in range(max(0, day - mem[DAYS_AROUND]), min(mem[DAYS], day + mem[DAYS_AROUND] + 1)):
        row = who * mem[DAYS] + near
        begin = lists + row * space
        for at in range(begin, begin + mem[counts + row]):
            session = mem[at]
            way = mem[mem[TRAVEL] + venue * mem[VENUES] + mem[mem[VENUE_AT] + session]]
            if start < mem[mem[END_AT] + session] + way and mem[mem[START_AT] + session] < end + way:
                return session
    return -1


@compiled
def duty_in_the_way(mem: Memory, person: int, day: int, start: int, end: int, venue: int) -> int:
    """Return a session in which a person serves and that keeps them from another then and there, or -1."""
    return clash(mem, mem[PERSON_DAY_COUNT], mem[PERSON_DAY], mem[PERSON_SPACE], person, day, start, end, venue)


@compiled
def groups_in_the_way(mem: Memory, activity: int, slot: int, venue: int) -> int:
    """Return a session that the groups of an activity attend then, too near for another, or -1."""
    begin = mem[mem[ACTIVITY_GROUPS_AT] + activity]
    for at in range(begin, begin + mem[mem[ACTIVITY_GROUPS] + activity]):
        found = clash(
            mem,
            mem[GROUP_DAY_COUNT],
            mem[GROUP_DAY],
            mem[GROUP_SPACE],
            mem[at],
            mem[mem[SLOT_DAY] + slot],
            mem[mem[SLOT_START] + slot],
            mem[mem[SLOT_END] + slot],
            venue,
        )
        if found >= 0:
            return found
    return -1


@compiled
def room_in_the_way(mem: Memory, room: int, slot: int) -> int:
    """Return a session that is in a room then, or too soon before or after, or -1."""
    start = mem[mem[SLOT_START] + slot]
    end = mem[mem[SLOT_END] + slot]
    day = mem[mem[SLOT_DAY] + slot]
    turnover = mem[mem[ROOM_TURNOVER] + room]
    for near in range(max(0, day - mem[DAYS_AROUND]), min(mem[DAYS], day + mem[DAYS_AROUND] + 1)):
        row = room * mem[DAYS] + near
        begin = mem[ROOM_DAY] + row * mem[ROOM_SPACE]
        for at in range(begin, begin + mem[mem[ROOM_DAY_COUNT] + row]):
            session = mem[at]
            if start < mem[mem[END_AT] + session] + turnover and mem[mem[START_AT] + session] < end + turnover:
                return session
    return -1


@compiled
def is_able(mem: Memory, able: Able, person: int, session: int, role: int) -> bool:
    """Say whether a person has the role's skill and is available for the whole session, as it is placed."""
    activity = mem[mem[ACTIVITY_OF] + session]
    slot = mem[mem[SLOT_AT] + session]
    row = mem[mem[SLOT_ABLE] + slot * mem[MOST_ROLES] + role - mem[mem[ACTIVITY_ROLE] + activity]]
    return able[row * mem[PEOPLE] + person] != 0


@compiled
def week_is_full(mem: Memory, person: int, day: int) -> bool:
    """Say whether a person serves as often in the week of a day as they offered."""
    most = mem[mem[PERSON_WEEK_MOST] + person]
    if most == NEVER:
        return False
    week = mem[mem[DAY_WEEK] + day]
    first = day
    while first > 0 and mem[mem[DAY_WEEK] + first - 1] == week:
        first -= 1
    count = 0
    for near in range(first, mem[DAYS]):
        if mem[mem[DAY_WEEK] + near] != week:
            break
        count += mem[mem[PERSON_DAY_COUNT] + person * mem[DAYS] + near]
    return count >= most


@compiled
def serves_beside(mem: Memory, session: int, begin: int, length: int) -> bool:
    """Say whether one of the people of a list serves in a session."""
    for at in range(mem[mem[SEAT_FIRST] + session], mem[mem[SEAT_FIRST] + session + 1]):
        person = mem[mem[SEAT] + at]
        if person >= 0:
            for other in range(begin, begin + length):
                if mem[other] == person:
                    return True
    return False


@compiled
def suits(mem: Memory, person: int, session: int) -> bool:
    """Say whether a person goes where a session is held, and serves beside those who serve in it."""
    if not mem[mem[PERSON_GOES] + person * mem[VENUES] + mem[mem[VENUE_AT] + session]]:
        return False
    if serves_beside(mem, session, mem[mem[PERSON_APART_AT] + person], mem[mem[PERSON_APART] + person]):
        return False
    return mem[mem[PERSON_ALONE] + person] or serves_beside(
        mem, session, mem[mem[PERSON_WITH_AT] + person], mem[mem[PERSON_WITH] + person]
    )


@compiled
def has_room_for_more(mem: Memory, person: int, session: int, role: int) -> bool:
    """Say whether the limits of a person and of a role let the person serve in a session more."""
    if mem[mem[LOAD] + person] >= mem[mem[PERSON_MOST] + person]:
        return False
    row = person * mem[DAYS] + mem[mem[DAY_AT] + session]
    if mem[mem[PERSON_DAY_COUNT] + row] >= mem[mem[PERSON_DAY_MOST] + person]:
        return False
    if mem[CHOOSY] and week_is_full(mem, person, mem[mem[DAY_AT] + session]):
        return False
    most = mem[mem[ROLE_MOST_FACES] + role]
    if most < 0 or mem[mem[FACE] + role * mem[PEOPLE] + person] % FROZEN_FACE > 0:
        return True
    return mem[mem[FACES_AHEAD] + role] < most


@compiled
def is_free(mem: Memory, person: int, session: int) -> bool:
    """Say whether a person serves nowhere else when a session is held, nor too far away, and goes there at all."""
    if mem[CHOOSY] and not suits(mem, person, session):
        return False
    return (
        duty_in_the_way(
            mem,
            person,
            mem[mem[DAY_AT] + session],
            mem[mem[START_AT] + session],
            mem[mem[END_AT] + session],
            mem[mem[VENUE_AT] + session],
        )
        < 0
    )


@compiled
def can_serve(mem: Memory, able: Able, person: int, session: int, role: int) -> bool:
    """Say whether a person who doesn't serve in a session yet could."""
    return (
        is_able(mem, able, person, session, role)
        and has_room_for_more(mem, person, session, role)
        and is_free(mem, person, session)
    )


@compiled
def price(mem: Memory, person: int, session: int, role: int) -> int:
    """Return what it would cost that a person serves in a session, the empty place aside."""
    activity = mem[mem[ACTIVITY_OF] + session]
    cost = mem[PRICE_LOAD] * (2 * mem[mem[LOAD] + person] + 1) - mem[mem[LIKE] + activity * mem[PEOPLE] + person]
    if mem[mem[PERSON_DAY_COUNT] + person * mem[DAYS] + mem[mem[DAY_AT] + session]] == 0:
        cost += mem[PRICE_TRIPS]
    if mem[mem[FACE] + role * mem[PEOPLE] + person] == 0 and mem[mem[FACES] + role] >= mem[mem[ROLE_WANTED] + role]:
        cost += mem[mem[ROLE_FACES_PRICE] + role]
    if mem[REPLANS]:
        label = mem[mem[LABEL] + session]
        begin = mem[mem[OLD_STAFF_AT] + label]
        for at in range(begin, begin + mem[mem[OLD_STAFF] + label]):
            if mem[at] == person:
                cost -= mem[PRICE_RESTAFFED]
    return cost


@compiled
def adults_in(mem: Memory, session: int) -> tuple[int, int]:
    """Return how many adults serve in a session, and the household of them if they are all of one, else -1."""
    adults = 0
    home = -1
    for at in range(mem[mem[SEAT_FIRST] + session], mem[mem[SEAT_FIRST] + session + 1]):
        person = mem[mem[SEAT] + at]
        if person >= 0 and mem[mem[PERSON_ADULT] + person]:
            if adults == 0:
                home = mem[mem[PERSON_HOME] + person]
            elif mem[mem[PERSON_HOME] + person] != home:
                home = -1
            adults += 1
    return adults, home
