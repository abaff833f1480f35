"""What the organizer has fixed stays."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.problem import Pin, Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import Meeting, seating


class PinsKept(Rule):
    """A pinned session is held, at the start and in the room that were fixed, and by the people who were fixed."""

    name = "pins_kept"

    def constrain(self, model: Model) -> None:
        """Hold the pinned sessions as they were fixed."""
        for pin in model.problem.pins:
            if pin.activity in model.activities:
                _hold(model, pin)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each pin that is not kept."""
        meetings = seating(problem, plan).meetings
        for pin in problem.pins:
            values = {"activity": pin.activity, "number": pin.index + 1}
            meeting = meetings.get(pin.key)
            if meeting is None:
                text = Message("Session %(number)s of %(activity)s is pinned and not held.", values)
                yield Breach(self.name, (pin.key,), text)
            elif not _is_kept(pin, meeting):
                text = Message("Session %(number)s of %(activity)s is not held as it was pinned.", values)
                yield Breach(self.name, (pin.key,), text)


def _is_kept(pin: Pin, meeting: Meeting) -> bool:
    return (
        pin.start in {None, meeting.start}
        and pin.room in {None, meeting.row.room}
        and all(set(ids) <= set(meeting.row.staff.get(role, ())) for role, ids in pin.staff.items())
    )


def _hold(model: Model, pin: Pin) -> None:
    places = model.numbering.places(pin.key)
    model.exactly_one(literal for slot, literal in places.items() if pin.start in {None, slot.start})
    for slot, literal in places.items():
        if pin.start not in {None, slot.start}:
            continue
        if pin.room is not None:
            model.implies(literal, model.variables.in_room(slot, pin.room))
        for role, ids in pin.staff.items():
            for person in ids:
                model.implies(literal, model.variables.serves(person, slot, role))
