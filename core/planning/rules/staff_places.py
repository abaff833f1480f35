"""Staff fill places that there are."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class StaffPlaces(Rule):
    """Staff are people of the problem, in roles that the activity has, and no more of them than it wants."""

    name = "staff_places"

    def constrain(self, model: Model) -> None:
        """Let no more people fill a role than are wanted."""
        for slot in model.variables.all_slots():
            for role in model.problem.activity_of[slot.activity].roles:
                model.at_most(role.wanted, model.variables.staff(slot, role.role).values())

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each role that doesn't exist or is filled too often, and each person who doesn't exist."""
        for key, meeting in seating(problem, plan).meetings.items():
            for name, ids in meeting.row.staff.items():
                role = meeting.activity.role_of.get(name)
                values = {"activity": key[0], "role": name}
                if role is None:
                    yield Breach(self.name, (key,), Message("%(activity)s has no role %(role)s.", values))
                    continue
                if len(ids) > role.wanted:
                    text = Message("%(activity)s has more people as %(role)s than it wants.", values)
                    yield Breach(self.name, (key,), text)
                for person in ids:
                    if person not in problem.person_of:
                        yield Breach(self.name, (key,), Message("There is no person %(person)s.", {"person": person}))
