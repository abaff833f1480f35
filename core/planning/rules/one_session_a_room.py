"""A room holds one session at a time."""

from collections import defaultdict
from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.choices import Slot
from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.rules.encounters import crowded
from core.planning.seating import seating


class OneSessionARoom(Rule):
    """A room holds one session at a time, and stays free between two for as long as it takes to turn it over."""

    name = "one_session_a_room"

    def constrain(self, model: Model) -> None:
        """Strike out rooms that the background uses then, and keep the sessions in each room apart."""
        found = defaultdict[str, dict[Slot, Literal]](dict)
        for slot in model.variables.all_slots():
            _respect_background(model, slot)
            for room, literal in model.variables.rooms(slot).items():
                found[room][slot] = literal
        for room, where in found.items():
            turnover = model.problem.room_of[room].turnover
            for crowd in crowded(list(where), [model.variables.end(slot) + turnover for slot in where]):
                model.at_most_one(where[slot] for slot in crowd)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each pair of sessions that are in a room at once, or too soon after one another."""
        for name, meetings in seating(problem, plan).rooms.items():
            room = problem.room_of[name]
            for at, one in enumerate(meetings):
                for other in meetings[at + 1 :]:
                    if other.start >= one.end + room.turnover:
                        break
                    values = {"room": name, "first": one.row.activity, "second": other.row.activity}
                    message = Message("%(first)s and %(second)s are in room %(room)s at once.", values)
                    yield Breach(self.name, (one.key, other.key), message)


def _respect_background(model: Model, slot: Slot) -> None:
    longest = max((room.turnover for room in model.problem.rooms), default=0)
    end = model.variables.end(slot)
    for meeting in model.background.near(slot.start, end, longest):
        if meeting.row.room is None:
            continue
        turnover = model.problem.room_of[meeting.row.room].turnover
        if slot.start < meeting.end + turnover and meeting.start < end + turnover:
            model.variables.rule_out_room(slot, meeting.row.room)
