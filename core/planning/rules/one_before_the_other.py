"""Some sessions come before others."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.rules.related import held_relations, open_relations, values


class OneBeforeTheOther(Rule):
    """A session that prepares another is over in good time before it."""

    name = "one_before_the_other"

    def constrain(self, model: Model) -> None:
        """Relate the sessions where they could both be held."""
        for relation in open_relations(model, "before"):
            a, b = model.numbering.places(relation.a), model.numbering.places(relation.b)
            for moment in sorted({slot.start for slot in b}):
                begun = [literal for slot, literal in b.items() if slot.start <= moment]
                late = [literal for slot, literal in a.items() if model.variables.end(slot) + relation.gap > moment]
                model.at_most(1, begun + late)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each pair that is not as it should be."""
        for relation, a, b in held_relations(problem, plan, "before"):
            if a.end + relation.gap > b.start:
                text = Message(
                    "Session %(number)s of %(activity)s is not over in time before %(other_number)s of %(other)s.",
                    values(relation),
                )
                yield Breach(self.name, (a.key, b.key), text)
