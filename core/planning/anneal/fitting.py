"""The best staff for a session whose time and place are set: exactly, but for sessions with very many choices."""

from core.planning.anneal.compiling import Able, Memory, compiled
from core.planning.anneal.layout import *
from core.planning.anneal.questions import adults_in, can_serve, price
from core.planning.anneal.settling import is_safe
from core.planning.anneal.state import seat, unseat

#: After so many trials the best staff so far will do.
_MOST_TRIALS = 3000
#: What is noted of each empty place: where it is, its role, the price of leaving it empty, the least that it and all
#: behind it cost, who is tried, what those before it cost, who is best.
_PLACE, _ROLE, _LEFT, _REST, _TRIED, _TOTAL, _BEST = range(7)
_NOTES = 7


def space_for(memory: Memory) -> int:
    """Return how many numbers the work on one session takes beside the memory."""
    people, roles, seats = (int(memory[name]) for name in (PEOPLE, MOST_ROLES, MOST_SEATS))
    return roles * (2 * people + 1) + _NOTES * (seats + 1)


@compiled
def note(mem: Memory, which: int, depth: int) -> int:
    """Return where in the space something is noted of an empty place."""
    return mem[MOST_ROLES] * (2 * mem[PEOPLE] + 1) + _NOTES * depth + which


