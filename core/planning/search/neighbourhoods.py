"""Which part of a plan to free next: a few activities wholly, or the staff of many at fixed times."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.planning.model.choices import Choices
from core.planning.plan import Plan
from core.planning.problem import Activity, Problem
from core.planning.search.modelling import Task
from core.planning.units import families

#: How many decisions on staff are opened at once, to begin with.
_STAFF_DECISIONS = 800

#: How many people beyond those who serve in it already are thought of for an activity whose times are open too.
_NEWCOMERS = 8


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
        self._size = {"activities": 2.0, "short": 2.0, "staff": float(_STAFF_DECISIONS)}
        self._turn = 0

    def everything(self) -> Neighbourhood:
        """Return the whole problem, all open."""
        return Neighbourhood("everything", self._task.free(self._family_of))

    def next(self, plan: Plan) -> Neighbourhood:
        """Return the next part to free."""
        self._turn += 1
        short = short_activities(self._task.problem, plan)
        if short and self._turn % 4:
            return self._activities(self._rng.choice(short), "short")
        if self._task.problem.people and self._turn % 2:
            return self._staff(plan)
        part = self._activities(self._rng.choice(list(self._family_of)), "activities")
        self._keep_acquainted(part.choices, plan)
        return part

    def learn(self, neighbourhood: Neighbourhood, *, optimal: bool) -> None:
        """Make the next neighbourhoods larger where the solver finished, smaller where it ran out of time."""
        if neighbourhood.kind in self._size:
            size = self._size[neighbourhood.kind] * (1.25 if optimal else 0.8)
            self._size[neighbourhood.kind] = max(1.0, size)

    def _keep_acquainted(self, choices: Choices, plan: Plan) -> None:
        """Think only of the people who serve in each activity already, and of a few others: more can be open then."""
        for name in choices.activities:
            serving = {person for row in plan.sessions if row.activity == name for person in row.people()}
            able = {
                person
                for start in choices.starts(name)
                for role in self._task.problem.activity_of[name].roles
                for person in choices.people(name, start, role.role)
            }
            others = sorted(able - serving)
            choices.keep_people(name, serving | set(self._rng.sample(others, min(_NEWCOMERS, len(others)))))

    def _activities(self, first: str, kind: str) -> Neighbourhood:
        """Return some families that compete with one another.

        Those that share a group with the first come first, but where something is short: people are scarce there.
        """
        chosen = list(self._family_of[first])
        pool = [name for name in self._rivals[first] if name not in chosen]
        self._rng.shuffle(pool)
        groups = frozenset(self._task.problem.activity_of[first].groups)
        if kind != "short":
            pool.sort(key=lambda name: groups.isdisjoint(self._task.problem.activity_of[name].groups))
        for name in pool:
            if len(chosen) >= self._size[kind]:
                break
            chosen += [other for other in self._family_of[name] if other not in chosen]
        return Neighbourhood(kind, self._task.free(chosen))

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
            if decisions > self._size["staff"]:
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
