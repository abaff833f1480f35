"""The numbers of sessions within their series, as decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from core.domain.late import Late
from core.planning.model.background import Background
from core.planning.model.choices import Slot
from core.planning.model.variables import Linear, Literal, Variables, total
from core.planning.plan import SessionKey
from core.planning.problem import Problem

if TYPE_CHECKING:
    from ortools.sat.python import cp_model
else:
    cp_model = Late("ortools.sat.python.cp_model")


class Numbering:
    """Which session of a series is the one in a slot, for whoever must know; nobody else pays for it.

    The sessions of an activity are alike until somebody counts them, so these decisions are made only on request.
    """

    def __init__(self, cp: cp_model.CpModel, problem: Problem, variables: Variables, background: Background) -> None:
        self._cp = cp
        self._problem = problem
        self._variables = variables
        self._background = background
        self._numbered: dict[str, list[dict[Slot, Literal]]] = {}
        self._waiting = defaultdict[str, list[Callable[[], None]]](list)
        self._venues: dict[SessionKey, Mapping[str | None, Linear]] = {}

    def is_numbered(self, activity: str) -> bool:
        """Say whether somebody has asked for the numbers of the activity's sessions."""
        return activity in self._numbered

    def when_numbered(self, activity: str, call: Callable[[], None]) -> None:
        """Call back once the activity's sessions are numbered: now, later or never."""
        if activity in self._numbered:
            call()
        else:
            self._waiting[activity].append(call)

    def places(self, key: SessionKey) -> Mapping[Slot, Literal]:
        """Return for each slot whether that very session is held there."""
        activity, index = key
        if activity not in self._variables.activities:
            meeting = self._background.meeting(key)
            return {Slot(activity, meeting.start): 1} if meeting else {}
        if activity not in self._numbered:
            self._number(activity)
        return self._numbered[activity][index]

    def is_held(self, key: SessionKey) -> Linear:
        """Return whether that very session is held."""
        return total(list(self.places(key).values()))

    def venues(self, key: SessionKey) -> Mapping[str | None, Linear]:
        """Return for each venue whether that very session is held at it."""
        if key not in self._venues:
            meeting = self._background.meeting(key)
            decided = key[0] in self._variables.activities
            fixed: dict[str | None, Linear] = {meeting.venue: 1} if meeting else {}
            self._venues[key] = self._make_venues(key) if decided else fixed
        return self._venues[key]

    def _number(self, activity: str) -> None:
        slots, count = self._variables.slots(activity), self._problem.activity_of[activity].sessions
        single = count == 1
        self._numbered[activity] = [
            {slot: self._variables.held(slot) if single else self._cp.new_bool_var(f"#{k} {slot}") for slot in slots}
            for k in range(count)
        ]
        for slot in slots:
            self._cp.add(total([made[slot] for made in self._numbered[activity]]) == self._variables.held(slot))
        for made in self._numbered[activity]:
            self._cp.add_at_most_one(list(made.values()))
        for call in self._waiting.pop(activity, []):
            call()

    def _make_venues(self, key: SessionKey) -> dict[str | None, Linear]:
        places = self.places(key)
        names = {venue for slot in places for venue in self._variables.venues(slot)}
        made = {venue: self._cp.new_bool_var(f"{key} at {venue}") for venue in sorted(names, key=str)}
        self._cp.add(total(list(made.values())) == self.is_held(key))
        for slot, literal in places.items():
            for venue, at in self._variables.venues(slot).items():
                self._cp.add(literal + at <= 1 + made[venue])
        return dict(made)
