"""The last look at a plan before it is stored or published: every rule's plain check, those of programs included."""

from core.domain.errors import DomainError, Message
from core.hooks.calling import Hooks
from core.planning.check import audit
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Breach


class UnsoundPlanError(DomainError):
    """A plan breaks rules; `breaches` says which and where, `first` the first of them with names in place of ids."""

    code = "unsound_plan"

    def __init__(self, breaches: tuple[Breach, ...], first: Message | None = None) -> None:
        super().__init__(
            Message(
                "The plan breaks %(count)s rules of the term as it is now, first: %(first)s Plan the term again.",
                {"count": len(breaches), "first": first or breaches[0].message},
            )
        )
        self.breaches = breaches


def require_sound(problem: Problem, plan: Plan, hooks: Hooks) -> None:
    """Raise UnsoundPlanError unless the plan keeps every hard rule of the problem."""
    found = audit(problem, plan, (*DEFAULT_RULES, *hooks.planning_rules()))
    if found.breaches:
        raise UnsoundPlanError(found.breaches)
