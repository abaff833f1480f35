"""The load is shared."""

from collections import defaultdict

from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.seating import seating


class FairLoad(Preference):
    """The load is shared: the sessions each person serves in count squared."""

    name = "load"

    def penalize(self, model: Model) -> None:
        """Count for each person's next session what it adds to the square of their load.

        The steps 1, 3, 5, … rise, so that the solver takes them in order by itself. Beyond what a person
        offered all count as the first one does: there, another rule has the word.
        """
        weight = self.weight(model.problem)
        served = defaultdict[str, list[Literal]](list)
        for slot in model.variables.all_slots() if weight else ():
            for person, literals in model.variables.everyone(slot).items():
                served[person] += literals
        for person, literals in served.items():
            before = model.background.load(person)
            left = min(len(literals), max(0, model.problem.person_of[person].max_sessions - before))
            steps = [model.new_decision(f"{person} serves {before + k + 1}") for k in range(left)]
            beyond = model.new_amount(len(literals) - left, f"{person} serves more")
            model.at_most(model.total([beyond, *steps]), literals)
            for k, step in enumerate([*steps, beyond]):
                model.penalize(self.name, weight * (2 * (before + k) + 1), step)

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Add up the squares of how often people serve."""
        return sum(len(meetings) ** 2 for meetings in seating(problem, plan).duties.values())
