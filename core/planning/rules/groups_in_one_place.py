"""Groups of children can be in one place at a time."""

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


class GroupsInOnePlace(Rule):
    """No group has two sessions at once, and every group has the time to get from one venue to the next."""

    name = "groups_in_one_place"

    def constrain(self, model: Model) -> None:
        """Strike out times at which a group is elsewhere in the background, and keep its other sessions apart."""
        for slot in model.variables.all_slots():
            _respect_background(model, slot)
        presence = defaultdict[str, dict[Slot, list[Literal]]](dict)
        for slot in model.variables.all_slots():
            for group in model.problem.activity_of[slot.activity].groups:
                presence[group][slot] = [model.variables.held(slot)]
        keep_apart(model, presence)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each pair of sessions that a group can't both attend."""
        for group, meetings in seating(problem, plan).groups.items():
            for one, other in collisions(problem, meetings):
                values = {"group": group, "first": one.row.activity, "second": other.row.activity}
                message = Message(
                    "Group %(group)s can't attend both %(first)s and %(second)s: too little time.", values
                )
                yield Breach(self.name, (one.key, other.key), message)


def _respect_background(model: Model, slot: Slot) -> None:
    groups = frozenset(model.problem.activity_of[slot.activity].groups)
    reach = model.problem.travel.farthest
    for meeting in model.background.near(slot.start, model.variables.end(slot), reach) if groups else ():
        if groups.isdisjoint(meeting.activity.groups):
            continue
        far = model.variables.too_far_from(slot, meeting)
        if not isinstance(far, int):
            model.forbid(far)
        elif far:
            model.variables.rule_out(slot)
