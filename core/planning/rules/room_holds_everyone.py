"""Rooms are large enough."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.choices import Choices
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class RoomHoldsEveryone(Rule):
    """A room has a place for every child expected, unless the organizer has put a price on crowding."""

    name = "room_holds_everyone"

    def narrow(self, choices: Choices) -> None:
        """Keep the rooms that are large enough."""
        if choices.problem.overflow_allowed:
            return
        for activity in choices.problem.activities:
            large = [room.id for room in choices.problem.rooms if room.capacity >= activity.size]
            choices.keep_rooms(activity.id, large)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session with more children than its room holds."""
        if problem.overflow_allowed:
            return
        for name, meetings in seating(problem, plan).rooms.items():
            capacity = problem.room_of[name].capacity
            for meeting in meetings:
                if meeting.activity.size > capacity:
                    values = {
                        "room": name,
                        "capacity": capacity,
                        "activity": meeting.activity.id,
                        "size": meeting.activity.size,
                    }
                    text = Message("Room %(room)s holds %(capacity)s; %(activity)s expects %(size)s.", values)
                    yield Breach(self.name, (meeting.key,), text)
