"""What a hard rule is: a name, a constraint for the solver, and a plain check that shares no code with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from core.domain.errors import Message
from core.planning.model.choices import Choices
from core.planning.model.model import Model
from core.planning.plan import Plan, SessionKey
from core.planning.problem import Problem


@dataclass(frozen=True)
class Breach:
    """A place where a plan breaks a rule; `sessions` are those that it is about, by activity and index."""

    rule: str
    sessions: tuple[SessionKey, ...]
    message: Message


class Rule(Protocol):
    """A hard rule: a plan that breaks it is worth nothing. Subclass it; its docstring is for the coordinator.

    A rule must not depend on other rules or on the order in which they are added, and keeps no state. What a program
    needs to tell its rule is read from `problem.extension(program)`. A rule should allow leaving a session out: every
    problem without contradictory pins has a plan.
    """

    name: ClassVar[str]
    #: What people are told where it leaves an activity no start, or a role nobody; None: they are told of other rules.
    reason: ClassVar[Message | None] = None

    def narrow(self, choices: Choices) -> None:  # noqa: ARG002 - most rules have nothing to strike out
        """Strike out starts, rooms and people that no plan may ever have; called once for a problem."""
        return

    def constrain(self, model: Model) -> None:  # noqa: ARG002 - some rules say all by striking out
        """Add what else the rule demands to the model, which decides on some activities around a fixed background."""
        return

    def breaches(self, problem: Problem, plan: Plan) -> Iterable[Breach]:
        """Yield every breach in any plan, however odd, by plain reading."""
        ...
