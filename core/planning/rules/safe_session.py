"""A held session is a safe session."""

from collections import defaultdict
from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.choices import Slot
from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating

#: From so many adults on they must not all be of one household: two of a family are one pair of eyes.
_SEVERAL = 2


class SafeSession(Rule):
    """A session is held only if enough adults serve in it, and where it takes two or more, not all of one household."""

    name = "safe_session"

    def constrain(self, model: Model) -> None:
        """Let sessions with too few adults not be held."""
        for slot in model.variables.all_slots():
            least = model.problem.activity_of[slot.activity].min_adults
            if least:
                _demand(model, slot, least)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session with too few adults, or with adults of one household alone."""
        for key, meeting in seating(problem, plan).meetings.items():
            known = [problem.person_of[name] for name in sorted(set(meeting.serving)) if name in problem.person_of]
            adults = [person for person in known if person.adult]
            least = meeting.activity.min_adults
            values = {"activity": key[0], "number": key[1] + 1, "adults": len(adults), "least": least}
            if len(adults) < least:
                text = Message("Session %(number)s of %(activity)s has %(adults)s adults; it takes %(least)s.", values)
                yield Breach(self.name, (key,), text)
            elif least >= _SEVERAL and len({person.home for person in adults}) < _SEVERAL:
                text = Message("All adults in session %(number)s of %(activity)s are of one household.", values)
                yield Breach(self.name, (key,), text)


def _demand(model: Model, slot: Slot, least: int) -> None:
    held, homes = model.variables.held(slot), defaultdict[tuple[str, str], list[Literal]](list)
    for name, literals in model.variables.everyone(slot).items():
        person = model.problem.person_of[name]
        if person.adult:
            homes[person.home] += literals
    everybody = [literal for literals in homes.values() for literal in literals]
    model.at_least(least * held, everybody)
    for home, literals in homes.items():
        if least >= _SEVERAL and len(literals) >= _SEVERAL and home[0] == "household":
            others = [literal for other, found in homes.items() if other != home for literal in found]
            model.at_least(held, others)
