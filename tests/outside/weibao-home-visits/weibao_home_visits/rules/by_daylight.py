"""By daylight: visitors are on their way home before it is dark."""

from collections.abc import Iterator
from typing import ClassVar

from core.plugin_api import Breach, Choices, Message, Plan, Problem, Rule, clock_of, seating

from weibao_home_visits.contribution import is_behind, series_in


class ByDaylight(Rule):
    """A visit is over by the hour that its form names, so that nobody walks home in the dark."""

    name: ClassVar[str] = "home_visits.by_daylight"

    def narrow(self, choices: Choices) -> None:
        """Strike out starts from which a visit would last too long."""
        problem = choices.problem
        for activity, series in series_in(problem).items():
            if activity in choices.activities:
                latest = series.home_by - problem.activity_of[activity].duration
                choices.keep_starts(
                    activity,
                    [at for at in choices.starts(activity) if clock_of(at) <= latest or is_behind(problem, at)],
                )

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each visit that ends too late."""
        meetings = seating(problem, plan).series
        for activity, series in series_in(problem).items():
            for meeting in meetings.get(activity, ()):
                over = clock_of(meeting.start) + meeting.activity.duration
                if over > series.home_by and not is_behind(problem, meeting.start):
                    values = {"activity": activity, "number": meeting.row.index + 1, "hour": series.home_by // 60}
                    text = Message("Visit %(number)s of %(activity)s is not over by %(hour)s o'clock.", values)
                    yield Breach(self.name, (meeting.key,), text)
