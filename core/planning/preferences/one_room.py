"""Activities stay in one room."""

from collections import defaultdict

from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.preferences.counting import count_used
from core.planning.problem import Problem
from core.planning.seating import seating


class OneRoom(Preference):
    """An activity stays in one room; each further room counts."""

    name = "rooms"

    def penalize(self, model: Model) -> None:
        """Count the rooms that an activity uses beyond the first."""
        weight = self.weight(model.problem)
        for name in model.activities if weight else ():
            used = defaultdict[str, list[Literal]](list)
            for slot in model.variables.slots(name):
                for room, literal in model.variables.rooms(slot).items():
                    used[room].append(literal)
            model.penalize(self.name, weight, count_used(model, f"rooms of {name}", used, free=1))

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the rooms that activities use beyond the first."""
        series = seating(problem, plan).series.values()
        return sum(len({meeting.row.room for meeting in meetings}) - 1 for meetings in series)
