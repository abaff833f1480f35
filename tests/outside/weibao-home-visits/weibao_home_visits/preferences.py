"""What makes one plan of home visits better than another; the same pair each time is core's own term, continuity."""

from typing import ClassVar, Final

from core.plugin_api import Model, Plan, Preference, Problem, seating

from weibao_home_visits.contribution import date_of, series_in

#: After this day of the month a visit that fails can hardly be made up within the month.
_LAST_GOOD_DAY: Final = 20
#: About as much as a change of the visitors costs.
_PRICE: Final = 15


class TimeToMakeUp(Preference):
    """A visit that fails should be made up within its month: each one after the 20th costs a unit."""

    name: ClassVar[str] = "home_visits.time_to_make_up"

    def weight(self, problem: Problem) -> int:
        """Return the price of a late visit, nothing where nobody is visited."""
        return _PRICE if series_in(problem) else 0

    def penalize(self, model: Model) -> None:
        """Let each late visit cost."""
        weight = self.weight(model.problem)
        for activity in series_in(model.problem):
            for slot in model.variables.slots(activity):
                if date_of(slot.start).day > _LAST_GOOD_DAY:
                    model.penalize(self.name, weight, model.variables.held(slot))

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the late visits."""
        meetings = seating(problem, plan).series
        return sum(
            date_of(meeting.start).day > _LAST_GOOD_DAY
            for activity in series_in(problem)
            for meeting in meetings.get(activity, ())
        )
