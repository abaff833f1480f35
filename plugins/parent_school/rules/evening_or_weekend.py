"""Parents can come in the evening, and on days off at any time."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, Final

from core.plugin_api import Breach, Choices, Message, Node, Plan, Problem, Rule, clock_of, day_of, seating
from plugins.parent_school.activities import EVENING, PROGRAM

KEY: Final = "evening_or_weekend"
#: The day from which days are counted.
_FIRST: Final = date(2000, 1, 1)


def extension(activities: list[str], days_off: frozenset[date]) -> dict[str, Any]:
    """Return what the rule is told: for which activities, and on which days nobody works."""
    return {KEY: {"activities": activities, "days_off": sorted(day.isoformat() for day in days_off)}}


class EveningOrWeekend(Rule):
    """Talks and courses for parents begin in the evening, from 18:00, or on a day off at any time.

    Days off are weekends that aren't worked, and public holidays. In a school break parents work all the same. What
    lies behind us is not judged.
    """

    name: ClassVar[str] = "parent_school.evening_or_weekend"
    reason: ClassVar[Message] = Message("Parents can come in the evening, from 18:00, and on days off.")

    def narrow(self, choices: Choices) -> None:
        """Strike out the hours at which parents are at work."""
        problem = choices.problem
        activities, days = _asked(problem)
        for activity in activities.keys() & set(choices.activities):
            line = problem.frozen_before
            suiting = [
                start
                for start in choices.starts(activity)
                if clock_of(start) >= EVENING or day_of(start) in days or (line is not None and start < line)
            ]
            choices.keep_starts(activity, suiting)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session in the working hours of a working day."""
        activities, days = _asked(problem)
        for activity in activities:
            for meeting in seating(problem, plan).series.get(activity, ()):
                begun = problem.frozen_before is not None and meeting.start < problem.frozen_before
                if not begun and meeting.day not in days and meeting.start % (24 * 60) < EVENING:
                    values = {"activity": activity, "number": meeting.row.index + 1}
                    text = Message("Parents are at work when session %(number)s of %(activity)s begins.", values)
                    yield Breach(self.name, (meeting.key,), text)


def _asked(problem: Problem) -> tuple[Mapping[str, None], frozenset[int]]:
    """Return the activities, in order, and the days off as the planner counts them."""
    found = problem.extension(PROGRAM.key).get(KEY)
    if found is None:
        return {}, frozenset()
    return dict.fromkeys(found.some("activities", Node.text)), frozenset(found.some("days_off", _day))


def _day(node: Node) -> int:
    try:
        return (date.fromisoformat(node.text()) - _FIRST).days
    except ValueError:
        raise node.fail(Message("A day such as 2027-01-25 is expected.")) from None
