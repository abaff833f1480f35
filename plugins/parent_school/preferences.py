"""What makes one plan better than another for those who give advice."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from core.plugin_api import Model, Node, Plan, Preference, Problem, Slot, day_of, seating
from plugins.parent_school.activities import PROGRAM

KEY: Final = "advice_in_a_row"
#: Minutes within which the next appointment begins, so that the adviser need not wait long.
SOON: Final = 30
#: As dear as half a place that is wanted and stays empty.
WEIGHT: Final = 30


def extension(activities: Sequence[str]) -> dict[str, Any]:
    """Return what the preference is told: the series whose appointments follow one another."""
    return {KEY: list(activities)} if activities else {}


class AdviceInARow(Preference):
    """Appointments of a series follow one another, so that no adviser comes, or waits, for a single one."""

    name: ClassVar[str] = "parent_school.advice_in_a_row"

    def weight(self, problem: Problem) -> int:
        """Return the price of an appointment with no other soon before or after it."""
        return WEIGHT if _series(problem) else 0

    def penalize(self, model: Model) -> None:
        """Count each possible appointment that is held while none near it is."""
        for activity in dict.fromkeys(_series(model.problem)):
            slots = model.variables.slots(activity)
            for slot in slots:
                alone = model.new_decision(f"{slot} alone")
                near = [model.variables.held(other) for other in _near(model, slot, slots)]
                model.at_least(model.variables.held(slot), [alone, *near])
                model.penalize(self.name, self.weight(model.problem), alone)

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the appointments with no other of their series soon before or after them on the day."""
        amount = 0
        for activity in dict.fromkeys(_series(problem)):
            met = seating(problem, plan).series.get(activity, ())
            for one in met:
                gaps = [max(other.start - one.end, one.start - other.end) for other in met if other.day == one.day]
                amount += not any(0 <= gap <= SOON for gap in gaps)
        return amount


def _series(problem: Problem) -> Sequence[str]:
    return problem.extension(PROGRAM.key).some(KEY, Node.text)


def _near(model: Model, slot: Slot, slots: Sequence[Slot]) -> Iterator[Slot]:
    """Yield the slots of the day that end soon before this one begins, or begin soon after it ends."""
    length = model.variables.end(slot) - slot.start
    for other in slots:
        apart = abs(other.start - slot.start) - length
        if day_of(other.start) == day_of(slot.start) and 0 <= apart <= SOON:
            yield other
