"""A plan laid out for trying: what would come of moving a session, or of another person in a place, again and again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.planning.anneal import layout as at
from core.planning.anneal import trying
from core.planning.anneal.compiling import Able, Memory
from core.planning.anneal.fitting import space_for
from core.planning.anneal.numbering import Numbering
from core.planning.anneal.walk import remember_best
from core.planning.anneal.walker import Walker
from core.planning.plan import Plan, SessionKey


@dataclass(frozen=True)
class Try:
    """Something tried: what came of it (see `trying`), what the plan costs then, and three numbers that say what.

    Of a session: slot, room and who gives way; of a place: place, person and the place that the person leaves.
    """

    result: int
    cost: int
    what: tuple[int, int, int]


class Tryout:
    """One plan of a problem in memory, as it is before each question. Two threads never use one at once."""

    def __init__(self, numbering: Numbering, memory: Memory, able: Able, plan: Plan) -> None:
        self.numbering = numbering
        self._able = able
        self._walker = Walker(numbering, memory, able, 0)
        self._walker.load(plan)
        self._fresh = self._walker.memory.copy()
        self._space = np.zeros(space_for(memory), np.int64)

    def starts_of(self, activity: str) -> frozenset[int]:
        """Return the starts of an activity at which a room that would do is open."""
        return frozenset(self.numbering.slots[number].start for number in self._slots(activity))

    def starts(self, key: SessionKey) -> list[Try]:
        """Try all starts and rooms of a session; a cost with SOMEBODY giving way is but a guess."""
        memory, label = self._reset(), self.numbering.label(key)
        slots = (self.numbering.slots[number] for number in self._slots(key[0]))
        found = self._lines(2 * sum(max(1, len(slot.rooms or ())) for slot in slots))
        return _read(found, trying.try_starts(memory, self._able, self._space, label, found))

    def giving_way(self, key: SessionKey, tried: Try) -> list[Try]:
        """Try all starts for whoever is in the way of a session, which takes the slot and room of a former try."""
        memory, (slot, room, _) = self._reset(), tried.what
        other = trying.in_the_way(memory, self.numbering.label(key), slot, room)
        if other < 0:
            return []
        activity = int(memory[memory[at.ACTIVITY_OF] + other])
        found = self._lines(int(memory[memory[at.ACTIVITY_SLOTS] + activity]))
        label = self.numbering.label(key)
        return _read(found, trying.try_giving_way(memory, self._able, self._space, label, slot, room, found))

    def people(self, key: SessionKey, column: int) -> list[Try]:
        """Try everybody with the skill in the places of a role of a held session; the role by its place in the list."""
        memory, activity = self._reset(), self.numbering.activity[key[0]]
        role = self.numbering.first_role[activity] + column
        places = self.numbering.problem.activities[activity].roles[column].wanted
        found = self._lines(places * int(memory[memory[at.ROLE_POOL] + role]))
        session = int(memory[memory[at.HOLDER] + self.numbering.label(key)])
        return _read(found, trying.try_people(memory, self._able, self._space, session, role, found))

    def where(self, tried: Try) -> tuple[int, str | None]:
        """Return the start and the room in which a session was tried."""
        slot, room, _ = tried.what
        return self.numbering.slots[slot].start, None if room < 0 else self.numbering.problem.rooms[room].id

    def moved(self, key: SessionKey, tried: Try) -> Plan:
        """Return the plan with a session where it was tried."""
        memory = self._reset()
        trying.hold_there(memory, self._able, self._space, self.numbering.label(key), *tried.what)
        return self._plan()

    def served(self, tried: Try) -> Plan:
        """Return the plan with a person where they were tried."""
        trying.let_serve(self._reset(), self._able, self._space, *tried.what)
        return self._plan()

    def _slots(self, activity: str) -> Sequence[int]:
        number = self.numbering.activity[activity]
        memory = self._walker.memory
        first = int(memory[memory[at.ACTIVITY_SLOT] + number])
        return range(first, first + int(memory[memory[at.ACTIVITY_SLOTS] + number]))

    def _reset(self) -> Memory:
        self._walker.memory[:] = self._fresh
        return self._walker.memory

    def _lines(self, count: int) -> Memory:
        return np.zeros(trying.LINE * count, np.int64)

    def _plan(self) -> Plan:
        self._walker.memory[at.BEST_COST] = at.NO_PLAN
        remember_best(self._walker.memory)
        return self._walker.plan()


def _read(found: Memory, lines: int) -> list[Try]:
    rows = found[: trying.LINE * lines].reshape(lines, trying.LINE).tolist()
    return [Try(result, cost, (one, two, three)) for result, cost, one, two, three in rows]
