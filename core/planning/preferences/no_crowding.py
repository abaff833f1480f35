"""Rooms are not crowded."""

from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.seating import seating


class NoCrowding(Preference):
    """Rooms hold the children expected; where the organizer has put a price on crowding, each child too many counts."""

    name = "overflow"

    def penalize(self, model: Model) -> None:
        """Count the children too many for their room."""
        weight = self.weight(model.problem)
        for slot in model.variables.all_slots() if weight else ():
            size = model.problem.activity_of[slot.activity].size
            for room, literal in model.variables.rooms(slot).items():
                excess = size - model.problem.room_of[room].capacity
                if excess > 0:
                    model.penalize(self.name, weight * excess, literal)

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the children too many for their room."""
        return sum(
            max(0, meeting.activity.size - problem.room_of[room].capacity)
            for room, meetings in seating(problem, plan).rooms.items()
            for meeting in meetings
        )
