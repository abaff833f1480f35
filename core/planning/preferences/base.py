"""What a soft term is: a name, a weight, a penalty for the solver, and an amount counted plainly from a plan."""

from typing import ClassVar, Protocol

from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.problem import Problem


class Preference(Protocol):
    """Something that a good plan has; what is missing of it has a price: weight × amount. Subclass it.

    The amount is a whole number that is never less than 0 (but for `likes`): the bound counts on it.
    """

    name: ClassVar[str]

    def weight(self, problem: Problem) -> int:
        """Return the price of one unit; as the problem's weights say unless the preference knows better, else 0."""
        return problem.weights.get(self.name, 0)

    def penalize(self, model: Model) -> None:
        """Add the penalties of what the model decides; what the background costs by itself may be left out."""
        ...

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Return the amount in any plan, however odd, by plain counting."""
        ...
