"""The courses of a problem, as the extension lists them."""

from dataclasses import dataclass
from typing import Final

from core.plugin_api import Node, Problem, SessionKey
from plugins.sst.activities import PROGRAM

#: Where the extension lists the courses, by activity.
COURSES: Final = "courses"
#: … and the activities that need a quiet or private room.
QUIET: Final = "quiet"
#: … and those whose room must be seen into besides.
IN_SIGHT: Final = "in_sight"
_MOST_DAYS: Final = 365


@dataclass(frozen=True)
class Course:
    """A course of a problem; `make_ups` are pairs of a make-up activity and the session whose module it repeats."""

    activity: str
    lead: str | None
    substitute: str | None
    days_between: int
    make_ups: tuple[SessionKey, ...]

    @property
    def series(self) -> tuple[str, ...]:
        """Return the activities that have one lead: the course and its make-ups."""
        return (self.activity, *dict.fromkeys(activity for activity, _ in self.make_ups))


def courses_of(problem: Problem) -> tuple[Course, ...]:
    """Return the courses; raise MalformedProblemError with the place of what can't be read."""
    found = problem.extension(PROGRAM.key).get(COURSES)
    return () if found is None else tuple(_course(activity, node) for activity, node in found.members())


def is_behind(problem: Problem, start: int) -> bool:
    """Tell whether a session that begins then lies behind us, and is judged no more."""
    return problem.frozen_before is not None and start < problem.frozen_before


def _course(activity: str, node: Node) -> Course:
    lead, substitute, days = node.get("lead"), node.get("substitute"), node.get("days_between")
    return Course(
        activity,
        None if lead is None else lead.text(),
        None if substitute is None else substitute.text(),
        0 if days is None else days.whole(0, _MOST_DAYS),
        node.some("make_ups", Node.session),
    )
