"""People serve when they can."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.choices import Choices
from core.planning.moments import iso
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class AvailableStaff(Rule):
    """Whoever serves is available for the whole session."""

    name = "available_staff"

    def narrow(self, choices: Choices) -> None:
        """Keep at each start the people who are available for as long as the session lasts."""
        found: dict[tuple[int, int], frozenset[str]] = {}
        for activity in choices.problem.activities:
            for start in activity.starts:
                stretch = (start, start + activity.duration)
                if stretch not in found:
                    people = choices.problem.people
                    found[stretch] = frozenset(person.id for person in people if person.is_available(*stretch))
                choices.keep_people(activity.id, found[stretch], start=start)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each person who serves when they are not available."""
        for name, meetings in seating(problem, plan).duties.items():
            for meeting in meetings:
                if not problem.person_of[name].is_available(meeting.start, meeting.end):
                    values = {"person": name, "activity": meeting.activity.id, "start": iso(meeting.start)}
                    text = Message("%(person)s is not available for %(activity)s at %(start)s.", values)
                    yield Breach(self.name, (meeting.key,), text)
