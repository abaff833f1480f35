"""Some sessions share a venue."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.rules.related import held_relations, open_relations, values


class SameVenue(Rule):
    """Two sessions that belong together are in rooms of one venue."""

    name = "same_venue"

    def constrain(self, model: Model) -> None:
        """Relate the sessions where they could both be held."""
        for relation in open_relations(model, "same_venue"):
            a, b = model.numbering.venues(relation.a), model.numbering.venues(relation.b)
            elsewhere = model.numbering.is_held(relation.b)
            for venue, here in a.items():
                model.at_most(1, [here, elsewhere, -1 * b.get(venue, 0)])

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each pair that is not as it should be."""
        for relation, a, b in held_relations(problem, plan, "same_venue"):
            if a.venue != b.venue:
                text = Message(
                    "Session %(number)s of %(activity)s and %(other_number)s of %(other)s are in different venues.",
                    values(relation),
                )
                yield Breach(self.name, (a.key, b.key), text)
