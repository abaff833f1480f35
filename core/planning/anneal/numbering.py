"""Numbers for what a problem names: the memory of a walk knows nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.planning.model.choices import Choices
from core.planning.moments import day_of
from core.planning.plan import SessionKey
from core.planning.problem import Activity, Problem, Room
from core.planning.rules.base import Rule


@dataclass(frozen=True)
class Slotted:
    """An allowed start of an activity with the rooms that are open then; `past` ones are those of frozen sessions."""

    activity: int
    start: int
    rooms: tuple[int, ...] | None
    past: bool


class Numbering:
    """Numbers for everything in a problem, in the order in which the problem lists it."""

    def __init__(self, problem: Problem, weights: Mapping[str, int], programs: Iterable[Rule] = ()) -> None:
        self.problem = problem
        self.weights = weights
        self.room = {room.id: number for number, room in enumerate(problem.rooms)}
        self.person = {person.id: number for number, person in enumerate(problem.people)}
        self.group = {group.id: number for number, group in enumerate(problem.groups)}
        self.activity = {activity.id: number for number, activity in enumerate(problem.activities)}
        counts = [activity.sessions for activity in problem.activities]
        self.first = [0, *np.cumsum(counts, dtype=int).tolist()]
        roles = [len(activity.roles) for activity in problem.activities]
        self.first_role = [0, *np.cumsum(roles, dtype=int).tolist()]
        venues = [
            *(room.venue for room in problem.rooms),
            *(a.place for a in problem.activities if a.place is not None),
        ]
        self.venue = {venue: number for number, venue in enumerate(dict.fromkeys(venues))}
        self.choices = _narrowed(problem, programs)
        self.slots = tuple(self._slots())
        numbered = [((slot.activity, slot.start), number) for number, slot in enumerate(self.slots)]
        #: The slot of an activity's start; the one ahead where a frozen session has the same.
        self.slot_of = dict(reversed(numbered))

    def label(self, key: SessionKey) -> int:
        """Return the number of a session's label."""
        return self.first[self.activity[key[0]]] + key[1]

    def venue_number(self, venue: str | None) -> int:
        """Return a venue's number; nowhere has the last."""
        return len(self.venue) if venue is None else self.venue[venue]

    @cached_property
    def day(self) -> Mapping[int, int]:
        """Return the days on which a session can begin, numbered without gaps, however many years lie between."""
        return {day: number for number, day in enumerate(sorted({day_of(slot.start) for slot in self.slots}))}

    def _slots(self) -> Iterable[Slotted]:
        """Yield the slots of each activity, those still to come first."""
        line = self.problem.frozen_before
        past = defaultdict[str, set[int]](set)
        for row in self.problem.frozen.values():
            past[row.activity].add(row.start)
        for number, activity in enumerate(self.problem.activities):
            fitting = [room for room in self.problem.rooms if _fits(self.problem, activity, room.id)]
            left = activity.starts if self.choices is None else self.choices.starts(activity.id)
            for start in sorted(set(left)):
                if line is None or start >= line:
                    rooms = self._rooms(activity, start, fitting)
                    if rooms is None or rooms:
                        yield Slotted(number, start, rooms, past=False)
            for start in sorted(past[activity.id]):
                yield Slotted(number, start, () if activity.needs_room else None, past=True)

    def _rooms(self, activity: Activity, start: int, fitting: Sequence[Room]) -> tuple[int, ...] | None:
        if not activity.needs_room:
            return None
        end = start + activity.duration
        left = None if self.choices is None else self.choices.rooms(activity.id, start)
        return tuple(
            self.room[room.id] for room in fitting if room.is_open(start, end) and (left is None or room.id in left)
        )


def _narrowed(problem: Problem, programs: Iterable[Rule]) -> Choices | None:
    """Return what rules of programs leave to decide; None where they strike nothing out."""
    rules = tuple(programs)
    if not rules:
        return None
    choices = Choices(problem)
    for rule in rules:
        rule.narrow(choices)
    return choices if choices.are_narrowed else None


def _fits(problem: Problem, activity: Activity, room_id: str) -> bool:
    room = problem.room_of[room_id]
    return (
        room.zone in activity.zones
        and set(activity.features) <= set(room.features)
        and (activity.rooms is None or room_id in activity.rooms)
        and (problem.overflow_allowed or room.capacity >= activity.size)
    )
