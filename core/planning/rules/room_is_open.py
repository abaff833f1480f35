"""Rooms are open."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.choices import Choices
from core.planning.moments import iso
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class RoomIsOpen(Rule):
    """A room is open for the whole session."""

    name = "room_is_open"

    def narrow(self, choices: Choices) -> None:
        """Keep at each start the rooms that are open for as long as the session lasts."""
        found: dict[tuple[int, int], frozenset[str]] = {}
        for activity in choices.problem.activities:
            for start in activity.starts if activity.needs_room else ():
                stretch = (start, start + activity.duration)
                if stretch not in found:
                    rooms = choices.problem.rooms
                    found[stretch] = frozenset(room.id for room in rooms if room.is_open(*stretch))
                choices.keep_rooms(activity.id, found[stretch], start)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session for a part of which its room is closed."""
        for name, meetings in seating(problem, plan).rooms.items():
            for meeting in meetings:
                if not problem.room_of[name].is_open(meeting.start, meeting.end):
                    values = {"room": name, "activity": meeting.activity.id, "start": iso(meeting.start)}
                    text = Message("Room %(room)s is closed during %(activity)s at %(start)s.", values)
                    yield Breach(self.name, (meeting.key,), text)
