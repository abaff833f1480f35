"""Some roles are filled by the same people."""

from collections import defaultdict

from core.planning.model.model import Model
from core.planning.model.variables import Linear, Literal
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.preferences.counting import count_used
from core.planning.problem import Problem, Role
from core.planning.seating import seating


class SameFaces(Preference):
    """Where continuity matters, a role is filled by the same people; each one more than a session wants counts."""

    name = "staff"

    def penalize(self, model: Model) -> None:
        """Count the people in such a role beyond those one session wants."""
        weight = self.weight(model.problem)
        for name in model.activities if weight else ():
            for role in model.problem.activity_of[name].roles:
                if role.continuity:
                    model.penalize(self.name, weight, _faces(model, name, role))

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the people in such roles beyond those one session wants."""
        amount = 0
        for name, meetings in seating(problem, plan).series.items():
            for role in problem.activity_of[name].roles:
                if role.continuity:
                    used = {person for meeting in meetings for person in meeting.row.staff.get(role.role, ())}
                    amount += max(0, len(used) - role.wanted)
        return amount


def _faces(model: Model, activity: str, role: Role) -> Linear:
    used = defaultdict[str, list[Literal]](list)
    for slot in model.variables.slots(activity):
        for person, literal in model.variables.staff(slot, role.role).items():
            used[person].append(literal)
    return count_used(model, f"{role.role} of {activity}", used, free=role.wanted)
