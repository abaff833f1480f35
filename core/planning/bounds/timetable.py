"""Rooms follow times: a model of activities and starts alone, with what rooms, groups and days are bound to cost.

After G. Lach and M. E. Lübbecke, “Curriculum based course timetabling: new solutions to Udine benchmark instances”
(Annals of Operations Research 194, 2012): whether sessions find rooms, and how crowded these are, is for rooms nested
by what they can hold a matter of counting. Where rooms are not nested the counting is a relaxation.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, isfinite

from ortools.sat.python import cp_model

from core.planning.bounds.asked import Asked
from core.planning.bounds.offers import starts
from core.planning.bounds.patience import Patience
from core.planning.model.choices import lanes
from core.planning.model.variables import Linear, Literal, total
from core.planning.moments import clock_of, day_of
from core.planning.problem import Activity, Problem


@dataclass(frozen=True)
class Opening:
    """A start of an activity: how many sessions are held there, at `most` so many, and in which rooms they could be."""

    activity: Activity
    start: int
    held: Literal
    most: int
    rooms: frozenset[str]

    @property
    def end(self) -> int:
        """Return the moment at which a session there is over."""
        return self.start + self.activity.duration


@dataclass(frozen=True)
class Timetabled:
    """A bound, None if there was no time for any, and how many sessions are held at each activity's starts."""

    bound: int | None
    held: Mapping[tuple[str, int], int]


