"""People have the skill that their role asks for."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.choices import Choices
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class SkilledStaff(Rule):
    """Whoever fills a role has the skill that it asks for."""

    name = "skilled_staff"

    def narrow(self, choices: Choices) -> None:
        """Keep for each role the people who have its skill."""
        found: dict[str, frozenset[str]] = {}
        for activity in choices.problem.activities:
            for role in activity.roles:
                if role.skill is not None:
                    if role.skill not in found:
                        people = choices.problem.people
                        found[role.skill] = frozenset(person.id for person in people if role.skill in person.skills)
                    choices.keep_people(activity.id, found[role.skill], role.role)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each person in a role whose skill they lack."""
        for key, meeting in seating(problem, plan).meetings.items():
            for role in meeting.activity.roles:
                for name in meeting.row.staff.get(role.role, ()):
                    person = problem.person_of.get(name)
                    if person is not None and role.skill is not None and role.skill not in person.skills:
                        values = {"person": name, "skill": role.skill, "activity": key[0]}
                        text = Message("%(person)s doesn't have the skill %(skill)s that %(activity)s needs.", values)
                        yield Breach(self.name, (key,), text)
