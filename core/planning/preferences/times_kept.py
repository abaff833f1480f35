"""Published times stay."""

from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.seating import seating


class TimesKept(Preference):
    """A session of the published plan keeps its start; one that is held at another start counts."""

    name = "moved"

    def penalize(self, model: Model) -> None:
        """Count the published sessions that are held at another start."""
        weight = self.weight(model.problem)
        for (activity, index), row in model.problem.incumbent_of.items() if weight else ():
            if activity in model.activities and index < model.problem.activity_of[activity].sessions:
                places = model.numbering.places((activity, index))
                elsewhere = [literal for slot, literal in places.items() if slot.start != row.start]
                model.penalize(self.name, weight, model.total(elsewhere))

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the published sessions that are held at another start."""
        meetings = seating(problem, plan).meetings
        return sum(key in meetings and meetings[key].start != row.start for key, row in problem.incumbent_of.items())
