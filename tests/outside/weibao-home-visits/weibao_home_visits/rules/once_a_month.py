"""Once a month: visits to one child are spread over the months, and never close to one another."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from core.plugin_api import Breach, Choices, Literal, Message, Model, Plan, Problem, Rule, day_of, seating

from weibao_home_visits.contribution import date_of, is_behind, series_in


class OnceAMonth(Rule):
    """A child is visited at most once in a calendar month, and some days pass from one visit to the next.

    How many days stands with the child's need. So a series of as many visits as a term has months has one in each.
    What lies behind us is not judged, but the first visit ahead keeps its distance from the last one made.
    """

    name: ClassVar[str] = "home_visits.once_a_month"

    def narrow(self, choices: Choices) -> None:
        """Strike out starts in the month of a visit that lies behind us, and starts too soon after one."""
        problem = choices.problem
        for activity, series in series_in(problem).items():
            if activity not in choices.activities:
                continue
            made = [row.start for row in problem.frozen.values() if row.activity == activity]
            near = {day_of(start) + more for start in made for more in range(series.days_apart)}
            months = {_month(start) for start in made}
            choices.keep_starts(
                activity,
                [
                    start
                    for start in choices.starts(activity)
                    if is_behind(problem, start) or not (day_of(start) in near or _month(start) in months)
                ],
            )

    def constrain(self, model: Model) -> None:
        """Hold at most one visit in a month, and at most one within so many days, wherever they begin."""
        for activity, series in series_in(model.problem).items():
            by_day, by_month = defaultdict[int, list[Literal]](list), defaultdict[tuple[int, int], list[Literal]](list)
            for slot in model.variables.slots(activity):
                if not is_behind(model.problem, slot.start):
                    by_day[model.variables.day(slot)].append(model.variables.held(slot))
                    by_month[_month(slot.start)].append(model.variables.held(slot))
            for visits in by_month.values():
                model.at_most_one(visits)
            for first in by_day:
                days = range(first, first + series.days_apart)
                model.at_most_one(visit for day in days for visit in by_day.get(day, ()))

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each visit that comes in the month of the one before it, or too soon after it."""
        for activity, series in series_in(problem).items():
            meetings = sorted(seating(problem, plan).series.get(activity, ()), key=lambda meeting: meeting.start)
            for before, after in pairwise(meetings):
                if is_behind(problem, after.start):
                    continue
                values = {"activity": activity, "number": after.row.index + 1, "days": series.days_apart}
                if after.day - before.day < series.days_apart:
                    text = Message("Visit %(number)s of %(activity)s comes too soon: %(days)s days must pass.", values)
                    yield Breach(self.name, (before.key, after.key), text)
                elif _month(before.start) == _month(after.start):
                    text = Message("Visit %(number)s of %(activity)s is the second in its month.", values)
                    yield Breach(self.name, (before.key, after.key), text)


def _month(moment: int) -> tuple[int, int]:
    day = date_of(moment)
    return day.year, day.month
