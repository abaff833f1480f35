"""A quiet room: what children say in a course is heard by nobody outside, and no adult is alone with them unseen."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from core.plugin_api import Breach, Choices, Feature, Message, Node, Plan, Problem, Rule, Zone, seating
from plugins.sst.activities import PROGRAM
from plugins.sst.rules.courses import IN_SIGHT, QUIET, is_behind

_TWO: Final = 2


class QuietRoom(Rule):
    """Group courses and their make-up sessions are held in private or quiet rooms.

    Two adults are there; where a session asks for one alone, or its coordinator wants it so, its room can be seen into.
    """

    name: ClassVar[str] = "sst.quiet_room"
    reason: ClassVar[Message | None] = Message("The group meets where nobody overhears it.")

    def narrow(self, choices: Choices) -> None:
        """Strike out rooms where children could be overheard, and unseen ones where one adult is enough."""
        problem = choices.problem
        for activity in _listed(problem):
            if activity not in choices.activities or not problem.activity_of[activity].needs_room:
                continue
            seen = activity in _in_sight(problem) or problem.activity_of[activity].min_adults < _TWO
            fit = [
                room.id
                for room in problem.rooms
                if (room.zone == Zone.PRIVATE or Feature.QUIET in room.features)
                and (not seen or Feature.IN_SIGHT in room.features)
            ]
            for start in choices.starts(activity):
                if not is_behind(problem, start):
                    choices.keep_rooms(activity, fit, start)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session in a room that is neither private nor quiet, or with one adult out of sight."""
        for activity in _listed(problem):
            for meeting in seating(problem, plan).series.get(activity, ()):
                if meeting.row.room is None or is_behind(problem, meeting.start):
                    continue
                room = problem.room_of[meeting.row.room]
                values = {"activity": activity, "number": meeting.row.index + 1, "room": room.id}
                if room.zone != "private" and "quiet" not in room.features:
                    text = Message(
                        "Session %(number)s of %(activity)s is in %(room)s, which is neither private nor quiet.", values
                    )
                    yield Breach(self.name, (meeting.key,), text)
                asked = activity in problem.extension(PROGRAM.key).some(IN_SIGHT, Node.text)
                if (asked or meeting.activity.min_adults <= 1) and "in_sight" not in room.features:
                    text = Message(
                        "Session %(number)s of %(activity)s needs a room in sight, and %(room)s can't be seen into.",
                        values,
                    )
                    yield Breach(self.name, (meeting.key,), text)


def _in_sight(problem: Problem) -> Sequence[str]:
    return problem.extension(PROGRAM.key).some(IN_SIGHT, Node.text)


def _listed(problem: Problem) -> Sequence[str]:
    return problem.extension(PROGRAM.key).some(QUIET, Node.text)
