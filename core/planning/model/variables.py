"""The decisions as named variables: what is held when, where and by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from core.domain.late import Late
from core.planning.model.background import Background
from core.planning.model.choices import Choices, Slot
from core.planning.moments import day_of
from core.planning.problem import Problem
from core.planning.seating import Meeting

if TYPE_CHECKING:
    from ortools.sat.python import cp_model
else:
    cp_model = Late("ortools.sat.python.cp_model")

#: A decision: 1 if it is so, 0 if not. May be the constant 0 or 1 where nothing is left to decide.
Literal: TypeAlias = Any
#: A sum of decisions and numbers; `+`, `-` and `*` with a number work on it.
Linear: TypeAlias = Any


def total(terms: list[Linear] | tuple[Linear, ...]) -> Linear:
    """Return the sum of the terms."""
    return cp_model.LinearExpr.sum(list(terms))


class Variables:
    """The decisions on some activities; everything else is background and stays as it is.

    A decision is made when it is first asked for. One that a rule has ruled out before is never made.
    """

    def __init__(self, cp: cp_model.CpModel, problem: Problem, choices: Choices, background: Background) -> None:
        self._cp = cp
        self._problem = problem
        self._choices = choices
        self._background = background
        self._no_slot: set[Slot] = set()
        self._no_room: defaultdict[Slot, set[str]] = defaultdict(set)
        self._no_person: defaultdict[Slot, set[str]] = defaultdict(set)
        self._held: dict[Slot, Literal] = {}
        self._rooms: dict[Slot, dict[str, Literal]] = {}
        self._staff: dict[Slot, dict[str, dict[str, Literal]]] = {}
        self._venues: dict[Slot, dict[str | None, Linear]] = {}
        self._far: dict[tuple[Slot, Slot], Literal] = {}

    @cached_property
    def activities(self) -> tuple[str, ...]:
        """Return the activities that are decided on."""
        return self._choices.activities

    @cached_property
    def _slots(self) -> dict[str, tuple[Slot, ...]]:
        return {activity: self._choices.slots(activity) for activity in self.activities}

    def slots(self, activity: str) -> tuple[Slot, ...]:
        """Return the places in time that the activity's sessions may take, by start; none for one in the background."""
        return tuple(slot for slot in self._slots.get(activity, ()) if slot not in self._no_slot)

    def all_slots(self) -> tuple[Slot, ...]:
        """Return the places in time of all activities, by start."""
        found = [slot for activity in self.activities for slot in self.slots(activity)]
        return tuple(sorted(found, key=lambda slot: slot.start))

    def end(self, slot: Slot) -> int:
        """Return the moment at which a session there is over."""
        return slot.start + self._problem.activity_of[slot.activity].duration

    def day(self, slot: Slot) -> int:
        """Return the day of the slot."""
        return day_of(slot.start)

    def held(self, slot: Slot) -> Literal:
        """Return whether a session of the activity is held there."""
        if slot not in self._held:
            self._held[slot] = 0 if slot in self._no_slot else self._cp.new_bool_var(f"held {slot}")
            earlier = Slot(slot.activity, slot.start, slot.lane - 1)
            if slot.lane:
                # Lanes are alike: fill them from the first.
                self._cp.add(self.held(slot) <= self.held(earlier))
        return self._held[slot]

    def held_count(self, activity: str) -> Linear:
        """Return how many of the activity's sessions are held."""
        if activity not in self._slots:
            return len(self._background.seating.series.get(activity, ()))
        return total([self.held(slot) for slot in self.slots(activity)])

    def rooms(self, slot: Slot) -> Mapping[str, Literal]:
        """Return for each room whether the session there is held in it; empty for an activity that needs no room."""
        if slot not in self._rooms:
            left = self._choices.rooms(slot.activity, slot.start) - self._no_room[slot]
            made = {room: self._cp.new_bool_var(f"in {room} {slot}") for room in sorted(left)}
            self._rooms[slot] = made
            if self._problem.activity_of[slot.activity].needs_room:
                self._cp.add(total(list(made.values())) == self.held(slot))
        return self._rooms[slot]

    def in_room(self, slot: Slot, room: str | None) -> Literal:
        """Return whether a session is held there in that room; with None, whether one is held there without any."""
        if room is None:
            return 0 if self._problem.activity_of[slot.activity].needs_room else self.held(slot)
        return self.rooms(slot).get(room, 0)

    def venues(self, slot: Slot) -> Mapping[str | None, Linear]:
        """Return for each venue whether a session is held there at it; None stands for nowhere in particular."""
        if slot not in self._venues:
            activity, found = self._problem.activity_of[slot.activity], defaultdict(list)
            for room, literal in self.rooms(slot).items():
                found[self._problem.room_of[room].venue].append(literal)
            by_room: dict[str | None, Linear] = {venue: total(literals) for venue, literals in found.items()}
            self._venues[slot] = by_room if activity.needs_room else {activity.place: self.held(slot)}
        return self._venues[slot]

    def staff(self, slot: Slot, role: str) -> Mapping[str, Literal]:
        """Return for each person who could whether they serve there in that role; nobody does where nothing is held."""
        roles = self._staff.setdefault(slot, {})
        if role not in roles:
            left = self._choices.people(slot.activity, slot.start, role) - self._no_person[slot]
            roles[role] = {person: self._cp.new_bool_var(f"{person} {role} {slot}") for person in sorted(left)}
            held = self.held(slot)
            for literal in roles[role].values():
                self._cp.add_implication(literal, held)
        return roles[role]

    def everyone(self, slot: Slot) -> Mapping[str, list[Literal]]:
        """Return for each person who could serve there the decisions on them, one for each role they could fill."""
        found: dict[str, list[Literal]] = {}
        for role in self._problem.activity_of[slot.activity].roles:
            for person, literal in self.staff(slot, role.role).items():
                found.setdefault(person, []).append(literal)
        return found

    def serves(self, person: str, slot: Slot, role: str | None = None) -> Linear:
        """Return whether somebody serves there, in that role or in any."""
        if role is not None:
            return self.staff(slot, role).get(person, 0)
        roles = self._problem.activity_of[slot.activity].roles
        return total([self.staff(slot, found.role).get(person, 0) for found in roles])

    def rule_out(self, slot: Slot) -> None:
        """Hold no session there."""
        self._no_slot.add(slot)
        if slot in self._held:
            self._cp.add(self._held[slot] == 0)

    def rule_out_room(self, slot: Slot, room: str) -> None:
        """Hold no session there in that room."""
        self._no_room[slot].add(room)
        if slot in self._rooms and room in self._rooms[slot]:
            self._cp.add(self._rooms[slot][room] == 0)

    def rule_out_person(self, slot: Slot, person: str) -> None:
        """Let somebody not serve there."""
        self._no_person[slot].add(person)
        for made in self._staff.get(slot, {}).values():
            if person in made:
                self._cp.add(made[person] == 0)

    def overlap(self, one: Slot, other: Slot) -> bool:
        """Say whether sessions in the two places would run at the same time."""
        return one.start < self.end(other) and other.start < self.end(one)

    def too_far(self, one: Slot, other: Slot) -> Literal:
        """Return whether nobody could attend both: they overlap, or the way is longer than the gap."""
        if self.overlap(one, other):
            return 1
        first, second = sorted((one, other), key=lambda slot: slot.start)
        gap = second.start - self.end(first)
        if gap >= self._problem.travel.farthest:
            return 0
        if (first, second) not in self._far:
            self._far[first, second] = self._make_far(first, second, gap)
        return self._far[first, second]

    def too_far_from(self, slot: Slot, meeting: Meeting) -> Linear:
        """Return the same for a session of the background."""
        if slot.start < meeting.end and meeting.start < self.end(slot):
            return 1
        gap = max(slot.start - meeting.end, meeting.start - self.end(slot))
        venues = self.venues(slot)
        far = [at for venue, at in venues.items() if self._problem.travel.between(venue, meeting.venue) > gap]
        return 1 if len(far) == len(venues) else total(far) if far else 0

    def _make_far(self, first: Slot, second: Slot, gap: int) -> Literal:
        travel, there = self._problem.travel, self.venues(second)
        far = {here: [other for other in there if travel.between(here, other) > gap] for here in self.venues(first)}
        if not any(far.values()):
            return 0
        if all(len(others) == len(there) for others in far.values()):
            return 1
        literal = self._cp.new_bool_var(f"too far {first} {second}")
        for here, others in far.items():
            if others:
                self._cp.add(self.venues(first)[here] + total([there[other] for other in others]) <= 1 + literal)
        return literal
