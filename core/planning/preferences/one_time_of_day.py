"""Activities keep their time of day."""

from collections import defaultdict

from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.moments import clock_of
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.preferences.counting import count_used
from core.planning.problem import Problem
from core.planning.seating import seating


class OneTimeOfDay(Preference):
    """An activity keeps its time of day; each further one counts."""

    name = "times"

    def penalize(self, model: Model) -> None:
        """Count the times of day that an activity uses beyond the first."""
        weight = self.weight(model.problem)
        for name in model.activities if weight else ():
            used = defaultdict[int, list[Literal]](list)
            for slot in model.variables.slots(name):
                used[clock_of(slot.start)].append(model.variables.held(slot))
            model.penalize(self.name, weight, count_used(model, f"times of {name}", used, free=1))

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the times of day that activities use beyond the first."""
        series = seating(problem, plan).series.values()
        return sum(len({clock_of(meeting.start) for meeting in meetings}) - 1 for meetings in series)
