"""Some sessions need others."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.rules.related import open_relations, values
from core.planning.seating import seating


class NotWithoutTheOther(Rule):
    """A session that makes sense only with another is held only if that one is held."""

    name = "not_without_the_other"

    def constrain(self, model: Model) -> None:
        """Hold the one only with the other."""
        for relation in open_relations(model, "needs"):
            model.implies(model.numbering.is_held(relation.a), model.numbering.is_held(relation.b))

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session that is held without the one it needs."""
        meetings = seating(problem, plan).meetings
        for relation in problem.relations:
            if relation.kind == "needs" and relation.a in meetings and relation.b not in meetings:
                text = Message(
                    "Session %(number)s of %(activity)s is held without %(other_number)s of %(other)s.",
                    values(relation),
                )
                yield Breach(self.name, (relation.a,), text)