@compiled
def worth(mem: Memory, person: int, session: int, role: int) -> int:
    """Return what it would cost that a person serves, far less than nothing if that is pinned."""
    label = mem[mem[LABEL] + session]
    cost = price(mem, person, session, role)
    begin = mem[mem[PIN_STAFF_AT] + label]
    for at in range(mem[mem[PIN_STAFF] + label] // 2):
        if mem[begin + 2 * at] == role and mem[begin + 2 * at + 1] == person:
            cost -= mem[BROKEN_PRICE]
    return cost


@compiled
def rank(mem: Memory, able: Able, space: Memory, session: int, role: int) -> None:
    """List who could serve in a role of a session, the cheapest first and by number among equals."""
    people = mem[PEOPLE]
    column = role - mem[mem[ACTIVITY_ROLE] + mem[mem[ACTIVITY_OF] + session]]
    names = column * 2 * people
    costs = names + people
    count = 0
    begin = mem[mem[ROLE_POOL_AT] + role]
    for at in range(begin, begin + mem[mem[ROLE_POOL] + role]):
        person = mem[at]
        if not can_serve(mem, able, person, session, role):
            continue
        cost = worth(mem, person, session, role)
        to = count
        while to > 0 and (
            space[costs + to - 1] > cost or (space[costs + to - 1] == cost and space[names + to - 1] > person)
        ):
            space[names + to] = space[names + to - 1]
            space[costs + to] = space[costs + to - 1]
            to -= 1
        space[names + to] = person
        space[costs + to] = cost
        count += 1
    space[mem[MOST_ROLES] * 2 * people + column] = count


@compiled
def list_places(mem: Memory, able: Able, space: Memory, session: int) -> int:
    """Note the empty places of a session, those of a role side by side, and who could fill them; return how many."""
    activity = mem[mem[ACTIVITY_OF] + session]
    first = mem[mem[ACTIVITY_ROLE] + activity]
    people = mem[PEOPLE]
    count = 0
    for role in range(first, first + mem[mem[ACTIVITY_ROLES] + activity]):
        filled = mem[mem[FILLED] + session * mem[MOST_ROLES] + role - first]
        if filled >= mem[mem[ROLE_WANTED] + role]:
            continue
        rank(mem, able, space, session, role)
        begin = mem[mem[SEAT_FIRST] + session] + mem[mem[ROLE_SEAT] + role]
        for place in range(begin, begin + mem[mem[ROLE_WANTED] + role]):
            if mem[mem[SEAT] + place] >= 0:
                continue
            required = filled < mem[mem[ROLE_REQUIRED] + role]
            space[note(mem, _PLACE, count)] = place
            space[note(mem, _ROLE, count)] = role
            space[note(mem, _LEFT, count)] = mem[PRICE_REQUIRED] if required else mem[PRICE_WANTED]
            filled += 1
            count += 1
    space[note(mem, _REST, count)] = 0
    for depth in range(count - 1, -1, -1):
        column = space[note(mem, _ROLE, depth)] - first
        least = space[note(mem, _LEFT, depth)]
        if space[mem[MOST_ROLES] * 2 * people + column] > 0:
            least = min(least, space[(2 * column + 1) * people])
        space[note(mem, _REST, depth)] = space[note(mem, _REST, depth + 1)] + least
    return count


@compiled
def enter(mem: Memory, space: Memory, depth: int, total: int, known: int) -> None:
    """Begin with an empty place: people of one role are tried in order, so that nobody is tried twice with another."""
    space[note(mem, _TOTAL, depth)] = total
    tried = -1
    if depth > 0 and space[note(mem, _ROLE, depth)] == space[note(mem, _ROLE, depth - 1)]:
        tried = min(space[note(mem, _TRIED, depth - 1)], known - 1)
    space[note(mem, _TRIED, depth)] = tried


@compiled
def vacate(mem: Memory, space: Memory, depth: int) -> None:
    """Take who is tried in a place out of it again; the trail forgets both."""
    place = space[note(mem, _PLACE, depth)]
    if mem[mem[SEAT] + place] >= 0:
        unseat(mem, place)
        mem[TRAIL_LENGTH] -= 2


@compiled
def known_for(mem: Memory, space: Memory, session: int, depth: int) -> int:
    """Return how many people are listed for an empty place."""
    column = space[note(mem, _ROLE, depth)] - mem[mem[ACTIVITY_ROLE] + mem[mem[ACTIVITY_OF] + session]]
    return space[mem[MOST_ROLES] * 2 * mem[PEOPLE] + column]


@compiled
def try_next(mem: Memory, able: Able, space: Memory, session: int, depth: int, count: int, least: int) -> int:
    """Try the next person in a place, or at last nobody; return what all so far cost, or `NEVER` if that was the last.

    Those with whom the session would cost `least` or more, or could not be safe, are passed over.
    """
    activity = mem[mem[ACTIVITY_OF] + session]
    role = space[note(mem, _ROLE, depth)]
    names = (role - mem[mem[ACTIVITY_ROLE] + activity]) * 2 * mem[PEOPLE]
    known = known_for(mem, space, session, depth)
    total = space[note(mem, _TOTAL, depth)]
    rest = space[note(mem, _REST, depth + 1)]
    needed = mem[mem[ACTIVITY_ADULTS] + activity] - (count - depth - 1)
    at = space[note(mem, _TRIED, depth)] + 1
    while at < known and total + space[names + mem[PEOPLE] + at] + rest < least:
        person = space[names + at]
        if can_serve(mem, able, person, session, role):
            cost = worth(mem, person, session, role)
            if total + cost + rest < least:
                seat(mem, space[note(mem, _PLACE, depth)], person)
                if adults_in(mem, session)[0] >= needed:
                    space[note(mem, _TRIED, depth)] = at
                    return total + cost
                vacate(mem, space, depth)
        at += 1
    last = space[note(mem, _TRIED, depth)]
    space[note(mem, _TRIED, depth)] = known
    cost = total + space[note(mem, _LEFT, depth)]
    if last < known and cost + rest < least and adults_in(mem, session)[0] >= needed:
        return cost
    return NEVER


@compiled
def fill_best(mem: Memory, able: Able, space: Memory, session: int) -> bool:
    """Fill the empty places of a session as makes it safe and costs least; return whether that is possible.

    Places that cost less empty than with anybody stay empty. If it is not possible, nobody more is seated.
    """
    count = list_places(mem, able, space, session)
    if count == 0:
        return is_safe(mem, session)
    least = NEVER
    depth = 0
    enter(mem, space, 0, 0, known_for(mem, space, session, 0))
    for _ in range(_MOST_TRIALS):
        vacate(mem, space, depth)
        total = try_next(mem, able, space, session, depth, count, least)
        if total == NEVER:
            depth -= 1
            if depth < 0:
                break
        elif depth + 1 < count:
            depth += 1
            enter(mem, space, depth, total, known_for(mem, space, session, depth))
        elif is_safe(mem, session):
            least = total
            for at in range(count):
                space[note(mem, _BEST, at)] = mem[mem[SEAT] + space[note(mem, _PLACE, at)]]
    for at in range(depth, -1, -1):
        vacate(mem, space, at)
    if least == NEVER:
        return False
    for at in range(count):
        if space[note(mem, _BEST, at)] >= 0:
            seat(mem, space[note(mem, _PLACE, at)], space[note(mem, _BEST, at)])
    return True
