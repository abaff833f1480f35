"""What makes one plan of a course better than another: a steady day of the week, and make-ups that come in time."""

from collections import defaultdict
from collections.abc import Iterator
from typing import ClassVar, Final

from core.plugin_api import Literal, Meeting, Model, Plan, Preference, Problem, day_of, seating
from plugins.sst.rules.courses import courses_of

_DAYS_A_WEEK: Final = 7
#: As much as two changes of room, and as a volunteer who is wanted and missing half the time.
_WEEKDAY: Final = 40
_LATE: Final = 60


class SteadyRhythm(Preference):
    """A group course keeps its day of the week, so that families know when it is; each further day counts."""

    name: ClassVar[str] = "sst.steady_rhythm"

    def weight(self, problem: Problem) -> int:
        """Return the price of a further day of the week, where there are courses."""
        return _WEEKDAY if courses_of(problem) else 0

    def penalize(self, model: Model) -> None:
        """Count the days of the week that a course uses beyond the first."""
        for course in courses_of(model.problem):
            used = defaultdict[int, list[Literal]](list)
            for slot in model.variables.slots(course.activity):
                used[model.variables.day(slot) % _DAYS_A_WEEK].append(model.variables.held(slot))
            if len(used) > 1:
                self._count(model, course.activity, used)

    def _count(self, model: Model, activity: str, used: dict[int, list[Literal]]) -> None:
        days = []
        for weekday, decisions in sorted(used.items()):
            day = model.new_decision(f"{activity} on weekday {weekday}")
            for held in decisions:
                model.implies(held, day)
            days.append(day)
        further = model.new_amount(len(days) - 1, f"further weekdays of {activity}")
        model.at_most(1, [*days, -1 * further])
        model.penalize(self.name, self.weight(model.problem), further)

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the days of the week that courses use beyond the first."""
        series = seating(problem, plan).series
        days = (
            {day_of(row.start) % _DAYS_A_WEEK for row in series.get(one.activity, ())} for one in courses_of(problem)
        )
        return sum(max(0, len(used) - 1) for used in days)


class MakeUpInTime(Preference):
    """Who missed a module makes it up before the next one is taught; a make-up session that comes later counts."""

    name: ClassVar[str] = "sst.make_up_in_time"

    def weight(self, problem: Problem) -> int:
        """Return the price of a make-up session that comes late, where there are any."""
        return _LATE if any(course.make_ups for course in courses_of(problem)) else 0

    def penalize(self, model: Model) -> None:
        """Count the make-up sessions that are not over when the course goes on."""
        for course in courses_of(model.problem):
            for make_up, index in course.make_ups:
                following = (course.activity, index + 1)
                if not {make_up, course.activity} & set(model.activities) or make_up not in model.problem.activity_of:
                    continue
                for number in range(model.problem.activity_of[make_up].sessions):
                    self._count(model, (make_up, number), following)

    def _count(self, model: Model, made_up: tuple[str, int], following: tuple[str, int]) -> None:
        activity = model.problem.activity_of.get(following[0])
        if activity is None or following[1] >= activity.sessions:
            return
        nexts = model.numbering.places(following)
        late = model.new_decision(f"{made_up} comes late")
        for slot, here in model.numbering.places(made_up).items():
            begun = [there for other, there in nexts.items() if other.start < model.variables.end(slot)]
            if begun:
                model.at_most(1, [here, *begun, -1 * late])
        model.penalize(self.name, self.weight(model.problem), late)

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the make-up sessions that are not over when the course goes on."""
        return sum(1 for _ in _late(problem, plan))


def _late(problem: Problem, plan: Plan) -> Iterator[Meeting]:
    found = seating(problem, plan)
    for course in courses_of(problem):
        for make_up, index in course.make_ups:
            following = found.meetings.get((course.activity, index + 1))
            for meeting in found.series.get(make_up, ()):
                if following is not None and meeting.end > following.start:
                    yield meeting


PREFERENCES: Final = (SteadyRhythm(), MakeUpInTime())
