"""Activities taken together, in parts that grow: a small part is soon solved, a large one leaves less out."""

from dataclasses import dataclass

from core.planning.problem import Problem

#: Parts grow by steps: at first so many starts at most, then more; all that share a group meet in the end.
LIMITS = (400, 1600, 6400, 25_600)


@dataclass(frozen=True)
class Part:
    """Some activities, how many starts they have, and a bound on what their sessions add to the cost.

    `tried` says that a timetable of the part has been made already.
    """

    activities: tuple[str, ...]
    size: int = 0
    bound: float = 0.0
    tried: bool = False


def merged(problem: Problem, parts: tuple[Part, ...], limit: int) -> tuple[Part, ...]:
    """Return the parts with those made one that share a group, as far as none grows beyond the limit."""
    groups = {part: _groups(problem, part) for part in parts}
    left = sorted(parts, key=lambda part: -part.size)
    result = []
    while left:
        grown = left.pop(0)
        near = set(groups[grown])
        while True:
            fitting = [part for part in left if near & groups[part] and grown.size + part.size <= limit]
            if not fitting:
                break
            closest = max(fitting, key=lambda part: len(near & groups[part]) / len(groups[part]))
            left.remove(closest)
            near |= groups[closest]
            grown = united((grown, closest))
        result.append(grown)
    return tuple(result)


def united(parts: tuple[Part, ...]) -> Part:
    """Return all parts as one, which add at least their sum; one part alone stays as it is."""
    if len(parts) == 1:
        return parts[0]
    activities = tuple(name for part in parts for name in part.activities)
    return Part(activities, sum(part.size for part in parts), sum(part.bound for part in parts))


def _groups(problem: Problem, part: Part) -> frozenset[str]:
    return frozenset(group for name in part.activities for group in problem.activity_of[name].groups)
