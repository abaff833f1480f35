"""Rooms suit what is held in them."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.choices import Choices
from core.planning.plan import Plan
from core.planning.problem import Activity, Problem, Room
from core.planning.rules.base import Breach, Rule
from core.planning.seating import exists, is_housed, seating


class FittingRoom(Rule):
    """A session that needs a room has one in a right zone, with all it needs, and from its list if there is one."""

    name = "fitting_room"

    def narrow(self, choices: Choices) -> None:
        """Keep the rooms that suit each activity."""
        for activity in choices.problem.activities:
            choices.keep_rooms(
                activity.id,
                [
                    room.id
                    for room in choices.problem.rooms
                    if room.zone in activity.zones
                    and frozenset(room.features).issuperset(activity.features)
                    and (activity.rooms is None or room.id in activity.rooms)
                ],
            )

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session without the room it needs, with one it doesn't need, or in one that doesn't suit it."""
        for row in plan.sessions:
            if exists(problem, row) and not is_housed(problem, row):
                values = {"activity": row.activity, "room": row.room}
                yield Breach(self.name, (row.key,), Message("%(room)s is no place for %(activity)s.", values))
        for key, meeting in seating(problem, plan).meetings.items():
            room = problem.room_of.get(meeting.row.room or "")
            if room is not None and not _suits(meeting.activity, room):
                values = {"activity": key[0], "room": room.id}
                yield Breach(self.name, (key,), Message("Room %(room)s doesn't suit %(activity)s.", values))


def _suits(activity: Activity, room: Room) -> bool:
    listed = activity.rooms is None or room.id in activity.rooms
    return listed and room.zone in activity.zones and all(need in room.features for need in activity.features)
