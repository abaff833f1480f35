"""People fill one role in a session."""

from collections import Counter
from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class OneRoleEach(Rule):
    """Nobody fills two places in one session."""

    name = "one_role_each"

    def constrain(self, model: Model) -> None:
        """Give each person one role at most in each session."""
        for slot in model.variables.all_slots():
            for literals in model.variables.everyone(slot).values():
                model.at_most_one(literals)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each person who fills two places."""
        for key, meeting in seating(problem, plan).meetings.items():
            for person, places in Counter(meeting.serving).items():
                if places > 1 and person in problem.person_of:
                    values = {"person": person, "activity": key[0], "number": key[1] + 1}
                    text = Message("%(person)s fills two places in session %(number)s of %(activity)s.", values)
                    yield Breach(self.name, (key,), text)
