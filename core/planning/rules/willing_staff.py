"""People serve where, and in what, they said they would."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.choices import Choices
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class WillingStaff(Rule):
    """Nobody serves in a program that they declined, or at a venue that they don't go to."""

    name = "willing_staff"

    def narrow(self, choices: Choices) -> None:
        """Strike out whoever declined an activity's program, or doesn't go to the one place where it is."""
        people = choices.problem.people
        choosy = [person for person in people if person.declines or person.venues is not None]
        for activity in choices.problem.activities if choosy else ():
            place = None if activity.needs_room else activity.place
            unwilling = {
                person.id for person in choosy if activity.program in person.declines or not person.goes_to(place)
            }
            if unwilling:
                choices.keep_people(activity.id, [person.id for person in people if person.id not in unwilling])

    def constrain(self, model: Model) -> None:
        """Let nobody serve in a session that is held at a venue to which they don't go."""
        choosy = {person.id: person for person in model.problem.people if person.venues is not None}
        for slot in model.variables.all_slots() if choosy else ():
            for name, literals in model.variables.everyone(slot).items():
                if name in choosy:
                    venues = model.variables.venues(slot)
                    elsewhere = [there for venue, there in venues.items() if not choosy[name].goes_to(venue)]
                    for literal in literals if elsewhere else ():
                        model.forbid(literal, model.total(elsewhere))

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each person who serves in what, or where, they said they wouldn't; what lies behind us stays."""
        for name, meetings in seating(problem, plan).duties.items():
            person = problem.person_of[name]
            for meeting in meetings:
                wanted = person.venues is None or meeting.venue is None or meeting.venue in person.venues
                if meeting.key not in problem.frozen and (meeting.activity.program in person.declines or not wanted):
                    values = {"person": name, "activity": meeting.activity.id}
                    text = Message("%(person)s does not serve in %(activity)s there.", values)
                    yield Breach(self.name, (meeting.key,), text)
