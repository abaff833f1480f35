"""Sessions begin when they may."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.choices import Choices
from core.planning.moments import iso
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class AllowedStart(Rule):
    """A session begins at one of the starts that its activity allows."""

    name = "allowed_start"

    def narrow(self, choices: Choices) -> None:
        """Keep the allowed starts."""
        for activity in choices.problem.activities:
            choices.keep_starts(activity.id, activity.starts)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session with another start."""
        for key, meeting in seating(problem, plan).meetings.items():
            if meeting.start not in meeting.activity.starts:
                values = {"activity": key[0], "start": iso(meeting.start)}
                yield Breach(self.name, (key,), Message("%(activity)s may not begin at %(start)s.", values))
