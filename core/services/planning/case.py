"""One activity of a term, taken alone, with all that its feasibility is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy.orm import Session

from core.db.models import Activity
from core.domain.errors import Message
from core.hooks.calling import Hooks
from core.planning.problem import Activity as Planned
from core.planning.problem import Problem
from core.planning.prospects import Prospect, prospect
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from core.planning.search.modelling import Task
from core.services.planning.people import may_serve
from core.services.planning.problem import problem_of_one
from core.services.planning.surroundings import Surroundings


@dataclass(frozen=True)
class Case:
    """An activity, stored or not, in its term; `seconds` are spent at most where counting leaves a question open."""

    around: Surroundings
    hooks: Hooks
    activity: Activity
    task: Task
    seconds: float

    @classmethod
    def of(
        cls, session: Session, hooks: Hooks, around: Surroundings, activity: Activity, *, seconds: float = 0.0
    ) -> "Case":
        """Return the case of an activity; nothing is stored by asking."""
        problem = problem_of_one(session, hooks, around, activity)
        rules: tuple[Rule, ...] = (*DEFAULT_RULES, *hooks.planning_rules())
        return cls(around, hooks, activity, Task(problem, rules, (), seed=0, workers=1), seconds)

    @property
    def problem(self) -> Problem:
        """Return the problem of the activity alone."""
        return self.task.problem

    @property
    def planned(self) -> Planned:
        """Return the activity as the planner sees it."""
        return self.problem.activities[0]

    @cached_property
    def prospect(self) -> Prospect:
        """Return what is possible."""
        return prospect(self.task, self.planned.id, seconds=self.seconds)

    @cached_property
    def cleared(self) -> frozenset[str]:
        """Return the people who may be assigned on some day of the term that lies ahead, and are not away on it."""
        today = self.around.now.date()
        days = [day.date for day in self.around.days if day.date >= today]
        return frozenset(
            str(row.id) for row in self.around.volunteers if any(may_serve(row, day, today=today) for day in days)
        )

    @cached_property
    def role_labels(self) -> Mapping[str, Message | str]:
        """Return what the activity's roles are called; the bare key where the program's plugin is absent."""
        kind = self.hooks.activity_types.get(self.activity.type_key)
        labels = {need.role: need.label for need in kind.roles} if kind else {}
        return {role.role: labels.get(role.role, role.role) for role in self.planned.roles}

    def with_problem(self, problem: Problem) -> Prospect:
        """Return what would be possible in a changed problem; nothing is held in it unless all sessions can be."""
        return prospect(replace(self.task, problem=problem), problem.activities[0].id, partly=False)

    def without_program(self, program: str) -> Prospect:
        """Return what would be possible without a program's own rules, and without what it ties together."""
        rules = tuple(rule for rule in self.task.rules if rule.name.partition(".")[0] != program)
        relations = () if program == self.planned.program else self.problem.relations
        task = replace(self.task, rules=rules, problem=replace(self.problem, relations=relations))
        return prospect(task, self.planned.id)
