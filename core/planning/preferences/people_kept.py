"""Published staff stay."""

from collections.abc import Iterator

from core.planning.model.model import Model
from core.planning.plan import Plan, PlannedSession
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.seating import seating


class PeopleKept(Preference):
    """Whoever was announced for a session still serves in it, in any role; those no longer available don't count."""

    name = "restaffed"

    def penalize(self, model: Model) -> None:
        """Count the announced people who could still serve in their session and don't."""
        weight = self.weight(model.problem)
        for (activity, index), row in model.problem.incumbent_of.items() if weight else ():
            if activity in model.activities and index < model.problem.activity_of[activity].sessions:
                places = model.numbering.places((activity, index))
                for person in _still_available(model.problem, row):
                    gone = model.new_decision(f"{person} gone from {activity}#{index}")
                    for slot, literal in places.items():
                        model.at_least(literal, [gone, model.variables.serves(person, slot)])
                    model.penalize(self.name, weight, gone)

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the announced people who could still serve in their session and don't."""
        meetings = seating(problem, plan).meetings
        return sum(
            person not in meetings[key].row.people()
            for key, row in problem.incumbent_of.items()
            if key in meetings
            for person in _still_available(problem, row)
        )


def _still_available(problem: Problem, row: PlannedSession) -> Iterator[str]:
    end = row.start + problem.activity_of[row.activity].duration
    for name in sorted(set(row.people())):
        person = problem.person_of.get(name)
        if person is not None and person.is_available(row.start, end):
            yield name
