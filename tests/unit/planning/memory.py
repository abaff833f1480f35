"""What the memory of a walk says of its plan, so that two memories can be compared, and laid beside the referee."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.planning.anneal import layout as at
from core.planning.anneal.compiling import Able, Memory
from core.planning.anneal.encode import encode
from core.planning.anneal.walk import remember_best, resume_best
from core.planning.anneal.walker import Walker
from core.planning.problem import Problem
from tests.unit.planning.builders import judged

#: Tables with an entry for each session, or each of the other things.
_BY_SESSION = ("SLOT_AT", "START_AT", "END_AT", "DAY_AT", "ROOM_AT", "VENUE_AT", "LABEL")
_PLAIN = {
    "SEAT": "SEATS",
    "LOAD": "PEOPLE",
    "HELD": "ACTIVITIES",
    "ROOM_KINDS": "ACTIVITIES",
    "CLOCK_KINDS": "ACTIVITIES",
    "DAY_KINDS": "ACTIVITIES",
    "FACES": "ROLES",
    "FACES_AHEAD": "ROLES",
    "PIN_BROKEN": "SESSIONS",
    "OLD_PRICE": "SESSIONS",
    "RELATION_BROKEN": "RELATION_COUNT",
    "DAY_COUNT": "DAYS",
}
_PRODUCTS = {
    "FILLED": ("SESSIONS", "MOST_ROLES"),
    "PERSON_DAY_COUNT": ("PEOPLE", "DAYS"),
    "ROOM_DAY_COUNT": ("ROOMS", "DAYS"),
    "GROUP_DAY_COUNT": ("GROUPS", "DAYS"),
    "ALONE": ("GROUPS", "DAYS"),
    "ROOM_USES": ("ACTIVITIES", "ROOMS"),
    "CLOCK_USES": ("ACTIVITIES", "CLOCKS"),
    "DAY_USES": ("ACTIVITIES", "DAYS"),
    "FACE": ("ROLES", "PEOPLE"),
}
_LISTS = {
    "PERSON_DAY": ("PERSON_DAY_COUNT", "PEOPLE", "PERSON_SPACE"),
    "ROOM_DAY": ("ROOM_DAY_COUNT", "ROOMS", "ROOM_SPACE"),
    "GROUP_DAY": ("GROUP_DAY_COUNT", "GROUPS", "GROUP_SPACE"),
}


def number(memory: Memory, name: str) -> int:
    return int(memory[getattr(at, name)])


def table(memory: Memory, name: str, *sizes: str) -> Memory:
    begin = number(memory, name)
    shape = tuple(number(memory, size) for size in sizes)
    return memory[begin : begin + int(np.prod(shape))].reshape(shape)


def picture(memory: Memory) -> dict[str, Any]:
    """Return all that the memory says of the present plan; lists without their order, nothing of what isn't held."""
    held = table(memory, "SLOT_AT", "SESSIONS") >= 0
    found: dict[str, Any] = {name: number(memory, name) for name in ("COST", "BROKEN")}
    for name in _BY_SESSION:
        found[name] = np.where(held, table(memory, name, "SESSIONS"), -1).tolist()
    for name, size in _PLAIN.items():
        found[name] = table(memory, name, size).tolist()
    for name, sizes in _PRODUCTS.items():
        found[name] = table(memory, name, *sizes).tolist()
    for name, (counts, who, space) in _LISTS.items():
        lengths = table(memory, counts, who, "DAYS").ravel()
        rows = table(memory, name, who, "DAYS", space).reshape(len(lengths), number(memory, space))
        found[name] = [sorted(row[:length]) for row, length in zip(rows, lengths, strict=True)]
    found["DAY_SESSIONS"] = [
        sorted(row[:count])
        for row, count in zip(table(memory, "DAY_SESSIONS", "DAYS", "SESSIONS"), found["DAY_COUNT"], strict=True)
    ]
    return found


def assert_well_kept(memory: Memory) -> None:
    """See that what points to one another does so."""
    label, holder = table(memory, "LABEL", "SESSIONS"), table(memory, "HOLDER", "SESSIONS")
    assert (holder[label] == np.arange(len(label))).all()
    places = table(memory, "DAY_PLACE", "SESSIONS")
    for day, (row, count) in enumerate(
        zip(table(memory, "DAY_SESSIONS", "DAYS", "SESSIONS"), table(memory, "DAY_COUNT", "DAYS"), strict=True)
    ):
        assert [places[session] for session in row[:count]] == list(range(count)), day


def of_the_problem(memory: Memory) -> NDArray[np.int64]:
    """Return what the memory says of the problem, which no move may change: all but numbers and tables of the plan."""
    begins = sorted({int(begin) for begin in memory[at.ACTIVITY_FIRST : at.HEAD]} | {len(memory)})
    kept = np.ones(len(memory), bool)
    kept[at.BROKEN : at.LIFTED_SPACE] = False
    for name in range(at.SLOT_AT, at.HEAD):
        begin = int(memory[name])
        end = min((other for other in begins if other > begin), default=len(memory))
        kept[begin:end] = False
    return memory[kept]


def present(walker: Walker) -> Walker:
    """Return another walker whose best plan is the present one of this walker."""
    other = Walker(walker.numbering, walker.memory, np.zeros(0, np.uint8), 0)
    other.memory[at.BEST_COST] = at.NO_PLAN
    remember_best(other.memory)
    return other


def anew(walker: Walker, memory: Memory) -> Memory:
    """Return a memory that was empty in which the present plan of the walker has been made anew."""
    now, empty = present(walker).memory, memory.copy()
    for name, size in (("BEST_SLOT", "SESSIONS"), ("BEST_ROOM", "SESSIONS"), ("BEST_SEAT", "SEATS")):
        table(empty, name, size)[:] = table(now, name, size)
    for name in ("PAST", "LOCKED"):
        table(empty, name, "SESSIONS")[:] = table(now, name, "SESSIONS")
    resume_best(empty)
    return empty


def empty_memory(walker: Walker) -> tuple[Memory, Able]:
    """Return a memory of the walker's problem in which nothing is held."""
    return encode(walker.numbering)


def assert_honest(problem: Problem, walker: Walker) -> Mapping[str, Any]:
    """See that a walker's best plan and its present plan are as the walker says, by the referee; return the verdict."""
    for who in (walker, present(walker)):
        verdict = judged(problem, who.plan())
        broken = number(who.memory, "BEST_BROKEN")
        assert who.best_cost - broken * number(who.memory, "BROKEN_PRICE") == verdict["cost"]
        assert who.is_valid == verdict["valid"] == (not broken), verdict["first_broken"]
        assert all(said.startswith(("pin", "relation")) for said in verdict["first_broken"]), verdict["first_broken"]
    assert number(present(walker).memory, "BEST_COST") == number(walker.memory, "COST")
    assert_well_kept(walker.memory)
    fresh, _ = empty_memory(walker)
    assert picture(anew(walker, fresh)) == picture(walker.memory)
    return judged(problem, walker.plan())
