"""What the rules on relations between two sessions have in common."""

from collections.abc import Iterator

from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.problem import Problem, Relation
from core.planning.seating import Meeting, seating


def open_relations(model: Model, kind: str) -> Iterator[Relation]:
    """Yield the relations of a kind that the model decides on, wholly or in part."""
    for relation in model.problem.relations:
        if relation.kind == kind and {relation.a[0], relation.b[0]} & set(model.activities):
            yield relation


def held_relations(problem: Problem, plan: Plan, kind: str) -> Iterator[tuple[Relation, Meeting, Meeting]]:
    """Yield the relations of a kind between two sessions that are both held, with the two."""
    meetings = seating(problem, plan).meetings
    for relation in problem.relations:
        if relation.kind == kind and relation.a in meetings and relation.b in meetings:
            yield relation, meetings[relation.a], meetings[relation.b]


def values(relation: Relation) -> dict[str, object]:
    """Return the two sessions for a message."""
    return {
        "activity": relation.a[0],
        "number": relation.a[1] + 1,
        "other": relation.b[0],
        "other_number": relation.b[1] + 1,
    }
