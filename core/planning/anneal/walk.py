"""The walk itself: a random move, kept or rolled back, millions of times; the best plan on the way is remembered."""

from math import exp, log

from core.planning.anneal.compiling import Able, Memory, compiled
from core.planning.anneal.holding import hold_missing
from core.planning.anneal.layout import *
from core.planning.anneal.mending import fill_short, mend_pin, rebuild_series
from core.planning.anneal.people_moves import exchange_people, hand_over_series, replace_person, spare_a_trip
from core.planning.anneal.relating import hold_among_related
from core.planning.anneal.series_moves import change_face
from core.planning.anneal.settling import roll_back, settle
from core.planning.anneal.state import begin, draw, place, seat, unplace, unseat
from core.planning.anneal.time_moves import (
    change_room,
    move_series_to_clock,
    move_series_to_room,
    move_session,
    swap_sessions,
)

#: The kinds of moves, in the order of the weights that a walk is given.
KINDS = 16


@compiled
def make(mem: Memory, able: Able, kind: int) -> bool:
    """Make a move of a kind; return whether it led to a plan that could be kept."""
    if kind == 0:
        return replace_person(mem, able)
    if kind == 1:
        return exchange_people(mem, able)
    if kind == 2:
        return hand_over_series(mem, able)
    if kind == 3:
        return spare_a_trip(mem, able)
    if kind == 4:
        return move_session(mem, able, False)
    if kind == 5:
        return move_session(mem, able, True)
    if kind == 6:
        return change_room(mem, able)
    if kind == 7:
        return swap_sessions(mem, able)
    if kind == 8:
        return move_series_to_room(mem, able)
    if kind == 9:
        return move_series_to_clock(mem, able)
    if kind == 10:
        return hold_missing(mem, able)
    if kind == 11:
        return fill_short(mem, able)
    if kind == 12:
        return mend_pin(mem, able)
    if kind == 13:
        return rebuild_series(mem, able)
    if kind == 14:
        return hold_among_related(mem, able)
    return change_face(mem, able)


@compiled
def remember_best(mem: Memory) -> None:
    """Remember the plan as the best, if it is: first of all in how many pins and relations it breaks."""
    if mem[BEST_COST] < NO_PLAN:
        if mem[BROKEN] > mem[BEST_BROKEN] or (mem[BROKEN] == mem[BEST_BROKEN] and mem[COST] >= mem[BEST_COST]):
            return
    mem[BEST_COST] = mem[COST]
    mem[BEST_BROKEN] = mem[BROKEN]
    sessions = mem[SESSIONS]
    mem[mem[BEST_SLOT] : mem[BEST_SLOT] + sessions] = mem[mem[SLOT_AT] : mem[SLOT_AT] + sessions]
    mem[mem[BEST_ROOM] : mem[BEST_ROOM] + sessions] = mem[mem[ROOM_AT] : mem[ROOM_AT] + sessions]
    mem[mem[BEST_LABEL] : mem[BEST_LABEL] + sessions] = mem[mem[LABEL] : mem[LABEL] + sessions]
    mem[mem[BEST_SEAT] : mem[BEST_SEAT] + mem[SEATS]] = mem[mem[SEAT] : mem[SEAT] + mem[SEATS]]


@compiled
def resume_best(mem: Memory) -> bool:
    """Make the best plan the present one."""
    begin(mem)
    for at in range(mem[SEATS]):
        if mem[mem[SEAT] + at] >= 0:
            unseat(mem, at)
            mem[TRAIL_LENGTH] = 0
    for session in range(mem[SESSIONS]):
        if mem[mem[SLOT_AT] + session] >= 0:
            unplace(mem, session)
            mem[TRAIL_LENGTH] = 0
    for session in range(mem[SESSIONS]):
        if mem[mem[BEST_SLOT] + session] >= 0:
            place(mem, session, mem[mem[BEST_SLOT] + session], mem[mem[BEST_ROOM] + session])
            mem[TRAIL_LENGTH] = 0
    for at in range(mem[SEATS]):
        if mem[mem[BEST_SEAT] + at] >= 0:
            seat(mem, at, mem[mem[BEST_SEAT] + at])
            mem[TRAIL_LENGTH] = 0
    return settle(mem)


@compiled
def walk(mem: Memory, able: Able, weights: Memory, moves: int, hot: float, cold: float) -> int:
    """Make so many moves while the temperature falls from hot to cold; return how many were kept.

    `weights` adds up how often each kind of move is made: the last is the sum.
    """
    kept = 0
    temperature = hot
    cooling = exp(log(cold / hot) / max(1, moves))
    total = weights[KINDS - 1]
    for _ in range(moves):
        temperature *= cooling
        drawn = draw(mem, total)
        kind = 0
        while weights[kind] <= drawn:
            kind += 1
        before = mem[COST]
        begin(mem)
        good = make(mem, able, kind)
        change = mem[COST] - before
        if good and (change <= 0 or change < -temperature * log((draw(mem, 1 << 40) + 1) / (1 << 40))):
            kept += 1
            if mem[COST] < mem[BEST_COST] or mem[BROKEN] < mem[BEST_BROKEN]:
                remember_best(mem)
        elif mem[TRAIL_LENGTH] > 0:
            roll_back(mem)
    return kept