class Timetable:
    """A model of when some activities are held; its cost is at most what their sessions cost in any plan.

    Counted are days, times of day, isolated sessions, crowded rooms and, for each held session, what `costs` says of
    its activity and start, in units of 1 / `scale`; a session that isn't held costs nothing. Left out are people,
    travel, relations, and everything about activities that are not among these.
    """

    def __init__(
        self,
        task: Asked,
        weight: Mapping[str, int],
        activities: Iterable[str],
        costs: Mapping[tuple[str, int], int],
        scale: int,
    ) -> None:
        self._problem: Problem = task.problem
        self._weight, self._scale, self._costs = weight, scale, costs
        self._cp = cp_model.CpModel()
        self._terms: list[Linear] = []
        self._openings: dict[str, list[Opening]] = {}
        for name in activities:
            self._open(task, task.problem.activity_of[name])
        for openings in self._openings.values():
            self._series(openings)
        self._decisions()
        self._groups()
        self._rooms()

    def suggest(self, held: Mapping[tuple[str, int], int]) -> None:
        """Let the solver start from so many sessions at each activity's starts."""
        for opening in self._all():
            self._cp.add_hint(opening.held, held.get((opening.activity.id, opening.start), 0))

    def solve(self, patience: Patience, on_bound: Callable[[int], None], gap: float = 0.0) -> Timetabled:
        """Return a bound on the cost in units of 1 / scale, telling each better one, with the best timetable found.

        The solver may stop when it knows that no timetable is better by more than the gap.
        """
        self._cp.minimize(total(self._terms))
        solver = patience.solver(lambda bound: on_bound(_whole(bound)))
        solver.parameters.absolute_gap_limit = gap
        with patience.watching(solver):
            status = solver.solve(self._cp)
        found = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
        bound = solver.best_objective_bound
        # A solver stopped before it had any bound says 0, which is none: costs may be negative.
        known = isfinite(bound) and (found or (status == cp_model.UNKNOWN and bound != 0.0))
        held = {(each.activity.id, each.start): solver.value(each.held) for each in self._all()} if found else {}
        return Timetabled(_whole(bound) if known else None, held)

    def _open(self, task: Asked, activity: Activity) -> None:
        choices, most = task.choices.copy([activity.id]), lanes(activity)
        found = self._openings[activity.id] = []
        for start in starts(choices, activity.id):
            if (activity.id, start) in self._costs:
                held = self._cp.new_int_var(0, most, f"{activity.id} {start}")
                found.append(Opening(activity, start, held, most, choices.rooms(activity.id, start)))
                self._terms.append(self._costs[activity.id, start] * held)

    def _charge(self, name: str, amount: Linear, units: int = 1) -> None:
        self._terms.append(self._scale * self._weight[name] * units * amount)

    def _series(self, openings: list[Opening]) -> None:
        """Bound the sessions of an activity, in all and on each day, and count its days and times of day."""
        if not openings:
            return
        activity = openings[0].activity
        self._cp.add(_held(openings) <= activity.sessions)
        days = _grouped(openings, lambda opening: day_of(opening.start))
        for found in days:
            self._cp.add(_held(found) <= (1 if activity.ordered else activity.max_per_day))
        if self._weight["days"] and activity.min_days and activity.sessions:
            lacking = self._cp.new_int_var(0, activity.min_days, "lacking days")
            missing = activity.min_days * (activity.sessions - _held(openings))
            self._cp.add(lacking + total([self._used(found) for found in days]) + missing >= activity.min_days)
            self._charge("days", lacking)
        times = _grouped(openings, lambda opening: clock_of(opening.start))
        if self._weight["times"] and len(times) > 1:
            further = self._cp.new_int_var(0, len(times) - 1, "further times")
            self._cp.add(further >= total([self._touched(found) for found in times]) - 1)
            self._charge("times", further)

    def _used(self, openings: list[Opening]) -> Literal:
        """Return a decision that can only be so if a session is held at one of these."""
        used = self._cp.new_bool_var("used")
        self._cp.add(used <= _held(openings))
        return used

    def _touched(self, openings: list[Opening]) -> Literal:
        """Return a decision that must be so if a session is held at one of these."""
        touched = self._cp.new_bool_var("touched")
        for opening in openings:
            self._cp.add(opening.held <= opening.most * touched)
        return touched

    def _decisions(self) -> None:
        """Hold what is pinned to a start, and the past."""
        fixed = defaultdict[tuple[str, int], set[int]](set)
        for pin in self._problem.pins:
            if pin.start is not None:
                fixed[pin.activity, pin.start].add(pin.index)
        for (activity, index), row in self._problem.frozen.items():
            fixed[activity, row.start].add(index)
        for openings in self._openings.values():
            for opening in openings:
                self._cp.add(opening.held >= len(fixed[opening.activity.id, opening.start]))

    def _groups(self) -> None:
        """Let a group be in one session at a time, and count those that stand alone on their day."""
        activities = self._problem.activities
        for group in self._problem.groups:
            mine = [found for found in self._all() if group.id in found.activity.groups]
            for start in sorted({opening.start for opening in mine}):
                self._cp.add(_held([found for found in mine if found.start <= start < found.end]) <= 1)
            # What is not looked at could stand near.
            whole = all(found.id in self._openings for found in activities if group.id in found.groups)
            if group.compact and whole and self._weight["isolated"]:
                for day in _grouped(mine, lambda opening: day_of(opening.start)):
                    self._isolated(day)

    def _isolated(self, day: list[Opening]) -> None:
        gap = self._problem.compact_gap
        for here in _grouped(day, lambda opening: (opening.start, opening.end)):
            start, end = here[0].start, here[0].end
            near = [other for other in day if 0 <= other.start - end <= gap or 0 <= start - other.end <= gap]
            alone = self._cp.new_bool_var("alone")
            self._cp.add(_held(here) <= alone + _held(near))
            self._charge("isolated", alone)

    def _rooms(self) -> None:
        """Let no more sessions run than there are rooms for them, by Hall's condition, and count seats that lack."""
        housed = [opening for opening in self._all() if opening.activity.needs_room]
        for start in sorted({opening.start for opening in housed}):
            running = [opening for opening in housed if opening.start <= start < opening.end]
            kinds = {opening.rooms for opening in running}
            for rooms in kinds | {frozenset[str]().union(*kinds)}:
                inside = [opening for opening in running if opening.rooms <= rooms]
                if _most(inside) > len(rooms):
                    self._cp.add(_held(inside) <= len(rooms))
            if self._weight["overflow"]:
                self._seats([opening for opening in running if opening.start == start])

    def _seats(self, here: list[Opening]) -> None:
        """Count the seats that sessions of one start lack.

        Of the sessions with more than z children, those beyond the rooms with more than z seats lack the seat z + 1.
        """
        rooms = frozenset[str]().union(*(opening.rooms for opening in here))
        seats = [self._problem.room_of[room].capacity for room in rooms]
        marks = sorted({0, *seats, *(opening.activity.size for opening in here)})
        # Both fall as z rises, so equal counts mean the same sessions and rooms, and one amount does for them.
        counts = [
            (sum(opening.activity.size > low for opening in here), sum(found > low for found in seats)) for low in marks
        ]
        largest = sorted(here, key=lambda opening: -opening.activity.size)
        widths = defaultdict[tuple[int, int], int](int)
        for count, (low, high) in zip(counts, pairwise(marks), strict=False):
            widths[count] += high - low
        for (sessions, larger), width in widths.items():
            beyond = _most(largest[:sessions]) - larger
            if beyond > 0:
                lacking = self._cp.new_int_var(0, beyond, "lacking seats")
                self._cp.add(lacking >= _held(largest[:sessions]) - larger)
                self._charge("overflow", lacking, width)

    def _all(self) -> Iterator[Opening]:
        return (opening for openings in self._openings.values() for opening in openings)


def _held(openings: Iterable[Opening]) -> Linear:
    return total([opening.held for opening in openings])


def _most(openings: Iterable[Opening]) -> int:
    return sum(opening.most for opening in openings)


def _grouped(openings: Iterable[Opening], key: Callable[[Opening], Hashable]) -> list[list[Opening]]:
    found = defaultdict[Hashable, list[Opening]](list)
    for opening in openings:
        found[key(opening)].append(opening)
    return list(found.values())


def _whole(bound: float) -> int:
    # Costs are whole numbers, so the next whole one is a bound too; the slack is for the solver's arithmetic.
    return ceil(bound - 1e-6)
