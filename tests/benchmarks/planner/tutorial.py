"""The model of a CP-SAT tutorial: `python -m tests.benchmarks.planner.tutorial PROBLEM SECONDS PLAN [SEED]`.

One boolean for each session and start, each session and room, each session, role and person, and intervals that may not
overlap. Travel is a pause of the longest way after each session; `isolated` and the terms of re-planning are left out.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from time import monotonic

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model import IntervalVar, IntVar, LinearExprT

from core.planning.files import read_problem, write_plan
from core.planning.moments import clock_of, day_of
from core.planning.plan import Plan, PlannedSession
from core.planning.problem import Activity, Problem, Relation, Room

Key = tuple[str, int]


class Tutorial:
    """The model and its variables: `starts`, `rooms` and `staff` of each session, and whether it is `held`."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        self.costs: list[LinearExprT] = []
        self.sessions = [(activity.id, index) for activity in problem.activities for index in range(activity.sessions)]
        self.held: dict[Key, IntVar] = {}
        self.starts: dict[Key, dict[int, IntVar]] = {}
        self.rooms: dict[Key, dict[str, IntVar]] = {}
        self.staff: dict[Key, dict[tuple[str, str], IntVar]] = {}
        self.begin: dict[Key, IntVar] = {}
        self.busy: dict[tuple[str, str], list[IntervalVar]] = defaultdict(list)
        for key in self.sessions:
            self._decide(key)
            self._tie_to_hours(key)
            self._keep_safe(key)
        for intervals in self.busy.values():
            self.model.add_no_overlap(intervals)
        for activity in problem.activities:
            self._series(activity)
        for relation in problem.relations:
            self._relate(relation)
        for pin in problem.pins:
            self._fix(PlannedSession(*pin.key, pin.start or 0, pin.room, pin.staff), start=pin.start is not None)
        for row in problem.frozen.values():
            self._fix(row, start=True)
        self._people()

    def decision(self) -> IntVar:
        """Return a new decision."""
        return self.model.new_bool_var("")

    def price(self, name: str, amount: LinearExprT) -> None:
        """Add to the cost."""
        self.costs.append(self.problem.weights.get(name, 0) * amount)

    @cached_property
    def pause(self) -> int:
        """Return the longest way between venues."""
        return self.problem.travel.farthest if len({room.venue for room in self.problem.rooms}) > 1 else 0

    def _decide(self, key: Key) -> None:
        activity = self.problem.activity_of[key[0]]
        line = self.problem.frozen_before
        past = line is not None and key not in self.problem.frozen
        starts = [start for start in activity.starts if not (past and line is not None and start < line)]
        held = self.held[key] = self.decision()
        self.starts[key] = {start: self.decision() for start in starts}
        self.model.add(sum(self.starts[key].values()) == held)
        fitting = [room.id for room in self.problem.rooms if _fits(self.problem, activity, room)]
        self.rooms[key] = {room: self.decision() for room in fitting}
        if activity.needs_room:
            self.model.add(sum(self.rooms[key].values()) == held)
        begin = self.begin[key] = self.model.new_int_var_from_domain(cp_model.Domain.from_values(starts or [0]), "")
        for start, literal in self.starts[key].items():
            self.model.add(begin == start).only_enforce_if(literal)
        self.staff[key] = {
            (role.role, person.id): self.decision()
            for role in activity.roles
            for person in self.problem.people
            if role.skill is None or role.skill in person.skills
        }
        for literal in self.staff[key].values():
            self.model.add_implication(literal, held)
        self._occupy(key, activity)

    def _occupy(self, key: Key, activity: Activity) -> None:
        """Put the session into the hours of its room, its people and its groups."""
        begin, minutes = self.begin[key], activity.duration
        for room, literal in self.rooms[key].items():
            turnover = self.problem.room_of[room].turnover
            self.busy["room", room].append(self._interval(begin, minutes + turnover, literal))
        for (_role, person), literal in self.staff[key].items():
            self.busy["person", person].append(self._interval(begin, minutes + self.pause, literal))
        for group in activity.groups:
            self.busy["group", group].append(self._interval(begin, minutes + self.pause, self.held[key]))

    def _interval(self, begin: IntVar, minutes: int, literal: IntVar) -> IntervalVar:
        return self.model.new_optional_fixed_size_interval_var(begin, minutes, literal, "")

    def _tie_to_hours(self, key: Key) -> None:
        minutes = self.problem.activity_of[key[0]].duration
        for start, literal in self.starts[key].items():
            for room, here in self.rooms[key].items():
                if not self.problem.room_of[room].is_open(start, start + minutes):
                    self.model.add_bool_or(literal.negated(), here.negated())
            for (_role, person), serves in self.staff[key].items():
                if not self.problem.person_of[person].is_available(start, start + minutes):
                    self.model.add_bool_or(literal.negated(), serves.negated())

    def _keep_safe(self, key: Key) -> None:
        activity, held = self.problem.activity_of[key[0]], self.held[key]
        by_person: dict[str, list[IntVar]] = defaultdict(list)
        homes: dict[Hashable, list[IntVar]] = defaultdict(list)
        adults: list[IntVar] = []
        for (_role, person), literal in self.staff[key].items():
            by_person[person].append(literal)
            if self.problem.person_of[person].adult:
                adults.append(literal)
                homes[self.problem.person_of[person].home].append(literal)
        for literals in by_person.values():
            self.model.add_at_most_one(literals)
        self.model.add(sum(adults) >= activity.min_adults * held)
        if activity.min_adults > 1:
            for family in homes.values():
                self.model.add(sum(adults) - sum(family) >= held)
        for role in activity.roles:
            serving = sum(literal for (name, _), literal in self.staff[key].items() if name == role.role)
            self.model.add(serving <= role.wanted)
            required, wanted = (self.model.new_int_var(0, role.wanted, "") for _ in range(2))
            self.model.add(required >= role.required * held - serving)
            self.model.add(wanted >= role.wanted * held - serving - required)
            self.price("required", required)
            self.price("wanted", wanted)

    def _series(self, activity: Activity) -> None:
        keys = [(activity.id, index) for index in range(activity.sessions)]
        self.price("unscheduled", activity.priority * sum(1 - self.held[key] for key in keys))
        days = self._used(keys, lambda key: ((day_of(start), x) for start, x in self.starts[key].items()))
        for day in days:
            that_day = [x for key in keys for start, x in self.starts[key].items() if day_of(start) == day]
            self.model.add(sum(that_day) <= activity.max_per_day)
        if activity.ordered:
            for one, other in pairwise(keys):
                self.model.add_implication(self.held[other], self.held[one])
                self._apart(one, other, ordered=True)
        missing = self.model.new_int_var(0, activity.min_days, "")
        self.model.add(missing >= activity.min_days - sum(days.values()))
        self.price("days", missing)
        for name, used in (
            ("rooms", self._used(keys, lambda key: self.rooms[key].items())),
            ("times", self._used(keys, lambda key: ((clock_of(start), x) for start, x in self.starts[key].items()))),
        ):
            self._price_variety(name, used, 1)
        self._faces(activity, keys)
        if self.problem.overflow_allowed:
            for key in keys:
                for room, literal in self.rooms[key].items():
                    self.price("overflow", max(0, activity.size - self.problem.room_of[room].capacity) * literal)

    def _faces(self, activity: Activity, keys: list[Key]) -> None:
        for role in activity.roles:
            if role.continuity or role.max_people is not None:
                used = self._used(keys, lambda key, name=role.role: _in_role(self.staff[key], name))
                if role.max_people is not None:
                    self.model.add(sum(used.values()) <= role.max_people)
                if role.continuity:
                    self._price_variety("staff", used, role.wanted)

    def _used(
        self, keys: list[Key], choices: Callable[[Key], Iterable[tuple[Hashable, IntVar]]]
    ) -> dict[Hashable, IntVar]:
        """Return for each choice whether any of the sessions takes it."""
        found: dict[Hashable, list[IntVar]] = defaultdict(list)
        for key in keys:
            for choice, literal in choices(key):
                found[choice].append(literal)
        used = {choice: self.decision() for choice in found}
        for choice, literals in found.items():
            self.model.add_max_equality(used[choice], literals)
        return used

    def _price_variety(self, name: str, used: dict[Hashable, IntVar], free: int) -> None:
        more = self.model.new_int_var(0, max(len(used), 1), "")
        self.model.add(more >= sum(used.values()) - free)
        self.price(name, more)

    def _apart(self, one: Key, other: Key, *, ordered: bool) -> None:
        both = [self.held[one], self.held[other]]
        days = [self.model.new_int_var(0, 10**6, "") for _ in both]
        for key, day in zip((one, other), days, strict=True):
            for start, literal in self.starts[key].items():
                self.model.add(day == day_of(start)).only_enforce_if(literal)
        if ordered:
            self.model.add(days[0] < days[1]).only_enforce_if(both)
        else:
            self.model.add(days[0] != days[1]).only_enforce_if(both)

    def _relate(self, relation: Relation) -> None:
        a, b = relation.a, relation.b
        both = [self.held[a], self.held[b]]
        if relation.kind == "needs":
            self.model.add_implication(*both)
        elif relation.kind == "together":
            self.model.add(self.begin[a] == self.begin[b]).only_enforce_if(both)
        elif relation.kind == "before":
            minutes = self.problem.activity_of[a[0]].duration + relation.gap
            self.model.add(self.begin[a] + minutes <= self.begin[b]).only_enforce_if(both)
        elif relation.kind == "apart":
            self._apart(a, b, ordered=False)
        else:
            venue = {room.id: room.venue for room in self.problem.rooms}
            for one, here in self.rooms[a].items():
                for other, there in self.rooms[b].items():
                    if venue[one] != venue[other]:
                        self.model.add_bool_or(here.negated(), there.negated())

    def _fix(self, row: PlannedSession, *, start: bool) -> None:
        self.model.add(self.held[row.key] == 1)
        if start:
            self.model.add(self.begin[row.key] == row.start)
        if row.room is not None:
            self.model.add(self.rooms[row.key][row.room] == 1)
        for role, people in row.staff.items():
            for person in people:
                self.model.add(self.staff[row.key][role, person] == 1)

    def _people(self) -> None:
        for person in self.problem.people:
            mine = [
                (key, literal)
                for key in self.sessions
                for (_role, name), literal in self.staff[key].items()
                if name == person.id
            ]
            duties = [literal for _key, literal in mine]
            self.model.add(sum(duties) <= person.max_sessions)
            # The square is the sum of the odd numbers, of which the solver pays the cheapest first.
            steps = [self.decision() for _ in range(min(person.max_sessions, len(duties)))]
            self.model.add(sum(steps) >= sum(duties))
            for step, literal in enumerate(steps):
                self.price("load", (2 * step + 1) * literal)
            for (activity, _index), literal in mine:
                self.price("likes", -person.likes.get(activity, 0) * literal)
            self._days_of(person.max_per_day, mine)

    def _days_of(self, most: int, mine: list[tuple[Key, IntVar]]) -> None:
        by_day: dict[int, list[IntVar]] = defaultdict(list)
        for key, serves in mine:
            days: dict[int, list[IntVar]] = defaultdict(list)
            for start, literal in self.starts[key].items():
                days[day_of(start)].append(literal)
            for day, literals in days.items():
                both = self.decision()
                self.model.add(both >= serves + sum(literals) - 1)
                by_day[day].append(both)
        for found in by_day.values():
            comes = self.decision()
            self.model.add(sum(found) <= most * comes)
            self.price("trips", comes)

    def solve(self, seconds: float, seed: int) -> Plan | None:
        """Return the best plan found in time, None if there is none."""
        self.model.minimize(sum(self.costs))
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = 8
        solver.parameters.random_seed = seed
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        rows = [self._row(solver, key) for key in self.sessions if solver.value(self.held[key])]
        return Plan(self.problem.name, tuple(rows))

    def _row(self, solver: cp_model.CpSolver, key: Key) -> PlannedSession:
        staff: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for (role, person), literal in self.staff[key].items():
            if solver.value(literal):
                staff[role] = (*staff[role], person)
        room = next((room for room, literal in self.rooms[key].items() if solver.value(literal)), None)
        return PlannedSession(*key, solver.value(self.begin[key]), room, dict(staff))


def _fits(problem: Problem, activity: Activity, room: Room) -> bool:
    return (
        room.zone in activity.zones
        and set(activity.features) <= set(room.features)
        and (activity.rooms is None or room.id in activity.rooms)
        and (problem.overflow_allowed or activity.size <= room.capacity)
    )


def _in_role(staff: dict[tuple[str, str], IntVar], name: str) -> Iterable[tuple[str, IntVar]]:
    return ((person, literal) for (role, person), literal in staff.items() if role == name)


def main() -> int:
    """Write a plan, if one is found, and return the exit code."""
    started = monotonic()
    problem, seconds, plan_file, *seed = sys.argv[1:]
    model = Tutorial(read_problem(Path(problem)))
    left = float(seconds) - (monotonic() - started)
    plan = model.solve(max(left, 1.0), int(seed[0]) if seed else 1)
    if plan is None:
        print("no plan in the time", file=sys.stderr)
        return 1
    write_plan(Path(plan_file), plan)
    return 0


if __name__ == "__main__":
    sys.exit(main())
