"""The planner's own audit of a plan: every breach and what it costs, by plain reading; it never asks the solver."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Breach, Rule


@dataclass(frozen=True)
class Audit:
    """What is wrong with a plan and what it costs, by preference; `cost` is the sum of `costs`."""

    breaches: tuple[Breach, ...]
    amounts: Mapping[str, int]
    costs: Mapping[str, int]
    cost: int

    @property
    def valid(self) -> bool:
        """Say whether no hard rule is broken."""
        return not self.breaches


def audit(
    problem: Problem,
    plan: Plan,
    rules: Iterable[Rule] = DEFAULT_RULES,
    preferences: Iterable[Preference] = DEFAULT_PREFERENCES,
) -> Audit:
    """Return every breach of the rules in the plan, and the amount and cost of every preference."""
    breaches = tuple(breach for rule in rules for breach in rule.breaches(problem, plan))
    found = tuple(preferences)
    amounts = {preference.name: preference.amount(problem, plan) for preference in found}
    costs = {preference.name: preference.weight(problem) * amounts[preference.name] for preference in found}
    return Audit(breaches, amounts, costs, sum(costs.values()))
