"""Which part of a plan to free next: a few activities wholly, or the staff of many at fixed times."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.planning.model.choices import Choices
from core.planning.plan import Plan
from core.planning.problem import Activity, Problem
from core.planning.search.modelling import Task
from core.planning.search.units import families

#: About how many decisions on staff the solver improves on well in a few seconds.
_STAFF_DECISIONS = 2_000


@dataclass(frozen=True)
class Neighbourhood:
    """A part of the plan to decide again; `kind` and the activities say which, `choices` what is open in it."""

    kind: str
    choices: Choices


class Neighbourhoods:
    """Chooses parts of a plan: where something is short first, then at random by what each kind has brought."""

    def __init__(self, task: Task, rng: random.Random) -> None:
        self._task = task
        self._rng = rng
        self._families = families(task.problem)
        self._family_of = {name: family for family in self._families for name in family}
        self._rivals = {name: rivals(task.problem, name) for name in self._family_of}
        self._size = Counter({"activities": 2, "staff": 1})
        self._turn = 0

    def everything(self) -> Neighbourhood:
        """Return the whole problem, all open."""
        return Neighbourhood("everything", self._task.free(self._family_of))

    def next(self, plan: Plan) -> Neighbourhood:
        """Return the next part to free."""
        self._turn += 1
        short = short_activities(self._task.problem, plan)
        if short and self._turn % 4:
            return self._activities(self._rng.choice(short))
        if self._task.problem.people and self._turn % 3 == 0:
            return self._staff(plan)
        return self._activities(self._rng.choice(list(self._family_of)))

    def learn(self, neighbourhood: Neighbourhood, *, optimal: bool) -> None:
        """Make the next neighbourhoods larger where the solver finished, smaller where it ran out of time."""
        size = self._size["activities"] + (1 if optimal else -1)
        if neighbourhood.kind == "activities":
            self._size["activities"] = max(1, min(size, 8))

    def _activities(self, first: str) -> Neighbourhood:
        """Return some families that compete with one another, all open."""
        chosen = list(self._family_of[first])
        pool = [name for name in self._rivals[first] if name not in chosen]
        self._rng.shuffle(pool)
        for name in pool:
            if len(chosen) >= self._size["activities"]:
                break
            chosen += [other for other in self._family_of[name] if other not in chosen]
        return Neighbourhood("activities", self._task.free(chosen))

    def _staff(self, plan: Plan) -> Neighbourhood:
        """Return as many held activities as the solver can staff anew at once, with times and rooms as they are."""
        names = sorted({row.activity for row in plan.sessions})
        self._rng.shuffle(names)
        chosen, decisions = list[str](), 0
        for name in names:
            chosen.append(name)
            decisions += sum(
                len(self._task.choices.people(name, row.start, role.role))
                for row in plan.sessions
                if row.activity == name
                for role in self._task.problem.activity_of[name].roles
            )
            if decisions > _STAFF_DECISIONS:
                break
        return Neighbourhood("staff", at_fixed_times(self._task, plan, chosen))


def at_fixed_times(task: Task, plan: Plan, activities: Iterable[str]) -> Choices:
    """Return the choices of these activities with starts and rooms as in the plan and only the staff open."""
    choices = task.free(activities)
    for name in choices.activities:
        rows = [row for row in plan.sessions if row.activity == name]
        choices.keep_starts(name, [row.start for row in rows])
        for row in rows:
            if row.room is not None:
                rooms = [other.room for other in rows if other.start == row.start and other.room is not None]
                choices.keep_rooms(name, rooms, row.start)
    return choices


def short_activities(problem: Problem, plan: Plan) -> list[str]:
    """Return the activities with a session that is not held or a required place that is empty."""
    held = Counter(row.activity for row in plan.sessions)
    short = {activity.id for activity in problem.activities if held[activity.id] < activity.sessions}
    for row in plan.sessions:
        roles = problem.activity_of[row.activity].roles
        if any(len(row.staff.get(role.role, ())) < role.required for role in roles):
            short.add(row.activity)
    return sorted(short)


def rivals(problem: Problem, name: str) -> list[str]:
    """Return the activities that want the same groups, skills or kind of room."""
    activity = problem.activity_of[name]

    def competes(other: Activity) -> bool:
        skills = {role.skill for role in activity.roles} & {role.skill for role in other.roles} - {None}
        groups, zones = set(activity.groups) & set(other.groups), set(activity.zones) & set(other.zones)
        return bool(skills or groups or zones)

    return [other.id for other in problem.activities if other.id != name and competes(other)]
