"""Wanted places are filled."""

from core.planning.model.choices import Slot
from core.planning.model.model import Model
from core.planning.model.variables import Linear
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Problem, Role
from core.planning.seating import seating


class WantedPlacesFilled(Preference):
    """Every staff place that is wanted, though not required, is filled in a held session."""

    name = "wanted"

    def penalize(self, model: Model) -> None:
        """Count the wanted places, beyond the required ones, that are left empty."""
        weight = self.weight(model.problem)
        for slot in model.variables.all_slots() if weight else ():
            for role in model.problem.activity_of[slot.activity].roles:
                if role.wanted > role.required:
                    model.penalize(self.name, weight, _empty(model, slot, role))

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the wanted places, beyond the required ones, that are empty in held sessions."""
        return sum(
            max(0, role.wanted - max(role.required, len(meeting.row.staff.get(role.role, ()))))
            for meeting in seating(problem, plan).meetings.values()
            for role in meeting.activity.roles
        )


def _empty(model: Model, slot: Slot, role: Role) -> Linear:
    """Return the empty wanted places. People count towards them only once the required places are filled."""
    extra, held = role.wanted - role.required, model.variables.held(slot)
    beyond = model.new_amount(extra, f"beyond {role.role} {slot}")
    complete = model.new_decision(f"complete {role.role} {slot}")
    serving = model.variables.staff(slot, role.role).values()
    model.at_most(extra * complete, [beyond])
    model.at_least(role.required * complete + beyond, serving)
    return extra * held - beyond
