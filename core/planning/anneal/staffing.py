"""Staff for a session: the cheapest person for a place, place after place, or somebody called away from a duty."""

from core.planning.anneal.compiling import Able, Memory, compiled
from core.planning.anneal.layout import *
from core.planning.anneal.questions import (
    adults_in,
    can_serve,
    duty_in_the_way,
    has_room_for_more,
    is_able,
    is_free,
    price,
)
from core.planning.anneal.settling import is_safe
from core.planning.anneal.state import draw, seat, unseat

#: As many looks as there are people, and more than any person costs.
EVERYBODY = 1 << 30
ANY_PRICE = 1 << 60


@compiled
def cheapest(
    mem: Memory, able: Able, session: int, role: int, looks: int, adult: bool, but_home: int, most: int
) -> int:
    """Return who could serve in a role of a session and costs least, less than `most`; -1 if nobody.

    So many of those with the skill are looked at, from a random one on. With `adult`, only adults; nobody of the
    household `but_home`.
    """
    pool = mem[mem[ROLE_POOL] + role]
    if pool == 0:
        return -1
    begin = mem[mem[ROLE_POOL_AT] + role]
    at = draw(mem, pool)
    best = -1
    least = most
    for _ in range(min(looks, pool)):
        at += 1
        if at >= pool:
            at = 0
        person = mem[begin + at]
        if adult and (not mem[mem[PERSON_ADULT] + person] or mem[mem[PERSON_HOME] + person] == but_home):
            continue
        if not is_able(mem, able, person, session, role) or not has_room_for_more(mem, person, session, role):
            continue
        cost = price(mem, person, session, role)
        if cost < least and is_free(mem, person, session):
            least = cost
            best = person
    return best


@compiled
def empty_place(mem: Memory, session: int, role: int) -> int:
    """Return an empty place of a role in a session, or -1."""
    activity = mem[mem[ACTIVITY_OF] + session]
    if (
        mem[mem[FILLED] + session * mem[MOST_ROLES] + role - mem[mem[ACTIVITY_ROLE] + activity]]
        >= mem[mem[ROLE_WANTED] + role]
    ):
        return -1
    at = mem[mem[SEAT_FIRST] + session] + mem[mem[ROLE_SEAT] + role]
    while mem[mem[SEAT] + at] >= 0:
        at += 1
    return at


@compiled
def serves_in(mem: Memory, person: int, session: int) -> bool:
    """Say whether a person serves in a session."""
    for at in range(mem[mem[SEAT_FIRST] + session], mem[mem[SEAT_FIRST] + session + 1]):
        if mem[mem[SEAT] + at] == person:
            return True
    return False


@compiled
def some_duty(mem: Memory, person: int) -> int:
    """Return a session in which a person serves, of a random day; -1 if there is none."""
    day = draw(mem, mem[DAYS])
    for _ in range(mem[DAYS]):
        day = day + 1 if day + 1 < mem[DAYS] else 0
        row = person * mem[DAYS] + day
        count = mem[mem[PERSON_DAY_COUNT] + row]
        if count > 0:
            return mem[mem[PERSON_DAY] + row * mem[PERSON_SPACE] + draw(mem, count)]
    return -1


@compiled
def place_of(mem: Memory, person: int, session: int) -> int:
    """Return the place in which a person serves in a session, or -1."""
    for at in range(mem[mem[SEAT_FIRST] + session], mem[mem[SEAT_FIRST] + session + 1]):
        if mem[mem[SEAT] + at] == person:
            return at
    return -1


@compiled
def obstacle(mem: Memory, person: int, session: int) -> int:
    """Return a place that a person would have to leave to serve in a session (a clash, that day, any), or -1."""
    day = mem[mem[DAY_AT] + session]
    other = duty_in_the_way(
        mem,
        person,
        day,
        mem[mem[START_AT] + session],
        mem[mem[END_AT] + session],
        mem[mem[VENUE_AT] + session],
    )
    if other < 0:
        row = person * mem[DAYS] + day
        count = mem[mem[PERSON_DAY_COUNT] + row]
        if count > 0 and count >= mem[mem[PERSON_DAY_MOST] + person]:
            other = mem[mem[PERSON_DAY] + row * mem[PERSON_SPACE] + draw(mem, count)]
        elif mem[mem[LOAD] + person] >= mem[mem[PERSON_MOST] + person]:
            other = some_duty(mem, person)
    if other < 0:
        return -1
    return place_of(mem, person, other)


