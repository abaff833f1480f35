"""The end of a move: sessions are numbered anew, what is said of each number is weighed, and safety is asked."""

from core.planning.anneal.compiling import Memory, compiled
from core.planning.anneal.layout import *
from core.planning.anneal.questions import suits
from core.planning.anneal.state import place, seat, unplace, unseat


@compiled
def renumber(mem: Memory, activity: int) -> None:
    """Number the held sessions of an ordered activity by their starts; those not held come last."""
    first = mem[mem[ACTIVITY_FIRST] + activity]
    holder = mem[HOLDER]
    for at in range(first + 1, first + mem[mem[ACTIVITY_COUNT] + activity]):
        session = mem[holder + at]
        held = mem[mem[SLOT_AT] + session] >= 0
        start = mem[mem[START_AT] + session]
        to = at
        while to > first:
            other = mem[holder + to - 1]
            if mem[mem[SLOT_AT] + other] >= 0 and (not held or mem[mem[START_AT] + other] <= start):
                break
            if mem[mem[SLOT_AT] + other] < 0 and not held:
                break
            mem[holder + to] = other
            mem[mem[LABEL] + other] = to
            to -= 1
        mem[holder + to] = session
        mem[mem[LABEL] + session] = to


@compiled
def serves(mem: Memory, session: int, person: int, role: int) -> bool:
    """Say whether a person serves in a session in a role, or in any with -1."""
    begin = mem[mem[SEAT_FIRST] + session]
    for at in range(begin, mem[mem[SEAT_FIRST] + session + 1]):
        if mem[mem[SEAT] + at] == person and (role < 0 or mem[mem[SEAT_ROLE] + at] == role):
            return True
    return False


