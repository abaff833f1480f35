"""Some sessions keep off each other's day."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.rules.related import held_relations, open_relations, values


class OnDifferentDays(Rule):
    """Two sessions that would be too much for one day are on different days."""

    name = "on_different_days"

    def constrain(self, model: Model) -> None:
        """Relate the sessions where they could both be held."""
        for relation in open_relations(model, "apart"):
            a, b = model.numbering.places(relation.a), model.numbering.places(relation.b)
            for day in {model.variables.day(slot) for slot in a}:
                same = [lit for places in (a, b) for slot, lit in places.items() if model.variables.day(slot) == day]
                model.at_most(1, same)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each pair that is not as it should be."""
        for relation, a, b in held_relations(problem, plan, "apart"):
            if a.day == b.day:
                text = Message(
                    "Session %(number)s of %(activity)s and %(other_number)s of %(other)s are on the same day.",
                    values(relation),
                )
                yield Breach(self.name, (a.key, b.key), text)
