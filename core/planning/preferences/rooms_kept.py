"""Published rooms stay."""

from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.seating import seating


class RoomsKept(Preference):
    """A session of the published plan that keeps its start keeps its room; one in another room counts."""

    name = "rehoused"

    def penalize(self, model: Model) -> None:
        """Count the published sessions that are held at their start in another room."""
        weight = self.weight(model.problem)
        for (activity, index), row in model.problem.incumbent_of.items() if weight else ():
            if activity in model.activities and index < model.problem.activity_of[activity].sessions:
                for slot, literal in model.numbering.places((activity, index)).items():
                    if slot.start == row.start:
                        rehoused = model.new_decision(f"{activity}#{index} rehoused {slot}")
                        model.at_least(literal, [rehoused, model.variables.in_room(slot, row.room)])
                        model.penalize(self.name, weight, rehoused)

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the published sessions that are held at their start in another room."""
        meetings = seating(problem, plan).meetings
        return sum(
            key in meetings and meetings[key].start == row.start and meetings[key].row.room != row.room
            for key, row in problem.incumbent_of.items()
        )
