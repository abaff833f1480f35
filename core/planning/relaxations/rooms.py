"""What venues could allow: a room at another hour, a larger one, one more."""

from dataclasses import dataclass, replace
from typing import ClassVar

from core.domain.errors import Message
from core.planning.moments import Window
from core.planning.problem import Problem, Room
from core.planning.relaxations.base import Relaxation, hours, meet, with_activity, with_room


@dataclass(frozen=True)
class RoomOpen(Relaxation):
    """A room is open at a time at which it is not."""

    kind: ClassVar[str] = "room_open"
    size: ClassVar[int] = 6

    room: str
    stretch: Window

    def apply(self, problem: Problem) -> Problem:
        """Add the stretch to its hours."""
        room = problem.room_of[self.room]
        return with_room(problem, replace(room, open=(*room.open, self.stretch)))

    def touches(self, stretch: Window) -> bool:
        """Say whether it is about some of these hours."""
        return meet(self.stretch, stretch)

    def said(self) -> Message:
        """Name the room and the time."""
        return Message("%(room)s were open on %(start)s until %(end)s", {"room": self.room, **hours(self.stretch)})


@dataclass(frozen=True)
class RoomLarger(Relaxation):
    """A room holds more children than it does."""

    kind: ClassVar[str] = "room_larger"
    size: ClassVar[int] = 8

    room: str
    capacity: int

    def apply(self, problem: Problem) -> Problem:
        """Raise its capacity."""
        room = problem.room_of[self.room]
        return with_room(problem, replace(room, capacity=max(room.capacity, self.capacity)))

    def said(self) -> Message:
        """Name the room and how many it would have to hold."""
        return Message("%(room)s held %(capacity)s children", {"room": self.room, "capacity": self.capacity})


@dataclass(frozen=True)
class RoomMore(Relaxation):
    """There is a room more in a venue, suitable for an activity, at one time."""

    kind: ClassVar[str] = "room_more"
    size: ClassVar[int] = 9

    venue: str
    activity: str
    stretch: Window

    def apply(self, problem: Problem) -> Problem:
        """Add the room, and put it on the activity's list if it has one."""
        activity = problem.activity_of[self.activity]
        # Two cures tried together may each bring one.
        name = f"(new {len(problem.rooms) + 1})"
        room = Room(name, self.venue, activity.size, activity.zones[0], activity.features, (self.stretch,))
        larger = replace(problem, rooms=(*problem.rooms, room))
        if activity.rooms is None:
            return larger
        return with_activity(larger, replace(activity, rooms=(*activity.rooms, room.id)))

    def touches(self, stretch: Window) -> bool:
        """Say whether it is about some of these hours."""
        return meet(self.stretch, stretch)

    def said(self) -> Message:
        """Name the venue and the time."""
        values = {"venue": self.venue, **hours(self.stretch)}
        return Message("there were one suitable room more in %(venue)s on %(start)s until %(end)s", values)