@compiled
def someone_called_away(mem: Memory, able: Able, session: int, role: int, adult: bool, but_home: int) -> bool:
    """Let somebody serve in a role who is kept from it by one other duty, which somebody else takes over.

    Return whether that was possible; if not, nothing has changed. The duty stays filled, so nothing becomes unsafe
    but what `settle` will find.
    """
    pool = mem[mem[ROLE_POOL] + role]
    place = empty_place(mem, session, role)
    if pool == 0 or place < 0:
        return False
    begin = mem[mem[ROLE_POOL_AT] + role]
    at = draw(mem, pool)
    for _ in range(pool):
        at = at + 1 if at + 1 < pool else 0
        person = mem[begin + at]
        if adult and (not mem[mem[PERSON_ADULT] + person] or mem[mem[PERSON_HOME] + person] == but_home):
            continue
        if not is_able(mem, able, person, session, role) or serves_in(mem, person, session):
            continue
        duty = obstacle(mem, person, session)
        if duty < 0 or mem[mem[PAST] + mem[mem[SEAT_SESSION] + duty]]:
            continue
        other = mem[mem[SEAT_SESSION] + duty]
        trail = mem[TRAIL_LENGTH]
        unseat(mem, duty)
        if can_serve(mem, able, person, session, role):
            seat(mem, place, person)
            instead = cheapest(mem, able, other, mem[mem[SEAT_ROLE] + duty], EVERYBODY, False, -1, ANY_PRICE)
            if instead >= 0:
                seat(mem, duty, instead)
                if is_safe(mem, other):
                    return True
                unseat(mem, duty)
            unseat(mem, place)
        seat(mem, duty, person)
        mem[TRAIL_LENGTH] = trail
    return False


@compiled
def fill_role(mem: Memory, able: Able, session: int, role: int, looks: int, upto: int, most: int) -> None:
    """Fill places of a role up to that number with people who cost less than `most`."""
    activity = mem[mem[ACTIVITY_OF] + session]
    filled = mem[FILLED] + session * mem[MOST_ROLES] + role - mem[mem[ACTIVITY_ROLE] + activity]
    while mem[filled] < upto:
        adults, home = adults_in(mem, session)
        least = mem[mem[ACTIVITY_ADULTS] + activity]
        adult = adults < least or (least >= 2 and adults > 0 and home >= 0)
        but_home = home if least >= 2 and adults > 0 else -1
        person = cheapest(mem, able, session, role, looks, adult, but_home, most)
        if person < 0 and adult:
            person = cheapest(mem, able, session, role, looks, False, -1, most)
        if person < 0:
            return
        seat(mem, empty_place(mem, session, role), person)


@compiled
def make_safe(mem: Memory, able: Able, session: int, calls: bool) -> None:
    """Add adults of other households in places that are left until a session is safe, as far as there are any."""
    activity = mem[mem[ACTIVITY_OF] + session]
    first = mem[mem[ACTIVITY_ROLE] + activity]
    for role in range(first, first + mem[mem[ACTIVITY_ROLES] + activity]):
        while not is_safe(mem, session):
            place = empty_place(mem, session, role)
            if place < 0:
                break
            adults, home = adults_in(mem, session)
            but_home = home if adults >= mem[mem[ACTIVITY_ADULTS] + activity] - 1 else -1
            person = cheapest(mem, able, session, role, EVERYBODY, True, but_home, ANY_PRICE)
            if person >= 0:
                seat(mem, place, person)
            elif not calls or not someone_called_away(mem, able, session, role, True, but_home):
                break


@compiled
def recruit(mem: Memory, able: Able, session: int, looks: int, calls: bool) -> None:
    """Fill the places of a session: required ones, more until it is safe, then those that are worth their price.

    With `calls`, people may be called away from other duties for a required place or for safety.
    """
    activity = mem[mem[ACTIVITY_OF] + session]
    first = mem[mem[ACTIVITY_ROLE] + activity]
    last = first + mem[mem[ACTIVITY_ROLES] + activity]
    for role in range(first, last):
        required = mem[mem[ROLE_REQUIRED] + role]
        filled = mem[FILLED] + session * mem[MOST_ROLES] + role - first
        fill_role(mem, able, session, role, looks, required, ANY_PRICE)
        while calls and mem[filled] < required:
            if not someone_called_away(mem, able, session, role, False, -1):
                break
    if not is_safe(mem, session):
        make_safe(mem, able, session, calls)
    for role in range(first, last):
        fill_role(mem, able, session, role, looks, mem[mem[ROLE_WANTED] + role], mem[PRICE_WANTED])
