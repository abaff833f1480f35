"""What a drawing of a plan needs to know of its problem, small enough to travel in the plan's own file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.planning.moments import iso
from core.planning.plan import PlannedSession, SessionKey
from core.planning.problem import Problem
from core.planning.reading import Node


@dataclass(frozen=True)
class Backdrop:
    """Rooms with their venues and activities with program and minutes, each in the problem's order.

    `published` are start and room of the sessions of the incumbent; those before `frozen_before` are frozen.
    """

    rooms: Mapping[str, str]
    activities: Mapping[str, tuple[str, int]]
    published: Mapping[SessionKey, tuple[int, str | None]]
    frozen_before: int | None = None

    @classmethod
    def of(cls, problem: Problem) -> "Backdrop":
        """Return the backdrop of a problem."""
        return cls(
            {room.id: room.venue for room in problem.rooms},
            {activity.id: (activity.program, activity.duration) for activity in problem.activities},
            {key: (row.start, row.room) for key, row in problem.incumbent_of.items()},
            problem.frozen_before,
        )

    @classmethod
    def read(cls, node: Node) -> "Backdrop":
        """Read a backdrop; MalformedProblemError names the place if it can't be."""
        frozen = node.get("frozen_before")
        return cls(
            {room.text(): venue.text() for room, venue in (pair.pair() for pair in node["rooms"].items())},
            {name: (each["program"].text(), each["duration"].whole(1)) for name, each in node["activities"].members()},
            {row.key: (row.start, row.room) for row in node.some("published", PlannedSession.read)},
            None if frozen is None else frozen.moment(),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the backdrop as `read` takes it."""
        return {
            "rooms": [list(room) for room in self.rooms.items()],
            "activities": {
                name: {"program": program, "duration": minutes} for name, (program, minutes) in self.activities.items()
            },
            "published": [
                {"activity": activity, "index": index, "start": iso(start), "room": room}
                for (activity, index), (start, room) in self.published.items()
            ],
            "frozen_before": None if self.frozen_before is None else iso(self.frozen_before),
        }
