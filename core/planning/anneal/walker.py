"""A walker: one memory with one plan in it, which it changes for the better."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from core.planning.anneal import layout as at
from core.planning.anneal.compiling import Able, Memory
from core.planning.anneal.encode import Numbering
from core.planning.anneal.holding import construct, keep_published, let_go_of_torn
from core.planning.anneal.walk import climb_costs, remember_best, resume_best, walk
from core.planning.plan import Plan, PlannedSession

#: How often each kind of move is made, in the order of `walk.make`.
_WEIGHTS = (45, 8, 2, 4, 8, 8, 6, 4, 1, 1, 2, 2, 2, 2)
_HOLD = 10


class Walker:
    """Walks from plan to plan of a problem; not to be used by two threads at once."""

    def __init__(self, numbering: Numbering, memory: Memory, able: Able, seed: int) -> None:
        self.numbering = numbering
        self.memory = memory.copy()
        self.able = able
        self.memory[at.RANDOM] = 88172645463325252 + 2654435761 * (seed + 1)
        problem = numbering.problem
        columns = int(memory[at.MOST_ROLES])
        self._required = np.array(
            [[role.required for role in a.roles] + [0] * (columns - len(a.roles)) for a in problem.activities for _ in range(a.sessions)]
        ).reshape(-1, columns)

    @property
    def cost(self) -> int:
        return int(self.memory[at.COST])

    @property
    def best_cost(self) -> int:
        return int(self.memory[at.BEST_COST])

    def load(self, plan: Plan) -> None:
        """Make a plan the present and the best one."""
        numbering, memory = self.numbering, self.memory
        problem = numbering.problem
        slot_of = {(slot.activity, slot.start): number for number, slot in reversed(list(enumerate(numbering.slots)))}
        slots, rooms = self._table(at.BEST_SLOT, at.SESSIONS), self._table(at.BEST_ROOM, at.SESSIONS)
        seats = self._table(at.BEST_SEAT, at.SEATS)
        slots[:], rooms[:], seats[:] = -1, -1, -1
        first_seat = memory[memory[at.SEAT_FIRST] :]
        for row in plan.sessions:
            session = numbering.label(row.key)
            slots[session] = slot_of[numbering.activity[row.activity], row.start]
            rooms[session] = -1 if row.room is None else numbering.room[row.room]
            place = int(first_seat[session])
            for role in problem.activity_of[row.activity].roles:
                for offset, person in enumerate(row.staff.get(role.role, ())):
                    seats[place + offset] = numbering.person[person]
                place += role.wanted
        self.resume()
        memory[at.BEST_COST] = memory[at.COST]
        self._table(at.BEST_LABEL, at.SESSIONS)[:] = self._table(at.LABEL, at.SESSIONS)

    def resume(self) -> None:
        """Go back to the best plan."""
        resume_best(self.memory)

    def plan(self) -> Plan:
        """Return the best plan so far."""
        numbering, memory = self.numbering, self.memory
        problem = numbering.problem
        slots, rooms = self._table(at.BEST_SLOT, at.SESSIONS), self._table(at.BEST_ROOM, at.SESSIONS)
        labels, seats = self._table(at.BEST_LABEL, at.SESSIONS), self._table(at.BEST_SEAT, at.SEATS)
        first_seat = memory[memory[at.SEAT_FIRST] :]
        rows = []
        for number, activity in enumerate(problem.activities):
            for session in range(numbering.first[number], numbering.first[number + 1]):
                if slots[session] < 0:
                    continue
                place, staff = int(first_seat[session]), {}
                for role in activity.roles:
                    people = seats[place : place + role.wanted].tolist()
                    staff[role.role] = tuple(problem.people[person].id for person in people if person >= 0)
                    place += role.wanted
                room = int(rooms[session])
                index = int(labels[session]) - numbering.first[number]
                start = numbering.slots[slots[session]].start
                rows.append(PlannedSession(activity.id, index, start, None if room < 0 else problem.rooms[room].id, staff))
        return Plan(problem.name, tuple(sorted(rows, key=lambda row: row.key)))

    def construct(self, order: Iterable[int], looks: int) -> None:
        construct(self.memory, self.able, np.array(list(order), np.int64), looks)
        remember_best(self.memory)

    def shortage(self) -> tuple[int, int, int]:
        """Return how many sessions are not held, required places empty, and pins not kept."""
        memory = self.memory
        unheld = int((self._table(at.SLOT_AT, at.SESSIONS) < 0).sum())
        broken = int(self._table(at.PIN_BROKEN, at.SESSIONS).sum())
        sessions = int(memory[at.SESSIONS])
        columns = int(memory[at.MOST_ROLES])
        filled = memory[memory[at.FILLED] : memory[at.FILLED] + sessions * columns].reshape(sessions, columns)
        return unheld, int(((self._required > filled) & (self._table(at.SLOT_AT, at.SESSIONS) >= 0)[:, None]).sum()), broken

    def walk(self, moves: int, hot: float, cold: float) -> int:
        weights = np.array(_WEIGHTS)
        unheld, empty, broken = self.shortage()
        weights[_HOLD:] *= np.array((unheld, empty, broken, unheld + empty)) > 0
        if not self.memory[at.SEATS]:
            weights[:4] = 0
        self.weights = np.cumsum(weights).astype(np.int64)
        return int(walk(self.memory, self.able, self.weights, moves, float(hot), float(cold)))

    def _table(self, name: int, size: int) -> Memory:
        begin = int(self.memory[name])
        return self.memory[begin : begin + int(self.memory[size])]
