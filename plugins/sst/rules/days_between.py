"""Days between: what children take home from one module they live with for some days before the next."""

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from core.plugin_api import Breach, Choices, Message, Model, Plan, Problem, Rule, day_of, seating
from plugins.sst.rules.courses import courses_of, is_behind


class DaysBetween(Rule):
    """From one session of a group course to the next, at least as many days pass as its coordinator has asked for.

    From Saturday to Sunday is one day. What lies behind us is not judged, but the first session ahead keeps its
    distance from it.
    """

    name: ClassVar[str] = "sst.days_between"
    reason: ClassVar[Message | None] = Message("The sessions of a course lie some days apart.")

    def narrow(self, choices: Choices) -> None:
        """Strike out starts too soon after sessions that lie behind us."""
        problem = choices.problem
        for course in courses_of(problem):
            if course.activity not in choices.activities:
                continue
            held = [day_of(row.start) for row in problem.frozen.values() if row.activity == course.activity]
            left = [
                start
                for start in choices.starts(course.activity)
                if is_behind(problem, start) or all(day_of(start) - day >= course.days_between for day in held)
            ]
            choices.keep_starts(course.activity, left)

    def constrain(self, model: Model) -> None:
        """Hold at most one session within so many days, wherever they begin."""
        for course in courses_of(model.problem):
            ahead = [
                slot for slot in model.variables.slots(course.activity) if not is_behind(model.problem, slot.start)
            ]
            for first in sorted({model.variables.day(slot) for slot in ahead}):
                end = first + course.days_between
                model.at_most_one(
                    model.variables.held(slot) for slot in ahead if first <= model.variables.day(slot) < end
                )

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session that comes too soon after the one before it."""
        for course in courses_of(problem):
            meetings = sorted(seating(problem, plan).series.get(course.activity, ()), key=lambda meeting: meeting.start)
            for before, after in pairwise(meetings):
                if after.day - before.day < course.days_between and not is_behind(problem, after.start):
                    values = {
                        "activity": course.activity,
                        "number": after.row.index + 1,
                        "days": course.days_between,
                    }
                    text = Message(
                        "Session %(number)s of %(activity)s comes fewer than %(days)s days after the one before it.",
                        values,
                    )
                    yield Breach(self.name, (before.key, after.key), text)
