"""Before the festival: what a class prepares for must still lie ahead of the children."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, Final

from core.plugin_api import (
    ActivityOutline,
    Breach,
    Choices,
    Message,
    Node,
    Plan,
    Problem,
    Rule,
    TermOutline,
    day_of,
    seating,
)
from plugins.character_ed.activities import DAYS_BEFORE, FESTIVAL, OPEN_CLASS, PROGRAM
from plugins.character_ed.festivals import FESTIVALS, NO_FESTIVAL, days_before

_FESTIVALS: Final = "festivals"
#: From which day the planner counts days.
_DAY_ZERO: Final = date(2000, 1, 1)


def asked(activities: Sequence[ActivityOutline], term: TermOutline) -> Mapping[str, Any]:
    """Return what the extension says of it: for each class on a festival which one, and on which days it may be."""
    found = {
        activity.id: {"festival": festival, "days": [day.isoformat() for day in _days(activity, festival, term)]}
        for activity in activities
        if activity.type_key == OPEN_CLASS.key
        and (festival := activity.settings.get(FESTIVAL.key, NO_FESTIVAL)) != NO_FESTIVAL
    }
    return {_FESTIVALS: found} if found else {}


class BeforeTheFestival(Rule):
    """A class on a festival is held before it, and not so early that children have forgotten it when it comes.

    The class's form says how many days before the festival are early enough. A festival of which no such day lies in
    the term leaves the class no day at all. What lies behind us is not judged.
    """

    name: ClassVar[str] = "character_ed.before_the_festival"
    reason: ClassVar[Message | None] = Message(
        "A class on a festival is held shortly before it, on a day of the term; its form says how many days before."
    )

    def narrow(self, choices: Choices) -> None:
        """Strike out starts on other days."""
        problem = choices.problem
        for activity, (_, days) in _classes(problem).items():
            if activity in choices.activities:
                starts = choices.starts(activity)
                choices.keep_starts(
                    activity, [start for start in starts if day_of(start) in days or _is_behind(problem, start)]
                )

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each class that is not in the days before its festival."""
        for activity, (festival, days) in _classes(problem).items():
            for meeting in seating(problem, plan).series.get(activity, ()):
                if meeting.day not in days and not _is_behind(problem, meeting.start):
                    yield Breach(self.name, (meeting.key,), _reason(meeting.key, festival, among=len(days)))


def _days(activity: ActivityOutline, festival: str, term: TermOutline) -> tuple[date, ...]:
    most = activity.settings.get(DAYS_BEFORE.key, DAYS_BEFORE.default)
    return days_before(festival, most, term.first, term.last)


def _reason(key: tuple[str, int], festival: str, *, among: int) -> Message:
    values = {"activity": key[0], "number": key[1] + 1, "festival": FESTIVALS.get(festival, festival)}
    if not among:
        return Message(
            "No day shortly before %(festival)s lies in the term, so %(activity)s can't prepare for it.", values
        )
    return Message("Session %(number)s of %(activity)s is not held shortly before %(festival)s.", values)


@lru_cache(maxsize=4)
def _classes(problem: Problem) -> Mapping[str, tuple[str, frozenset[int]]]:
    found = problem.extension(PROGRAM.key).get(_FESTIVALS)
    if found is None:
        return {}
    return {
        activity: (entry["festival"].text(), frozenset(entry.some("days", _number_of_the_day)))
        for activity, entry in found.members()
    }


def _number_of_the_day(day: Node) -> int:
    try:
        return (date.fromisoformat(day.text()) - _DAY_ZERO).days
    except ValueError:
        raise day.fail(Message("A day such as 2027-01-25 is expected.")) from None


def _is_behind(problem: Problem, start: int) -> bool:
    return problem.frozen_before is not None and start < problem.frozen_before
