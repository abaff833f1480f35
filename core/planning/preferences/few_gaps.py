"""Days of a group hang together."""

from collections import defaultdict
from collections.abc import Iterator

from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.seating import seating


class FewGaps(Preference):
    """A group that should have its sessions one after another has none that stands alone on its day."""

    name = "isolated"

    def penalize(self, model: Model) -> None:
        """Count the sessions of such groups without another soon before or after."""
        weight = self.weight(model.problem)
        for group in model.problem.groups if weight else ():
            if group.compact:
                for here, near in _neighbourhoods(model, group.id):
                    alone = model.new_decision(f"{group.id} alone")
                    model.at_least(here, [alone, *near])
                    model.penalize(self.name, weight, alone)

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the sessions of such groups without another soon before or after on the same day."""
        amount, gap = 0, problem.compact_gap
        for group in problem.groups:
            met = seating(problem, plan).groups.get(group.id, ()) if group.compact else ()
            for at, one in enumerate(met):
                others = [other for place, other in enumerate(met) if place != at and other.day == one.day]
                amount += not any(
                    0 <= other.start - one.end <= gap or 0 <= one.start - other.end <= gap for other in others
                )
        return amount


def _neighbourhoods(model: Model, group: str) -> Iterator[tuple[Literal, list[Literal]]]:
    """Yield for each possible session of the group whether it is held, and the same for those that would be near it.

    Sessions of the background take part as the constant 1; a day on which nothing is decided is left out.
    """
    days = defaultdict[int, list[tuple[int, int, Literal]]](list)
    for slot in model.variables.all_slots():
        if group in model.problem.activity_of[slot.activity].groups:
            span = (slot.start, model.variables.end(slot), model.variables.held(slot))
            days[model.variables.day(slot)].append(span)
    for meeting in model.background.of_group(group):
        if meeting.day in days:
            days[meeting.day].append((meeting.start, meeting.end, 1))
    gap = model.problem.compact_gap
    for spans in days.values():
        for start, end, here in spans:
            near = [held for low, high, held in spans if 0 <= low - end <= gap or 0 <= start - high <= gap]
            if not any(isinstance(held, int) and held for held in near):
                yield here, near
