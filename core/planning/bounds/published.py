"""The published plan as it stands: what of it can't stay, whatever becomes of the sessions that move."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from ortools.sat.python import cp_model

from core.planning.bounds.asked import Asked
from core.planning.bounds.options import Fate, Option, Scope, at_once, fates, near
from core.planning.bounds.patience import Patience
from core.planning.bounds.sessions import weights
from core.planning.model.variables import Linear, Literal, total
from core.planning.plan import Plan, SessionKey
from core.planning.problem import Person, Pin, Problem, Relation

#: The solver counts whole costs in fractions.
_SLACK = 1e-6
#: Of two sessions and the way between them, so many can be.
_BOTH = 2


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
        self._far: dict[tuple[Option, Option], Literal | None] = {}
        self._fates = {fate.key: fate for fate in fates(self._cp, task, scope)}
        self._options = tuple(option for fate in self._fates.values() for option in fate.options)
        for fate in self._fates.values():
            self._count_short(fate)
            self._count_changed(fate)
        self._keep_past()
        self._keep_rooms()
        self._keep_groups()
        self._keep_people()
        self._keep_faces()
        self._keep_series()
        for relation in self._problem.relations:
            self._relate(relation)
        for pin in self._problem.pins:
            self._pin(pin)

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

    def _keep_past(self) -> None:
        """Hold what lies behind us as it was."""
        for key, row in self._problem.frozen.items():
            self._cp.add(self._fates[key].taken == 1)
            for option in self._fates[key].options:
                for role, able in option.staff.items():
                    for person, serves in able.items():
                        self._cp.add(serves == (person in row.staff.get(role, ())))
                if row.room is not None and row.room in option.rooms:
                    self._cp.add(option.rooms[row.room] == 1)

    def _keep_rooms(self) -> None:
        """Let nothing else be in a room during a session and the turnover after it."""
        for room in self._problem.rooms:
            inside = (option for option in self._options if room.id in option.rooms)
            for here in at_once(inside, room.turnover):
                self._cp.add_at_most_one(option.rooms[room.id] for option in here)

    def _keep_groups(self) -> None:
        """Let a group be in one session at a time, with the way between two."""
        for group in self._problem.groups:
            mine = [option for option in self._options if group.id in option.activity.groups]
            self._keep_apart(mine, lambda option: option.taken)

    def _keep_people(self) -> None:
        """Let nobody be in two sessions at once or on the way, nor serve more often than they offered."""
        serving = defaultdict[str, list[Option]](list)
        for option in self._options:
            for name in option.people:
                serving[name].append(option)
        for name, mine in serving.items():
            self._keep_to_offer(self._problem.person_of[name], mine)

    def _keep_to_offer(self, person: Person, mine: list[Option]) -> None:
        def there(option: Option) -> Linear:
            return option.people[person.id]

        self._keep_apart(mine, there)
        self._bound(person.max_sessions, [there(option) for option in mine])
        for day in {option.day for option in mine}:
            self._bound(person.max_per_day, [there(option) for option in mine if option.day == day])

    def _keep_apart(self, options: list[Option], there: Callable[[Option], Linear]) -> None:
        """Let somebody who is there, if it is so, be nowhere else at that time, nor farther away than they get."""
        for here in at_once(options):
            self._bound(1, [there(option) for option in here])
        for one, other in near(self._problem, options):
            far = self._too_far(one, other)
            if far is not None:
                self._bound(_BOTH, [there(one), there(other), far])

    def _bound(self, most: int, terms: list[Linear]) -> None:
        if len(terms) > most:
            self._cp.add(total(terms) <= most)

    def _keep_faces(self) -> None:
        """Let no more people be in a role over a series than it allows; the past doesn't count."""
        faces: dict[tuple[str, str], dict[str, Literal]] = defaultdict(dict)
        for option in self._options:
            for role in option.activity.roles if option.key not in self._problem.frozen else ():
                found = faces[option.key[0], role.role]
                for person, serves in option.staff[role.role].items() if role.max_people is not None else ():
                    if person not in found:
                        found[person] = self._cp.new_bool_var(f"{person} {role.role} {option.key[0]}")
                    self._cp.add_implication(serves, found[person])
        for (activity, named), found in faces.items():
            most = self._problem.activity_of[activity].role_of[named].max_people or 0
            self._bound(most, list(found.values()))

    def _keep_series(self) -> None:
        """Hold no more sessions of an activity on a day than it allows, and courses in their order."""
        for activity in self._problem.activities:
            mine = [self._fates[activity.id, index] for index in range(activity.sessions)]
            options = [option for fate in mine for option in fate.options]
            for day in {option.day for option in options}:
                self._bound(activity.max_per_day, [option.taken for option in options if option.day == day])
            for before, after in pairwise(mine) if activity.ordered else ():
                self._cp.add_implication(before.given_up, after.given_up)
                self._exclude(before, after, lambda one, other: one.day >= other.day)

    def _relate(self, relation: Relation) -> None:
        """Keep two sessions as a relation wants them, where neither is away."""
        one, other = self._fates[relation.a], self._fates[relation.b]
        if relation.kind == "needs":
            self._cp.add_implication(other.given_up, one.given_up)
        elif relation.kind == "together":
            self._exclude(one, other, lambda a, b: a.start != b.start)
        elif relation.kind == "before":
            self._exclude(one, other, lambda a, b: b.start < a.end + relation.gap)
        elif relation.kind == "apart":
            self._exclude(one, other, lambda a, b: a.day == b.day)
        else:
            self._same_venue(one, other)

    def _exclude(self, one: Fate, other: Fate, clash: Callable[[Option, Option], bool]) -> None:
        """Let no two options be taken that clash."""
        for option in one.options:
            clashing = [found.taken for found in other.options if clash(option, found)]
            if clashing:
                self._bound(1, [option.taken, *clashing])

    def _same_venue(self, one: Fate, other: Fate) -> None:
        there = defaultdict[str | None, list[Linear]](list)
        for option in other.options:
            for venue, at in option.venues(self._problem).items():
                there[venue].append(at)
        for option in one.options:
            for venue, at in option.venues(self._problem).items():
                self._cp.add(at + other.taken <= 1 + total(there[venue]))

    def _pin(self, pin: Pin) -> None:
        """Keep what the organizer has fixed."""
        fate = self._fates[pin.key]
        self._cp.add(fate.given_up == 0)
        for option in fate.options:
            if pin.start not in {None, option.start} or (pin.room is not None and pin.room not in option.rooms):
                self._cp.add(option.taken == 0)
            elif pin.room is not None:
                self._cp.add_implication(option.taken, option.rooms[pin.room])
            for role, ids in pin.staff.items():
                for person in ids:
                    self._cp.add(option.taken <= option.staff[role].get(person, 0))

    def _too_far(self, one: Option, other: Option) -> Literal | None:
        """Return whether the way from one session to the other is longer than the time between; None if it never is."""
        if (one, other) not in self._far:
            gap, travel = other.start - one.end, self._problem.travel
            here, there = one.venues(self._problem), other.venues(self._problem)
            pairs = [(a, b) for a in here for b in there if travel.between(a, b) > gap]
            far = self._far[one, other] = self._cp.new_bool_var("too far") if pairs else None
            for a, b in pairs:
                self._cp.add(here[a] + there[b] - 1 <= far)
        return self._far[one, other]
