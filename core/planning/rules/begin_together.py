"""Some sessions begin together."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.rules.related import held_relations, open_relations, values


class BeginTogether(Rule):
    """Two sessions that belong together, such as a talk and the child care beside it, begin at once."""

    name = "begin_together"

    def constrain(self, model: Model) -> None:
        """Relate the sessions where they could both be held."""
        for relation in open_relations(model, "together"):
            a, b = model.numbering.places(relation.a), model.numbering.places(relation.b)
            elsewhere = model.numbering.is_held(relation.b)
            for start in {slot.start for slot in a}:
                here = model.total(literal for slot, literal in a.items() if slot.start == start)
                there = model.total(literal for slot, literal in b.items() if slot.start == start)
                model.at_most(1, [here, elsewhere, -1 * there])

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each pair that is not as it should be."""
        for relation, a, b in held_relations(problem, plan, "together"):
            if a.start != b.start:
                text = Message(
                    "Session %(number)s of %(activity)s and %(other_number)s of %(other)s don't begin together.",
                    values(relation),
                )
                yield Breach(self.name, (a.key, b.key), text)
