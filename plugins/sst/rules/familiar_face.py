"""A familiar face: children in a comfort circle always meet an adult whom they know from the last time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import ClassVar, Final

from core.plugin_api import (
    Breach,
    Linear,
    Meeting,
    Message,
    Model,
    Node,
    Plan,
    Problem,
    Rule,
    Slot,
    seating,
)
from plugins.sst.activities import PROGRAM

#: Where the extension lists the circles whose coordinator wants a familiar face.
CIRCLES: Final = "familiar_face"


class FamiliarFace(Rule):
    """In a comfort circle at least one adult of each session was there the last time, so that nobody starts anew.

    The last time is the last session that is held before; the first one ahead takes up with the last one behind us.
    Sessions at the same moment follow on the same last time.
    """

    name: ClassVar[str] = "sst.familiar_face"
    reason: ClassVar[Message | None] = Message("An adult of the session before is there, whom the children know.")

    def constrain(self, model: Model) -> None:
        """Remember from start to start who was there the last time, and let one of them be there the next time."""
        for activity in _circles(model.problem):
            if activity in model.activities:
                _pass_on(model, activity)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session without an adult of the last time."""
        line = problem.frozen_before
        for activity in _circles(problem):
            meetings = sorted(seating(problem, plan).series.get(activity, ()), key=_start)
            times = [list(found) for _, found in groupby(meetings, key=_start)]
            for last_time, next_time in pairwise(times):
                known = {name for meeting in last_time for name in _adults(problem, meeting)}
                for meeting in next_time:
                    if known.isdisjoint(_adults(problem, meeting)) and (line is None or meeting.start >= line):
                        values = {"activity": activity, "number": meeting.row.index + 1}
                        text = Message("Nobody in session %(number)s of %(activity)s was there the last time.", values)
                        yield Breach(self.name, (meeting.key,), text)


def _circles(problem: Problem) -> Sequence[str]:
    return problem.extension(PROGRAM.key).some(CIRCLES, Node.text)


def _start(meeting: Meeting) -> int:
    return meeting.start


def _adults(problem: Problem, meeting: Meeting) -> set[str]:
    return {name for name in meeting.serving if name in problem.person_of and problem.person_of[name].adult}


def _pass_on(model: Model, activity: str) -> None:
    """Go through the starts in order; `known` is for each adult whether they were there the last time."""
    line = model.problem.frozen_before
    known: Mapping[str, Linear] = {}
    begun: Linear = 0
    for start, found in groupby(model.variables.slots(activity), key=lambda slot: slot.start):
        slots = tuple(found)
        if line is None or start >= line:
            for slot in slots:
                _greet(model, slot, begun, known)
        held = _at_least_each(
            model, f"a session of {activity} at {start}", [model.variables.held(slot) for slot in slots]
        )
        known = _remember(model, slots, held, known)
        begun = _at_least_each(model, f"a session of {activity} by {start}", [begun, held])


def _greet(model: Model, slot: Slot, begun: Linear, known: Mapping[str, Linear]) -> None:
    """Let one who was there the last time be there again, if there was a last time."""
    again = []
    for person in sorted(known.keys() & model.variables.everyone(slot).keys()):
        both = model.new_decision(f"{person} again at {slot}")
        model.implies(both, known[person])
        model.implies(both, model.variables.serves(person, slot))
        again.append(both)
    model.at_most(1, [begun, model.variables.held(slot), *(-1 * both for both in again)])


def _remember(model: Model, slots: Sequence[Slot], held: Linear, known: Mapping[str, Linear]) -> dict[str, Linear]:
    """Return who was there the last time, seen from after these slots of one start."""
    present = defaultdict[str, list[Linear]](list)
    for slot in slots:
        for person, serves in model.variables.everyone(slot).items():
            if model.problem.person_of[person].adult:
                present[person] += serves
    remembered = {}
    for person in sorted(present.keys() | known.keys()):
        knows = model.new_decision(f"{person} was there by {slots[0]}")
        # Held here: only those who serve here. Not held: only those who were known before.
        model.at_most(1, [knows, held, *(-1 * serves for serves in present[person])])
        model.at_most(0, [knows, -1 * held, -1 * known.get(person, 0)])
        remembered[person] = knows
    return remembered


def _at_least_each(model: Model, name: str, decisions: Sequence[Linear]) -> Linear:
    """Return a decision that is so if one of these is; alone, it is the decision itself."""
    if len(decisions) == 1:
        return decisions[0]
    one = model.new_decision(name)
    for decision in decisions:
        model.implies(decision, one)
    return one
