"""People come on few days."""

from collections import defaultdict

from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.seating import seating


class FewTrips(Preference):
    """People come on few days; each day on which somebody serves counts once."""

    name = "trips"

    def penalize(self, model: Model) -> None:
        """Count the days on which people come only for sessions that the model decides on."""
        weight = self.weight(model.problem)
        days = defaultdict[tuple[str, int], list[Literal]](list)
        for slot in model.variables.all_slots() if weight else ():
            day = model.variables.day(slot)
            for person, literals in model.variables.everyone(slot).items():
                if not model.background.load_on(person, day):
                    days[person, day] += literals
        for (person, day), literals in days.items():
            trip = literals[0] if len(literals) == 1 else model.new_decision(f"{person} comes on {day}")
            for literal in literals if len(literals) > 1 else ():
                model.implies(literal, trip)
            model.penalize(self.name, weight, trip)

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the days on which people serve."""
        duties = seating(problem, plan).duties.values()
        return sum(len({meeting.day for meeting in meetings}) for meetings in duties)
