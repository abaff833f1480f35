"""Some roles stay with few people."""

from collections import defaultdict
from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.plan import Plan
from core.planning.problem import Activity, Problem, Role
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class FewFaces(Rule):
    """Children who need the same faces get them: no more different people in a role over the series than it allows.

    What lies behind us doesn't count.
    """

    name = "few_faces"

    def constrain(self, model: Model) -> None:
        """Count the people who serve in each bounded role."""
        for name in model.activities:
            activity = model.problem.activity_of[name]
            for role in activity.roles:
                if role.max_people is not None:
                    _bound(model, activity, role, role.max_people)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each role of a series with too many different people."""
        line = problem.frozen_before
        for name, meetings in seating(problem, plan).series.items():
            ahead = [meeting.row for meeting in meetings if line is None or meeting.start >= line]
            for role in problem.activity_of[name].roles:
                used = {person for row in ahead for person in row.staff.get(role.role, ())}
                if role.max_people is not None and len(used) > role.max_people:
                    values = {"activity": name, "role": role.role, "people": len(used), "most": role.max_people}
                    text = Message("%(activity)s has %(people)s people as %(role)s; %(most)s are allowed.", values)
                    yield Breach(self.name, tuple(row.key for row in ahead), text)


def _bound(model: Model, activity: Activity, role: Role, most: int) -> None:
    line = model.problem.frozen_before
    found = defaultdict[str, list[Literal]](list)
    for slot in model.variables.slots(activity.id):
        if line is None or slot.start >= line:
            for person, literal in model.variables.staff(slot, role.role).items():
                found[person].append(literal)
    faces = []
    for person, literals in found.items():
        face = model.new_decision(f"{person} is {role.role} of {activity.id}")
        for literal in literals:
            model.implies(literal, face)
        faces.append(face)
    model.at_most(most, faces)
