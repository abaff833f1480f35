"""A term's mix of the five lines: what the station asks for, and how problems carry it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from core.plugin_api import ActivityOutline, Problem
from plugins.character_ed.activities import PROGRAM

_LINES: Final = "lines"
_ALTERNATE: Final = "alternate"
_LEAST: Final = "times_per_line"


@dataclass(frozen=True)
class Mix:
    """How often a group should have each line in a term, and whether no line may be there twice running."""

    times_per_line: int = 1
    alternate: bool = True


def asked(activities: Iterable[ActivityOutline], mix: Mix) -> Mapping[str, Any]:
    """Return what the extension says of it: the line of each of the program's activities for groups, and the mix."""
    lines = {activity.id: activity.line.value for activity in own(activities) if activity.groups}
    if not lines:
        return {}
    return {_LINES: lines, _ALTERNATE: mix.alternate, _LEAST: mix.times_per_line}


def own(activities: Iterable[ActivityOutline]) -> list[ActivityOutline]:
    """Return the program's own activities."""
    return [activity for activity in activities if activity.type_key.startswith(f"{PROGRAM.key}.")]


@lru_cache(maxsize=4)
def line_of(problem: Problem) -> Mapping[str, str]:
    """Return the line of each activity of the program that is for groups, as far as the problem has it."""
    found = problem.extension(PROGRAM.key).get(_LINES)
    members = () if found is None else found.members()
    return {activity: line.text() for activity, line in members if activity in problem.activity_of}


def is_alternating(problem: Problem) -> bool:
    """Say whether no line may be there twice running."""
    found = problem.extension(PROGRAM.key).get(_ALTERNATE)
    return found is not None and found.flag()


def times_per_line(problem: Problem) -> int:
    """Return how often each group should have each line."""
    found = problem.extension(PROGRAM.key).get(_LEAST)
    return 0 if found is None else found.whole(0)
