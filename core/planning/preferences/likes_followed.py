"""People do what they like."""

from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.seating import seating


class LikesFollowed(Preference):
    """People serve in activities they like and not in those they dislike; what they like lowers the cost."""

    name = "likes"

    def penalize(self, model: Model) -> None:
        """Count dislikes minus likes."""
        weight = self.weight(model.problem)
        for slot in model.variables.all_slots() if weight else ():
            for person, literals in model.variables.everyone(slot).items():
                like = model.problem.person_of[person].likes.get(slot.activity, 0)
                if like:
                    model.penalize(self.name, -like * weight, model.total(literals))

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Add up dislikes minus likes."""
        return -sum(
            problem.person_of[person].likes.get(meeting.activity.id, 0)
            for meeting in seating(problem, plan).meetings.values()
            for person in meeting.row.people()
            if person in problem.person_of
        )
