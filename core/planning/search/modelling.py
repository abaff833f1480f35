"""What the whole search shares: the problem with its rules and preferences, its choices, and models of parts of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.planning.check import Audit, audit
from core.planning.model.choices import Choices
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule


@dataclass(frozen=True)
class Task:
    """A problem and what counts in it, with how to solve parts of it."""

    problem: Problem
    rules: tuple[Rule, ...]
    preferences: tuple[Preference, ...]
    seed: int
    workers: int

    @cached_property
    def choices(self) -> Choices:
        """Return what the rules leave to decide. Copy it before narrowing it further."""
        choices = Choices(self.problem)
        for rule in self.rules:
            rule.narrow(choices)
        return choices

    @cached_property
    def weights(self) -> Mapping[str, int]:
        """Return the price of one unit of each preference, by name; 0 for those that don't count."""
        found = {preference.name: preference.weight(self.problem) for preference in self.preferences}
        return defaultdict(int, found)

    @property
    def program_rules(self) -> tuple[Rule, ...]:
        """Return the rules that programs have added to the standard ones."""
        return tuple(rule for rule in self.rules if rule not in DEFAULT_RULES)

    @property
    def program_preferences(self) -> tuple[Preference, ...]:
        """Return the preferences that programs have added and that count in this problem."""
        return tuple(
            preference
            for preference in self.preferences
            if preference not in DEFAULT_PREFERENCES and preference.weight(self.problem)
        )

    def audit(self, plan: Plan) -> Audit:
        """Return the audit of a plan under the task's rules and preferences."""
        return audit(self.problem, plan, self.rules, self.preferences)

    def model(self, choices: Choices, plan: Plan, *, penalties: bool = True) -> Model:
        """Return a model that decides on the activities of the choices and keeps the plan's other sessions."""
        model = Model(self.problem, choices, plan.without(choices.activities))
        for rule in self.rules:
            rule.constrain(model)
        for preference in self.preferences if penalties else ():
            preference.penalize(model)
        return model

    def free(self, activities: Iterable[str]) -> Choices:
        """Return the choices of these activities, all open."""
        return self.choices.copy(activities)
