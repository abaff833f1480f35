"""The right place: a class at the school is held in the school's rooms, and an outing leads away from them."""

from collections.abc import Iterator
from typing import ClassVar

from core.plugin_api import Breach, Choices, Message, Plan, Problem, Rule, seating
from plugins.school_link.rules.reading import is_behind, linked


class RightPlace(Rule):
    """A class at the school takes place in that school's rooms, and an outing of its pupils somewhere else."""

    name: ClassVar[str] = "school_link.right_place"
    reason: ClassVar[Message | None] = Message(
        "A class is held in a room of its school, and an outing leads away from it."
    )

    def narrow(self, choices: Choices) -> None:
        """Strike out rooms on the wrong side of the school's gate; without a room an activity is where its place is."""
        problem = choices.problem
        for one in linked(problem):
            name = one.activity.id
            if name not in choices.activities or one.where == "anywhere":
                continue
            ahead = [start for start in choices.starts(name) if not is_behind(problem, start)]
            if one.activity.needs_room:
                kept = [
                    room.id for room in problem.rooms if (room.venue == one.school.venue) == (one.where == "school")
                ]
                for start in ahead:
                    choices.keep_rooms(name, kept, start)
            elif (one.activity.place == one.school.venue) != (one.where == "school"):
                choices.keep_starts(name, [start for start in choices.starts(name) if is_behind(problem, start)])

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each class that is held elsewhere and each outing that stays at the school."""
        series = seating(problem, plan).series
        for one in linked(problem):
            for meeting in series.get(one.activity.id, ()):
                if is_behind(problem, meeting.start):
                    continue
                values = {"activity": one.activity.id, "number": meeting.row.index + 1}
                if one.where == "school" and meeting.venue != one.school.venue:
                    text = Message("Session %(number)s of %(activity)s is not held at its school.", values)
                    yield Breach(self.name, (meeting.key,), text)
                elif one.where == "away" and meeting.venue == one.school.venue:
                    text = Message("Session %(number)s of %(activity)s is an outing that stays at the school.", values)
                    yield Breach(self.name, (meeting.key,), text)
