"""A CP-SAT model of some activities of a problem, the others held fixed; written by rules and preferences."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from core.domain.late import Late
from core.planning.model.background import Background
from core.planning.model.choices import Choices, Slot
from core.planning.model.numbering import Numbering
from core.planning.model.variables import Linear, Literal, Variables, total
from core.planning.plan import Plan, PlannedSession
from core.planning.problem import Problem
from core.planning.seating import seating

if TYPE_CHECKING:
    from ortools.sat.python import cp_model
else:
    cp_model = Late("ortools.sat.python.cp_model")

#: To work out a hint takes a few hundredths of a second; if it takes this long, it isn't worth it.
_HINT_SECONDS = 2.0


@dataclass(frozen=True)
class Answer:
    """What the solver said. `plan` holds the background too; None if no plan was found in time.

    `objective` and `bound` count only what the model decides, not what the background costs.
    """

    plan: Plan | None
    optimal: bool
    infeasible: bool
    objective: float
    bound: float


class Model:
    """What rules and preferences write into.

    `variables` names the decisions, `numbering` the sessions' numbers where somebody needs them, `background` the
    sessions that are held fixed. Every term may be a decision, a sum of decisions, or a plain number.
    """

    def __init__(self, problem: Problem, choices: Choices, fixed: Plan | None = None) -> None:
        self.problem = problem
        self.choices = choices
        self.background = Background(problem, fixed or Plan(problem.name))
        self._cp = cp_model.CpModel()
        self.variables = Variables(self._cp, problem, choices, self.background)
        self.numbering = Numbering(self._cp, problem, self.variables, self.background)
        self._penalties: list[tuple[str, int, Linear]] = []

    @property
    def activities(self) -> tuple[str, ...]:
        """Return the activities that are decided on."""
        return self.variables.activities

    def forbid(self, *decisions: Linear) -> None:
        """Let not all of these be so at once; a single one: not at all."""
        self._cp.add(total(decisions) <= len(decisions) - 1)

    def require(self, decision: Linear) -> None:
        """Let it be so."""
        self._cp.add(decision >= 1)

    def implies(self, cause: Linear, effect: Linear) -> None:
        """Let the effect be at least as large as the cause: if the cause is so, the effect is."""
        self._cp.add(cause <= effect)

    def at_most_one(self, decisions: Iterable[Literal]) -> None:
        """Let no two of these single decisions be so."""
        found = list(decisions)
        if len(found) > 1:
            self._cp.add_at_most_one(found)

    def at_least_one(self, decisions: Iterable[Linear]) -> None:
        """Let one of these be so, or more."""
        self.at_least(1, decisions)

    def exactly_one(self, decisions: Iterable[Linear]) -> None:
        """Let one of these be so and no other."""
        self._cp.add(total(list(decisions)) == 1)

    def at_most(self, limit: Linear, terms: Iterable[Linear]) -> None:
        """Let the sum not exceed the limit."""
        self._cp.add(total(list(terms)) <= limit)

    def at_least(self, limit: Linear, terms: Iterable[Linear]) -> None:
        """Let the sum reach the limit."""
        self._cp.add(total(list(terms)) >= limit)

    def new_decision(self, name: str) -> Literal:
        """Return a decision of the rule's own; it is 0 unless something pushes it up."""
        return self._cp.new_bool_var(name)

    def new_amount(self, most: int, name: str) -> Linear:
        """Return a whole number of the rule's own, from 0 to `most`."""
        return self._cp.new_int_var(0, max(0, most), name)

    def total(self, terms: Iterable[Linear]) -> Linear:
        """Return the sum of the terms."""
        return total(list(terms))

    def penalize(self, name: str, weight: int, amount: Linear) -> None:
        """Add to the cost, under the preference's name; the solver keeps an amount as low as it can be."""
        if weight:
            self._penalties.append((name, weight, amount))

    def solve(
        self, *, seconds: float, seed: int, workers: int = 8, hint: Plan | None = None, minimize: bool = True
    ) -> Answer:
        """Return the best plan found in time; without `minimize`, any plan will do. A model is solved once."""
        self._complete()
        if minimize:
            self._cp.minimize(total([weight * amount for _, weight, amount in self._penalties]))
        if hint is not None:
            self._hint(hint)
            self._complete_hint(seed)
        solver = _solver(seconds, seed, workers)
        status = solver.solve(self._cp)
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        return Answer(
            self._plan(solver) if found else None,
            status == cp_model.OPTIMAL,
            status == cp_model.INFEASIBLE,
            solver.objective_value if found and minimize else 0.0,
            solver.best_objective_bound if minimize else 0.0,
        )

    def _complete(self) -> None:
        """Make the decisions nobody has asked for, so that every held session has its room and could have its staff."""
        for slot in self.variables.all_slots():
            self.variables.held(slot)
            self.variables.rooms(slot)
            for role in self.problem.activity_of[slot.activity].roles:
                self.variables.staff(slot, role.role)
        for activity in self.activities:
            self._cp.add(self.variables.held_count(activity) <= self.problem.activity_of[activity].sessions)

    def _hint(self, plan: Plan) -> None:
        """Tell the solver a plan that it may start from."""
        told: dict[Slot, PlannedSession] = {}
        for meeting in seating(self.problem, plan).meetings.values():
            told[_free_slot(meeting.row, told)] = meeting.row
        for slot in self.variables.all_slots():
            row = told.get(slot)
            self._hint_one(self.variables.held(slot), so=row is not None)
            for room, literal in self.variables.rooms(slot).items():
                self._hint_one(literal, so=row is not None and row.room == room)
            for role in self.problem.activity_of[slot.activity].roles:
                serving = row.staff.get(role.role, ()) if row else ()
                for person, literal in self.variables.staff(slot, role.role).items():
                    self._hint_one(literal, so=person in serving)

    def _complete_hint(self, seed: int) -> None:
        """Work out what the plan means for the rules' and preferences' own variables.

        The solver makes little of a hint that leaves some open: it then often ends with a worse plan than it was told.
        """
        solver = _solver(_HINT_SECONDS, seed, workers=1)
        solver.parameters.fix_variables_to_their_hinted_value = True
        if solver.solve(self._cp) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self._cp.proto.solution_hint.vars.clear()
            self._cp.proto.solution_hint.values.clear()
            for at, value in enumerate(solver.response_proto.solution):
                self._cp.add_hint(self._cp.get_int_var_from_proto_index(at), value)

    def _hint_one(self, literal: Literal, *, so: bool) -> None:
        if not isinstance(literal, int):
            self._cp.add_hint(literal, so)

    def _plan(self, solver: cp_model.CpSolver) -> Plan:
        rows = chain.from_iterable(self._rows(solver, activity) for activity in self.activities)
        kept = (meeting.row for meeting in self.background.seating.meetings.values())
        return Plan(self.problem.name, tuple(sorted(chain(kept, rows), key=lambda row: row.key)))

    def _rows(self, solver: cp_model.CpSolver, activity: str) -> list[PlannedSession]:
        held = [slot for slot in self.variables.slots(activity) if solver.value(self.variables.held(slot))]
        numbers = {slot: k for k, slot in enumerate(held)}
        if self.numbering.is_numbered(activity):
            for k in range(self.problem.activity_of[activity].sessions):
                places = self.numbering.places((activity, k))
                numbers.update({slot: k for slot in held if solver.value(places.get(slot, 0))})
        return [self._row(solver, slot, numbers[slot]) for slot in held]

    def _row(self, solver: cp_model.CpSolver, slot: Slot, index: int) -> PlannedSession:
        staff = {
            role.role: self._true(solver, self.variables.staff(slot, role.role).items())
            for role in self.problem.activity_of[slot.activity].roles
        }
        room = self._true(solver, self.variables.rooms(slot).items())
        return PlannedSession(slot.activity, index, slot.start, room[0] if room else None, staff)

    def _true(self, solver: cp_model.CpSolver, decisions: Iterable[tuple[str, Literal]]) -> tuple[str, ...]:
        return tuple(name for name, literal in decisions if solver.value(literal))


def _solver(seconds: float, seed: int, workers: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed % 2**31
    # Whoever runs the planner decides what an interruption means, and keeps the best plan.
    solver.parameters.catch_sigint_signal = False
    return solver


def _free_slot(row: PlannedSession, taken: Container[Slot]) -> Slot:
    lane = 0
    while Slot(row.activity, row.start, lane) in taken:
        lane += 1
    return Slot(row.activity, row.start, lane)