@compiled
def pin_is_broken(mem: Memory, label: int) -> bool:
    """Say whether the session of that number is not held as its pin asks."""
    session = mem[mem[HOLDER] + label]
    slot = mem[mem[SLOT_AT] + session]
    if slot < 0:
        return True
    start = mem[mem[PIN_START] + label]
    if start >= 0 and mem[mem[START_AT] + session] != start:
        return True
    room = mem[mem[PIN_ROOM] + label]
    if room >= 0 and mem[mem[ROOM_AT] + session] != room:
        return True
    begin = mem[mem[PIN_STAFF_AT] + label]
    for at in range(mem[mem[PIN_STAFF] + label] // 2):
        if not serves(mem, session, mem[begin + 2 * at + 1], mem[begin + 2 * at]):
            return True
    return False


@compiled
def weigh_pin(mem: Memory, label: int) -> None:
    """Weigh a pin anew."""
    if mem[mem[PIN_ASKED] + label]:
        broken = 1 if pin_is_broken(mem, label) else 0
        change = broken - mem[mem[PIN_BROKEN] + label]
        mem[BROKEN] += change
        mem[COST] += change * mem[BROKEN_PRICE]
        mem[mem[PIN_BROKEN] + label] = broken


@compiled
def relation_is_broken(mem: Memory, relation: int) -> bool:
    """Say whether a relation between two sessions does not hold."""
    one = mem[mem[HOLDER] + mem[mem[RELATION_A] + relation]]
    two = mem[mem[HOLDER] + mem[mem[RELATION_B] + relation]]
    kind = mem[mem[RELATION_KIND] + relation]
    one_held = mem[mem[SLOT_AT] + one] >= 0
    two_held = mem[mem[SLOT_AT] + two] >= 0
    if kind == NEEDS:
        return one_held and not two_held
    if not one_held or not two_held:
        return False
    if kind == TOGETHER:
        return mem[mem[START_AT] + one] != mem[mem[START_AT] + two]
    if kind == SAME_VENUE:
        return mem[mem[VENUE_AT] + one] != mem[mem[VENUE_AT] + two]
    if kind == BEFORE:
        return mem[mem[END_AT] + one] + mem[mem[RELATION_GAP] + relation] > mem[mem[START_AT] + two]
    return mem[mem[DAY_AT] + one] == mem[mem[DAY_AT] + two]


@compiled
def weigh_relations(mem: Memory, label: int) -> None:
    """Weigh the relations of a session anew."""
    begin = mem[mem[RELATIONS_AT] + label]
    for at in range(begin, begin + mem[mem[RELATIONS] + label]):
        relation = mem[at]
        broken = 1 if relation_is_broken(mem, relation) else 0
        change = broken - mem[mem[RELATION_BROKEN] + relation]
        mem[BROKEN] += change
        mem[COST] += change * mem[BROKEN_PRICE]
        mem[mem[RELATION_BROKEN] + relation] = broken


@compiled
def weigh_old(mem: Memory, label: int) -> None:
    """Weigh anew how far a session is from what was published."""
    old = mem[mem[OLD_START] + label]
    if old < 0:
        return
    session = mem[mem[HOLDER] + label]
    price = 0
    if mem[mem[SLOT_AT] + session] >= 0:
        if mem[mem[START_AT] + session] != old:
            price += mem[PRICE_MOVED]
        elif mem[mem[ROOM_AT] + session] != mem[mem[OLD_ROOM] + label]:
            price += mem[PRICE_REHOUSED]
        begin = mem[mem[OLD_STAFF_AT] + label]
        for at in range(begin, begin + mem[mem[OLD_STAFF] + label]):
            if not serves(mem, session, mem[at], -1):
                price += mem[PRICE_RESTAFFED]
    mem[COST] += price - mem[mem[OLD_PRICE] + label]
    mem[mem[OLD_PRICE] + label] = price


@compiled
def is_safe(mem: Memory, session: int) -> bool:
    """Say whether enough adults serve in a held session, not all of one household if two must, and nobody minds."""
    if mem[CHOOSY] and not mem[mem[PAST] + session]:
        for at in range(mem[mem[SEAT_FIRST] + session], mem[mem[SEAT_FIRST] + session + 1]):
            if mem[mem[SEAT] + at] >= 0 and not suits(mem, mem[mem[SEAT] + at], session):
                return False
    least = mem[mem[ACTIVITY_ADULTS] + mem[mem[ACTIVITY_OF] + session]]
    if least <= 0:
        return True
    adults = 0
    home = -1
    homes = 0
    for at in range(mem[mem[SEAT_FIRST] + session], mem[mem[SEAT_FIRST] + session + 1]):
        person = mem[mem[SEAT] + at]
        if person >= 0 and mem[mem[PERSON_ADULT] + person]:
            adults += 1
            if mem[mem[PERSON_HOME] + person] != home:
                homes += 1
                home = mem[mem[PERSON_HOME] + person]
    return adults >= least and (least < 2 or homes >= 2)


@compiled
def settle(mem: Memory) -> bool:
    """Weigh what hangs on the numbers of sessions, and say whether every session that was touched is safe."""
    for at in range(mem[CHANGED_LENGTH]):
        activity = mem[mem[CHANGED] + at]
        if mem[mem[ACTIVITY_ORDERED] + activity]:
            renumber(mem, activity)
    for at in range(mem[CHANGED_LENGTH]):
        activity = mem[mem[CHANGED] + at]
        if mem[mem[ACTIVITY_RULED] + activity]:
            first = mem[mem[ACTIVITY_FIRST] + activity]
            for label in range(first, first + mem[mem[ACTIVITY_COUNT] + activity]):
                weigh_pin(mem, label)
                weigh_relations(mem, label)
                weigh_old(mem, label)
    safe = True
    for at in range(mem[TOUCHED_LENGTH]):
        session = mem[mem[TOUCHED] + at]
        weigh_pin(mem, mem[mem[LABEL] + session])
        weigh_old(mem, mem[mem[LABEL] + session])
        if safe and mem[mem[SLOT_AT] + session] >= 0 and not is_safe(mem, session):
            safe = False
    return safe


@compiled
def roll_back(mem: Memory) -> None:
    """Undo the move, change by change."""
    for at in range(mem[TRAIL_LENGTH] - 1, -1, -1):
        entry = mem[TRAIL] + at * TRAIL_ENTRY
        change = mem[entry]
        if change == SEATED:
            unseat(mem, mem[entry + 1])
        elif change == UNSEATED:
            seat(mem, mem[entry + 1], mem[entry + 2])
        elif change == PLACED:
            unplace(mem, mem[entry + 1])
        else:
            place(mem, mem[entry + 1], mem[entry + 2], mem[entry + 3])
    settle(mem)
    mem[TRAIL_LENGTH] = 0
