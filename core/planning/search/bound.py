"""A cost that no plan can go below, from a relaxation that knows people but neither rooms nor clashes."""

from collections import defaultdict
from math import ceil, isfinite

from ortools.sat.python import cp_model

from core.planning.model.variables import Linear
from core.planning.moments import day_of
from core.planning.problem import Activity, Person, Problem, Role
from core.planning.search.modelling import Task


def floor(task: Task) -> int:
    """Return at once a cost that no plan goes below: everybody does what they like most, as often as they offer."""
    weight = sum(preference.weight(task.problem) for preference in task.preferences if preference.name == "likes")
    return -weight * sum(max(0, *person.likes.values(), 0) * person.max_sessions for person in task.problem.people)


def lower_bound(task: Task, seconds: float) -> int:
    """Return a cost that every plan of the task reaches or exceeds.

    The relaxation counts how often each person serves in each role of each activity, and not when. It holds required
    and wanted places, load, trips, likes and continuity against one another; what it leaves out can only add to the
    cost, as no other preference is ever below 0.
    """
    relaxation = _Relaxation(task)
    for activity in task.problem.activities:
        relaxation.staff(activity)
    for person in task.problem.people:
        relaxation.load(person)
    return relaxation.solve(seconds)


class _Relaxation:
    def __init__(self, task: Task) -> None:
        self._task = task
        self._problem: Problem = task.problem
        self._cp = cp_model.CpModel()
        self._cost: list[Linear] = []
        self._served = defaultdict[str, list[Linear]](list)
        self._limit = defaultdict[str, set[int]](set)
        known = {preference.name: preference.weight(task.problem) for preference in task.preferences}
        self._weight = defaultdict(int, known)

    def staff(self, activity: Activity) -> None:
        """Add an activity: how many of its sessions are held, and how often who serves in what role."""
        weight = self._weight
        held = self._cp.new_int_var(0, activity.sessions, f"held {activity.id}")
        self._cost.append(activity.priority * weight["unscheduled"] * (activity.sessions - held))
        adults: list[Linear] = []
        for role in activity.roles:
            times = {person: self._times(activity, role, person, held) for person in self._able(activity, role)}
            adults += [count for person, count in times.items() if self._problem.person_of[person].adult]
            self._places(activity, role, held, list(times.values()))
            if role.continuity and weight["staff"]:
                self._faces(activity, role, times)
        self._cp.add(cp_model.LinearExpr.sum(adults) >= activity.min_adults * held)

    def _able(self, activity: Activity, role: Role) -> dict[str, int]:
        """Return who could serve in the role at all, with on how many days at most."""
        days = defaultdict[str, set[int]](set)
        for slot in self._task.choices.slots(activity.id):
            for person in self._task.choices.people(activity.id, slot.start, role.role):
                days[person].add(day_of(slot.start))
        for person, found in days.items():
            self._limit[person] |= found
        return {person: len(days[person]) for person in sorted(days)}

    def _times(self, activity: Activity, role: Role, person: str, held: Linear) -> Linear:
        who = self._problem.person_of[person]
        count = self._cp.new_int_var(0, min(activity.sessions, who.max_sessions), f"{person} {role.role} {activity.id}")
        self._cp.add(count <= held)
        self._served[person].append(count)
        self._cost.append(-self._weight["likes"] * who.likes.get(activity.id, 0) * count)
        return count

    def _places(self, activity: Activity, role: Role, held: Linear, times: list[Linear]) -> None:
        """Fill places, the required ones at the higher of both prices' worth, which can only be too cheap."""
        weight, extra = self._weight, role.wanted - role.required
        empty = self._cp.new_int_var(0, role.required * activity.sessions, "required")
        bare = self._cp.new_int_var(0, extra * activity.sessions, "wanted")
        serving = cp_model.LinearExpr.sum(times)
        self._cp.add(serving <= role.wanted * held)
        self._cp.add(empty + bare == role.wanted * held - serving)
        self._cost += [weight["required"] * empty, weight["wanted"] * bare]

    def _faces(self, activity: Activity, role: Role, times: dict[str, Linear]) -> None:
        faces = []
        for person, count in times.items():
            face = self._cp.new_bool_var(f"{person} is {role.role} of {activity.id}")
            self._cp.add(count <= activity.sessions * face)
            faces.append(face)
        excess = self._cp.new_int_var(0, len(faces), "faces")
        self._cp.add(excess + role.wanted >= cp_model.LinearExpr.sum(faces))
        self._cost.append(self._weight["staff"] * excess)

    def load(self, person: Person) -> None:
        """Add what a person's sessions cost by their number: the square, and the days they take at least."""
        counts, most = self._served[person.id], person.max_sessions
        if not counts or not most:
            return
        steps = [self._cp.new_bool_var(f"{person.id} {k}") for k in range(most)]
        self._cp.add(cp_model.LinearExpr.sum(steps) == cp_model.LinearExpr.sum(counts))
        self._cost += [self._weight["load"] * (2 * k + 1) * step for k, step in enumerate(steps)]
        trips = self._cp.new_int_var(0, len(self._limit[person.id]), f"{person.id} trips")
        self._cp.add(trips * max(1, person.max_per_day) >= cp_model.LinearExpr.sum(counts))
        self._cost.append(self._weight["trips"] * trips)

    def solve(self, seconds: float) -> int:
        self._cp.minimize(cp_model.LinearExpr.sum(self._cost))
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        solver.parameters.num_workers = self._task.workers
        solver.parameters.random_seed = self._task.seed % 2**31
        solver.solve(self._cp)
        bound = solver.best_objective_bound
        if bound == 0.0 or not isfinite(bound):
            # A solver stopped before it had any bound says 0, which is none: likes make costs negative.
            return floor(self._task)
        # Costs are whole numbers, so the next whole one is a bound too; the slack is for the solver's arithmetic.
        return max(floor(self._task), ceil(bound - 1e-6))
