"""People can be in one place at a time."""

from collections import defaultdict
from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.choices import Slot
from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.rules.encounters import collisions, keep_apart
from core.planning.seating import seating


class NobodyTwiceAtOnce(Rule):
    """Nobody serves in two sessions at once, and everybody has the time to get from one venue to the next."""

    name = "nobody_twice_at_once"

    def constrain(self, model: Model) -> None:
        """Strike out people who serve in the background then, and keep the others' sessions apart."""
        for slot in model.variables.all_slots():
            _respect_background(model, slot)
        presence = defaultdict[str, dict[Slot, list[Literal]]](dict)
        for slot in model.variables.all_slots():
            for person, literals in model.variables.everyone(slot).items():
                presence[person][slot] = literals
        keep_apart(model, presence)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each pair of sessions that somebody can't both attend."""
        for person, meetings in seating(problem, plan).duties.items():
            # Two places in one session are another rule's matter.
            for one, other in (pair for pair in collisions(problem, meetings) if pair[0].key != pair[1].key):
                values = {"person": person, "first": one.row.activity, "second": other.row.activity}
                message = Message("%(person)s can't serve in both %(first)s and %(second)s: too little time.", values)
                yield Breach(self.name, (one.key, other.key), message)


def _respect_background(model: Model, slot: Slot) -> None:
    reach = model.problem.travel.farthest
    for meeting in model.background.near(slot.start, model.variables.end(slot), reach):
        far = model.variables.too_far_from(slot, meeting)
        if isinstance(far, int):
            for person in meeting.serving if far else ():
                model.variables.rule_out_person(slot, person)
        else:
            for person in meeting.serving:
                model.forbid(model.variables.serves(person, slot), far)
