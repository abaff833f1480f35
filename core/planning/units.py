"""Sessions that stand or fall together: a talk and the child care beside it can only be placed as one."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from core.planning.plan import SessionKey
from core.planning.problem import Problem


@lru_cache(maxsize=4)
def units(problem: Problem) -> tuple[tuple[SessionKey, ...], ...]:
    """Return all sessions, those together that “together” and “needs” tie to each other, directly or not."""
    keys = [(activity.id, index) for activity in problem.activities for index in range(activity.sessions)]
    ties = [(relation.a, relation.b) for relation in problem.relations if relation.kind in {"together", "needs"}]
    return components(keys, ties)


@lru_cache(maxsize=4)
def families(problem: Problem) -> tuple[tuple[str, ...], ...]:
    """Return all activities, those together whose sessions are tied to each other."""
    ties = [(unit[0][0], key[0]) for unit in units(problem) for key in unit]
    found = components([(activity.id, 0) for activity in problem.activities], [((a, 0), (b, 0)) for a, b in ties])
    return tuple(tuple(name for name, _ in family) for family in found)


def family_of(problem: Problem, activity: str) -> tuple[str, ...]:
    """Return the activity with those whose sessions are tied to its own."""
    return next(family for family in families(problem) if activity in family)


def components(
    keys: Iterable[SessionKey], ties: Iterable[tuple[SessionKey, SessionKey]]
) -> tuple[tuple[SessionKey, ...], ...]:
    """Return the sessions in groups that hang together by ties, directly or not."""
    leader = {key: key for key in keys}

    def lead(key: SessionKey) -> SessionKey:
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    for one, other in ties:
        leader[lead(one)] = lead(other)
    found = defaultdict[SessionKey, list[SessionKey]](list)
    for key in leader:
        found[lead(key)].append(key)
    return tuple(tuple(members) for members in found.values())
