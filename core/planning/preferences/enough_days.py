"""Series are spread over days."""

from collections import defaultdict

from core.planning.model.model import Model
from core.planning.model.variables import Linear, Literal
from core.planning.moments import day_of
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Activity, Problem
from core.planning.seating import seating


class EnoughDays(Preference):
    """A series is spread over as many days as it should be; counted only for a series with every session held."""

    name = "days"

    def penalize(self, model: Model) -> None:
        """Count the days that complete series lack."""
        weight = self.weight(model.problem)
        for name in model.activities if weight else ():
            activity = model.problem.activity_of[name]
            if activity.min_days and activity.sessions:
                model.penalize(self.name, weight, _lacking(model, activity))

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the days that complete series lack."""
        series = seating(problem, plan).series
        return sum(
            max(0, activity.min_days - len({day_of(meeting.start) for meeting in series[activity.id]}))
            for activity in problem.activities
            if activity.id in series and len(series[activity.id]) == activity.sessions
        )


def _lacking(model: Model, activity: Activity) -> Linear:
    days = defaultdict[int, list[Literal]](list)
    for slot in model.variables.slots(activity.id):
        days[model.variables.day(slot)].append(model.variables.held(slot))
    used = []
    for day, held in days.items():
        used.append(model.new_decision(f"{activity.id} on {day}"))
        model.at_most(model.total(held), [used[-1]])
    lacking = model.new_amount(activity.min_days, f"days that {activity.id} lacks")
    missing = activity.sessions - model.variables.held_count(activity.id)
    model.at_least(activity.min_days, [lacking, activity.min_days * missing, *used])
    return lacking
