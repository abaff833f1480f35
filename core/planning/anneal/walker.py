"""A walker: one memory with one plan in it, which it changes for the better."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from core.planning.anneal import layout as at
from core.planning.anneal.compiling import Able, Memory
from core.planning.anneal.holding import construct, keep_published, let_go_of_torn
from core.planning.anneal.numbering import Numbering
from core.planning.anneal.walk import remember_best, resume_best, walk
from core.planning.plan import Plan, PlannedSession

#: How often each kind of move is made, in the order of `walk.make`: while better plans are looked for …
_IMPROVING = (45, 45, 2, 12, 8, 3, 4, 12, 1, 1, 2, 2, 2, 1, 1, 1)
#: … and while something is short or not as it was pinned.
_PLACING = (40, 8, 2, 4, 16, 16, 8, 8, 0, 0, 20, 20, 20, 20, 1, 0)
#: The first kind that changes people, that changes times, that mends what is short, that builds a series anew; and
#: the one that makes room for what is not held among those it has relations with.
_PEOPLE, _TIMES, _SHORT, _SERIES, _TIED, _FACES = 0, 4, 10, 13, 14, 15

#: The generator's state must never be 0, and seeds that are near one another must not give states that are.
_SEED = 0x5DEECE66D1CE4E5B


class Walker:
    """Walks from plan to plan of a problem. Two threads never use one walker at once."""

    def __init__(self, numbering: Numbering, memory: Memory, able: Able, seed: int) -> None:
        self.numbering = numbering
        self.memory = memory.copy()
        self.memory[at.RANDOM] = (_SEED ^ (seed + 1) * 0x9E3779B97F4A7C1) & (2**62 - 1) | 1
        self._able = able
        self._required = _required(numbering, int(memory[at.MOST_ROLES]))

    @property
    def best_cost(self) -> int:
        """Return what the best plan so far costs, and far more for each pin or relation that it breaks."""
        return int(self.memory[at.BEST_COST])

    @property
    def is_valid(self) -> bool:
        """Say whether the best plan so far keeps all pins and relations."""
        return self.best_cost < at.NO_PLAN and not self.memory[at.BEST_BROKEN]

    def construct(self, order: Memory, looks: int) -> None:
        """Hold what was published as far as it can be, then the rest, label by label in that order."""
        if self.memory[at.PUBLISHED]:
            keep_published(self.memory, self._able)
        construct(self.memory, self._able, order, looks)
        let_go_of_torn(self.memory)
        remember_best(self.memory)

    def keep(self) -> Plan:
        """Hold what was published as far as it can be; return that, under the numbers it was published with."""
        keep_published(self.memory, self._able)
        self.memory[at.BEST_COST] = at.NO_PLAN
        remember_best(self.memory)
        self._table(at.BEST_LABEL, at.SESSIONS)[:] = range(int(self.memory[at.SESSIONS]))
        return self.plan()

    def hold_times(self, labels: Collection[int]) -> None:
        """Leave the sessions of these labels where any plan has them that is loaded from now on."""
        self._table(at.LOCKED, at.SESSIONS)[list(labels)] = 1

    def place(self, moves: int, temperature: float) -> None:
        """Make moves of which many mend what is short."""
        walk(self.memory, self._able, self._weights(_PLACING), moves, temperature, temperature)

    def walk(self, moves: int, temperature: float) -> None:
        """Make moves at a temperature, in units of cost."""
        walk(self.memory, self._able, self._weights(_IMPROVING), moves, temperature, temperature)

    def resume(self) -> None:
        """Go back to the best plan."""
        resume_best(self.memory)

    def shortage(self) -> tuple[int, int, int]:
        """Return how many sessions are not held, required places empty, and pins not kept, in the present plan."""
        memory, columns = self.memory, int(self.memory[at.MOST_ROLES])
        held = self._table(at.SLOT_AT, at.SESSIONS) >= 0
        begin = int(memory[at.FILLED])
        filled = memory[begin : begin + len(held) * columns].reshape(len(held), columns)
        empty = int(((self._required > filled) & held[:, None]).sum())
        return int((~held).sum()), empty, int(self._table(at.PIN_BROKEN, at.SESSIONS).sum())

    def leave_alone(self, activities: Collection[str]) -> None:
        """Change nothing about these activities any more; load a plan afterwards."""
        past, locked = self._table(at.PAST, at.SESSIONS), self._table(at.LOCKED, at.SESSIONS)
        for name in activities:
            number = self.numbering.activity[name]
            sessions = slice(self.numbering.first[number], self.numbering.first[number + 1])
            past[sessions] = locked[sessions] = 1

    def clear(self) -> None:
        """Hold nothing."""
        for name, size in ((at.BEST_SLOT, at.SESSIONS), (at.BEST_ROOM, at.SESSIONS), (at.BEST_SEAT, at.SEATS)):
            self._table(name, size)[:] = -1
        self.resume()
        self.memory[at.BEST_COST] = at.NO_PLAN

    def load(self, plan: Plan) -> None:
        """Make a plan that keeps the rules the present and the best one."""
        self.clear()
        numbering, memory = self.numbering, self.memory
        slots, rooms = self._table(at.BEST_SLOT, at.SESSIONS), self._table(at.BEST_ROOM, at.SESSIONS)
        seats = self._table(at.BEST_SEAT, at.SEATS)
        slots[:], rooms[:], seats[:] = -1, -1, -1
        first_seat = memory[memory[at.SEAT_FIRST] :]
        for row in plan.sessions:
            session = numbering.label(row.key)
            slots[session] = numbering.slot_of[numbering.activity[row.activity], row.start]
            rooms[session] = -1 if row.room is None else numbering.room[row.room]
            place = int(first_seat[session])
            for role in numbering.problem.activity_of[row.activity].roles:
                for offset, person in enumerate(row.staff.get(role.role, ())[: role.wanted]):
                    seats[place + offset] = numbering.person[person]
                place += role.wanted
        self.resume()
        remember_best(memory)

    def plan(self) -> Plan:
        """Return the best plan so far."""
        problem, numbering = self.numbering.problem, self.numbering
        slots, rooms = self._table(at.BEST_SLOT, at.SESSIONS).tolist(), self._table(at.BEST_ROOM, at.SESSIONS).tolist()
        labels = self._table(at.BEST_LABEL, at.SESSIONS).tolist()
        rows = []
        for number, activity in enumerate(problem.activities):
            first = numbering.first[number]
            for session in range(first, numbering.first[number + 1]):
                if slots[session] >= 0:
                    start = numbering.slots[slots[session]].start
                    room = None if rooms[session] < 0 else problem.rooms[rooms[session]].id
                    staff = self._staff(session, number)
                    rows.append(PlannedSession(activity.id, labels[session] - first, start, room, staff))
        return Plan(problem.name, tuple(sorted(rows, key=lambda row: row.key)))

    def _staff(self, session: int, number: int) -> dict[str, tuple[str, ...]]:
        """Return who serves in a session of an activity in the best plan, by role."""
        problem = self.numbering.problem
        seats = self._table(at.BEST_SEAT, at.SEATS)
        place = int(self.memory[self.memory[at.SEAT_FIRST] + session])
        staff = {}
        for role in problem.activities[number].roles:
            people = seats[place : place + role.wanted].tolist()
            staff[role.role] = tuple(problem.people[person].id for person in people if person >= 0)
            place += role.wanted
        return staff

    def _weights(self, weights: tuple[int, ...]) -> Memory:
        """Return how often each kind of move is made, added up, without those for which there is nothing to do."""
        found = np.array(weights, np.int64)
        unheld, empty, broken = self.shortage()
        found[_SHORT:_SERIES] *= np.array((unheld, empty, broken)) > 0
        found[_TIED] *= unheld > 0
        if not self.memory[at.SEATS]:
            found[_PEOPLE:_TIMES] = found[_FACES] = 0
        if self._table(at.LOCKED, at.SESSIONS).all():
            found[_TIMES:_SHORT] = found[_SERIES] = 0
        if not found.any():
            found[_PEOPLE] = 1
        added: NDArray[np.int64] = np.cumsum(found)
        return added

    def _table(self, name: int, size: int) -> Memory:
        begin = int(self.memory[name])
        return self.memory[begin : begin + int(self.memory[size])]


def _required(numbering: Numbering, columns: int) -> Memory:
    """Return for each session and each role of its activity how many people it requires."""
    table = np.zeros((numbering.first[-1], columns), np.int64)
    for number, activity in enumerate(numbering.problem.activities):
        for column, role in enumerate(activity.roles):
            table[numbering.first[number] : numbering.first[number + 1], column] = role.required
    return table
