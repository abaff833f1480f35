"""Time to practise: between two workshops on a virtue children have some days in which to live by it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, ClassVar, Final

from core.plugin_api import (
    ActivityOutline,
    Breach,
    Choices,
    Message,
    Model,
    Plan,
    Problem,
    Rule,
    day_of,
    seating,
)
from plugins.character_ed.activities import PRACTICE_DAYS, PROGRAM, VIRTUE_WORKSHOP

_DAYS: Final = "practice_days"


def asked(activities: Sequence[ActivityOutline]) -> Mapping[str, Any]:
    """Return what the extension says of it: for each series of workshops how many days children practise between."""
    days = {
        activity.id: activity.settings.get(PRACTICE_DAYS.key, PRACTICE_DAYS.default)
        for activity in activities
        if activity.type_key == VIRTUE_WORKSHOP.key
    }
    some = {activity: count for activity, count in days.items() if count}
    return {_DAYS: some} if some else {}


class TimeToPractise(Rule):
    """From one workshop of a series to the next, at least as many days pass as its coordinator has asked for.

    One day leads from Saturday to Sunday, and two workshops on one day leave none. What lies behind us is not judged,
    but the first workshop ahead leaves time after the last one held.
    """

    name: ClassVar[str] = "character_ed.time_to_practise"
    reason: ClassVar[Message | None] = Message("Children need days to practise between two workshops.")

    def narrow(self, choices: Choices) -> None:
        """Strike out starts too soon after workshops that lie behind us."""
        problem = choices.problem
        for activity, days in _practice_days(problem).items():
            if activity not in choices.activities:
                continue
            behind = [day_of(row.start) for row in problem.frozen.values() if row.activity == activity]
            starts = [
                start
                for start in choices.starts(activity)
                if _is_behind(problem, start) or all(day_of(start) - day >= days for day in behind)
            ]
            choices.keep_starts(activity, starts)

    def constrain(self, model: Model) -> None:
        """Hold at most one workshop within so many days, wherever they begin."""
        for activity, days in _practice_days(model.problem).items():
            ahead = [slot for slot in model.variables.slots(activity) if not _is_behind(model.problem, slot.start)]
            for first in sorted({model.variables.day(slot) for slot in ahead}):
                model.at_most_one(
                    model.variables.held(slot) for slot in ahead if first <= model.variables.day(slot) < first + days
                )

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each workshop that comes too soon after the one before it."""
        for activity, days in _practice_days(problem).items():
            meetings = sorted(seating(problem, plan).series.get(activity, ()), key=lambda meeting: meeting.start)
            for before, after in pairwise(meetings):
                if after.day - before.day < days and not _is_behind(problem, after.start):
                    values = {"activity": activity, "number": after.row.index + 1, "days": days}
                    text = Message(
                        "Session %(number)s of %(activity)s leaves fewer than %(days)s days to practise.", values
                    )
                    yield Breach(self.name, (before.key, after.key), text)


def _practice_days(problem: Problem) -> Mapping[str, int]:
    found = problem.extension(PROGRAM.key).get(_DAYS)
    return {} if found is None else {activity: days.whole(0) for activity, days in found.members()}


def _is_behind(problem: Problem, start: int) -> bool:
    return problem.frozen_before is not None and start < problem.frozen_before
