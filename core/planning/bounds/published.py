"""The published plan as it stands: what of it can't stay, whatever becomes of the sessions that move."""

from dataclasses import dataclass
from math import ceil

from ortools.sat.python import cp_model

from core.planning.bounds.asked import Asked
from core.planning.bounds.options import Fate, Scope, fates
from core.planning.bounds.patience import Patience
from core.planning.bounds.sessions import weights
from core.planning.bounds.standard_rules import StandardRules
from core.planning.model.variables import Linear, total
from core.planning.plan import Plan, SessionKey
from core.planning.problem import Problem

#: The solver counts whole costs in fractions.
_SLACK = 1e-6


@dataclass(frozen=True)
class Reply:
    """A bound, and the answer that comes nearest: what it amounts to, and what it holds.

    `away` are sessions that moved out of sight, `thinned` those that people left without its being seen who follows.
    Without either, the answer is a plan.
    """

    bound: int
    amount: int
    plan: Plan
    away: frozenset[SessionKey]
    thinned: frozenset[SessionKey]


class Published:
    """A model of what becomes of the published sessions: what it can't avoid, no plan can.

    The standard rules are all there, as far as the scope looks; the rules of programs are left out. `impossible` says
    that the last question was found to have no answer at all.
    """

    impossible = False

    def __init__(self, task: Asked, scope: Scope) -> None:
        self._problem: Problem = task.problem
        self._weight = weights(task)
        self._cp = cp_model.CpModel()
        self._short: list[Linear] = []
        self._changed: list[Linear] = []
        self._fates = {fate.key: fate for fate in fates(self._cp, task, scope)}
        self._options = tuple(option for fate in self._fates.values() for option in fate.options)
        for fate in self._fates.values():
            self._count_short(fate)
            self._count_changed(fate)
        StandardRules(self._cp, self._problem, self._fates).add()

    def suggest(self, plan: Plan) -> None:
        """Let the solver start from a plan, as far as its sessions are where the model has them."""
        rows = {row.key: row for row in plan.sessions}
        for option in self._options:
            row = rows.get(option.key)
            here = row if row is not None and row.start == option.start else None
            self._cp.add_hint(option.taken, here is not None)
            for room, literal in option.rooms.items():
                self._cp.add_hint(literal, here is not None and here.room == room)
            for role, able in option.staff.items():
                for person, serves in able.items():
                    self._cp.add_hint(serves, here is not None and person in here.staff.get(role, ()))

    def least_short(self, patience: Patience) -> Reply | None:
        """Return how little sessions given up and required places left empty cost; None if time was too short."""
        return self._solve(self._short, patience)

    def least_changed(self, shortage: int, patience: Patience) -> Reply | None:
        """Return how little changes cost with no more than that shortage; None if there is no answer in time."""
        self._cp.add(total(self._short) <= shortage)
        return self._solve(self._changed, patience)

    def _solve(self, terms: list[Linear], patience: Patience) -> Reply | None:
        self._cp.minimize(total(terms))
        solver = patience.solver()
        # Its linear relaxation nearly solves this model, so it shall be a full one, which more threads only delay.
        solver.parameters.linearization_level = 2
        solver.parameters.num_workers = min(patience.workers, 2)
        with patience.watching(solver):
            status = solver.solve(self._cp)
        self.impossible = status == cp_model.INFEASIBLE
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        rows = [option.row(solver) for option in self._options if solver.value(option.taken)]
        away = frozenset(key for key, fate in self._fates.items() if solver.value(fate.away))
        plan = Plan(self._problem.name, tuple(sorted(rows, key=lambda row: row.key)))
        bound = max(0, ceil(solver.best_objective_bound - _SLACK))
        return Reply(bound, round(solver.objective_value), plan, away, frozenset(self._thinned(plan) - away))

    def _thinned(self, plan: Plan) -> set[SessionKey]:
        """Return the sessions of the plan that have fewer people than were published, and that nobody else may join."""
        fates = ((self._fates[row.key], row) for row in plan.sessions)
        return {
            row.key
            for fate, row in fates
            if fate.published and not fate.staffed and set(row.people()) != set(fate.published.people())
        }

    def _count_short(self, fate: Fate) -> None:
        self._short.append(self._weight["unscheduled"] * fate.activity.priority * fate.given_up)
        for option in fate.options if self._weight["required"] and fate.staffed else ():
            for role in fate.activity.roles:
                empty = self._cp.new_int_var(0, role.required, f"empty {role.role} {fate.key} {option.start}")
                serving = total(list(option.staff[role.role].values()))
                self._cp.add(empty + serving >= role.required * option.taken)
                self._short.append(self._weight["required"] * empty)

    def _count_changed(self, fate: Fate) -> None:
        """Count a move, another room at the same start, and people who could still come and no longer serve."""
        row, problem = fate.published, self._problem
        if row is None:
            return
        elsewhere = [option.taken for option in fate.options if option.start != row.start]
        self._changed.append(self._weight["moved"] * total([fate.away, *elsewhere]))
        for option in fate.options:
            if option.start == row.start and fate.activity.needs_room:
                self._changed.append(self._weight["rehoused"] * (option.taken - option.rooms.get(row.room or "", 0)))
        end = row.start + fate.activity.duration
        for name in sorted(set(row.people())):
            person = problem.person_of.get(name)
            if person is not None and person.is_available(row.start, end) and self._weight["restaffed"]:
                gone = self._cp.new_bool_var(f"{name} gone from {row.key}")
                for option in fate.options:
                    self._cp.add(gone + option.people.get(name, 0) >= option.taken)
                self._changed.append(self._weight["restaffed"] * gone)
