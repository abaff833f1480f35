"""Sessions of a course follow one another."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from core.domain.errors import Message
from core.planning.model.choices import Slot
from core.planning.model.model import Model
from core.planning.model.variables import Linear
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class InOrder(Rule):
    """Each session of an ordered course is on a later day than the one before, and is not held without it."""

    name = "in_order"

    def constrain(self, model: Model) -> None:
        """Hold one a day; the order is then a matter of numbering, and is demanded only where numbers count."""
        for name in model.activities:
            if model.problem.activity_of[name].ordered:
                for slots in _by_day(model, name).values():
                    model.at_most_one(model.variables.held(slot) for slot in slots)
                model.numbering.when_numbered(name, partial(_number_by_day, model, name))

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session that is held without the one before, or not on a later day."""
        for name, meetings in seating(problem, plan).series.items():
            if not problem.activity_of[name].ordered:
                continue
            for at, meeting in enumerate(meetings):
                values = {"activity": name, "number": meeting.row.index + 1}
                if meeting.row.index != at:
                    text = Message("Session %(number)s of %(activity)s is held without the one before it.", values)
                    yield Breach(self.name, (meeting.key,), text)
                    break
            for before, after in pairwise(meetings):
                if after.day <= before.day:
                    values = {"activity": name, "number": after.row.index + 1}
                    text = Message("Session %(number)s of %(activity)s is not on a later day than the last.", values)
                    yield Breach(self.name, (before.key, after.key), text)


def _by_day(model: Model, activity: str) -> dict[int, list[Slot]]:
    found = defaultdict[int, list[Slot]](list)
    for slot in model.variables.slots(activity):
        found[model.variables.day(slot)].append(slot)
    return found


def _number_by_day(model: Model, activity: str) -> None:
    """Let each session have been held by a day only if the one before it was held by the day before."""
    days = _by_day(model, activity)
    for index in range(1, model.problem.activity_of[activity].sessions):
        before = model.numbering.places((activity, index - 1))
        after = model.numbering.places((activity, index))
        done = list[Linear]()
        doing = list[Linear]()
        for slots in days.values():
            doing += [after[slot] for slot in slots]
            model.implies(model.total(doing), model.total(done))
            done += [before[slot] for slot in slots]
