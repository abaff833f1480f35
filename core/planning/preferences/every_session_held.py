"""Sessions are held."""

from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.seating import seating


class EverySessionHeld(Preference):
    """Every session is held; one that is not costs its activity's priority."""

    name = "unscheduled"

    def penalize(self, model: Model) -> None:
        """Count the sessions that are left out."""
        for name in model.activities:
            activity = model.problem.activity_of[name]
            missing = activity.sessions - model.variables.held_count(name)
            model.penalize(self.name, activity.priority * self.weight(model.problem), missing)

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the sessions that are left out, each as often as its priority says."""
        held = seating(problem, plan).series
        return sum(found.priority * (found.sessions - len(held.get(found.id, ()))) for found in problem.activities)
