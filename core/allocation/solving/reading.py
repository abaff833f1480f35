"""Who may have which place, as the solver reads it; the checker reads the problem for itself."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from core.allocation.problem import Activity, Child, Problem


@dataclass(frozen=True)
class Reading:
    """A problem by position: children and activities are numbered as they come.

    `joinable` has, by child, the activities open to it: wishes that it may have, the dearest first, then pinned places
    that are no such wishes. `given` and `denied` are pinned pairs of child and activity.
    """

    problem: Problem
    joinable: tuple[tuple[int, ...], ...]
    given: frozenset[tuple[int, int]]
    denied: frozenset[tuple[int, int]]

    def candidates(self) -> Mapping[int, list[int]]:
        """Return, by activity, the children to whom it is open."""
        found = defaultdict[int, list[int]](list)
        for child, open_to_it in enumerate(self.joinable):
            for activity in open_to_it:
                found[activity].append(child)
        return found

    def asking(self) -> int:
        """Return how many children have a wish or a pinned place."""
        placed = {child for child, _ in self.given}
        return sum(bool(child.wishes) or at in placed for at, child in enumerate(self.problem.children))


def read(problem: Problem) -> Reading:
    """Return who may have which place."""
    child_at = {child.id: at for at, child in enumerate(problem.children)}
    activity_at = {activity.id: at for at, activity in enumerate(problem.activities)}
    pins = {(child_at[pin.child], activity_at[pin.activity]): pin.place for pin in problem.pins}
    given = frozenset(pair for pair, place in pins.items() if place)
    extra = defaultdict[int, list[int]](list)
    for at, activity in sorted(given):
        extra[at].append(activity)
    joinable = []
    for at, child in enumerate(problem.children):
        wished = (activity_at[wish] for wish in child.wishes if _suits(child, problem.activity_of[wish]))
        either = dict.fromkeys([*wished, *extra[at]])
        joinable.append(tuple(each for each in either if pins.get((at, each), True)))
    return Reading(problem, tuple(joinable), given, frozenset(pins) - given)


def _suits(child: Child, activity: Activity) -> bool:
    begins = activity.first_day
    age = child.age
    if begins is not None and child.older_from is not None and child.older_from <= begins:
        age += 1
    if activity.ages is not None and not activity.ages[0] <= age <= activity.ages[1]:
        return False
    if activity.grades is not None:
        lowest, highest = activity.grades
        if child.grade is None or not lowest <= child.grade <= highest:
            return False
    return activity.communities is None or child.community in activity.communities


def seats(activity: Activity) -> int:
    """Return how many children it can take; 0 if it can't open."""
    if not activity.room_ready:
        return 0
    return activity.capacity if activity.staffed is None else min(activity.capacity, activity.staffed)


class Clashes:
    """Which activities one child can't both have; each pair is worked out once."""

    def __init__(self, problem: Problem) -> None:
        self._activities = problem.activities
        self._between = timedelta(minutes=problem.settings.minutes_between)
        self._ways = {(way.origin, way.destination): timedelta(minutes=way.minutes) for way in problem.ways}
        self._known: dict[tuple[int, int], bool] = {}

    def cliques(self, activities: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Yield sets of activities of which one child has at most one; together they cover every clash."""
        left = [pair for pair in combinations(activities, 2) if self.clash(*pair)]
        covered = set[tuple[int, int]]()
        for pair in left:
            if pair in covered:
                continue
            clique = list(pair)
            for other in activities:
                if other not in clique and all(self.clash(other, member) for member in clique):
                    clique.append(other)
            ordered = tuple(each for each in activities if each in clique)
            covered.update(combinations(ordered, 2))
            yield ordered

    def clash(self, one: int, other: int) -> bool:
        """Say whether the two are of one series, overlap, or lie too close for the way between them."""
        pair = (min(one, other), max(one, other))
        if pair not in self._known:
            self._known[pair] = self._work_out(self._activities[one], self._activities[other])
        return self._known[pair]

    def _work_out(self, one: Activity, other: Activity) -> bool:
        if one.series is not None and one.series == other.series:
            return True
        there, back = self._way(one.place, other.place), self._way(other.place, one.place)
        return any(
            not (end + there <= begin or finish + back <= start)
            for start, end in one.times
            for begin, finish in other.times
        )

    def _way(self, origin: str | None, destination: str | None) -> timedelta:
        if origin is None or destination is None or origin == destination:
            return timedelta(0)
        return self._ways.get((origin, destination), self._between)
