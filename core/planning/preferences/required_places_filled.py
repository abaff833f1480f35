"""Required places are filled."""

from core.planning.model.choices import Slot
from core.planning.model.model import Model
from core.planning.model.variables import Linear
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Problem, Role
from core.planning.seating import seating


class RequiredPlacesFilled(Preference):
    """Every required staff place of a held session is filled."""

    name = "required"

    def penalize(self, model: Model) -> None:
        """Count the required places that are left empty."""
        weight = self.weight(model.problem)
        for slot in model.variables.all_slots() if weight else ():
            for role in model.problem.activity_of[slot.activity].roles:
                if role.required:
                    model.penalize(self.name, weight, _empty(model, slot, role))

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the required places that are empty in held sessions."""
        return sum(
            max(0, role.required - len(meeting.row.staff.get(role.role, ())))
            for meeting in seating(problem, plan).meetings.values()
            for role in meeting.activity.roles
        )


def _empty(model: Model, slot: Slot, role: Role) -> Linear:
    empty = model.new_amount(role.required, f"empty {role.role} {slot}")
    serving = model.variables.staff(slot, role.role).values()
    model.at_least(role.required * model.variables.held(slot), [empty, *serving])
    return empty
