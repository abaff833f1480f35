"""Places by deferred acceptance, the method that holiday passes give them by, to compare with.

Children propose to activities in the order of their wishes, and an activity that is full lets a child go only for one
with a strictly higher score (Gale & Shapley 1962; with several places a child, Roth 1984). A child's score is the
dearness of its wish, as where families give stars. The method knows no minimum: what stays below it is cancelled
afterwards, as is what shares more staff or rooms than there are. Nobody is kept together, and nothing is held back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta

from core.allocation.lottery import drawn
from core.allocation.problem import Activity, Child, Problem
from core.allocation.result import Allocation

#: So many dearest wishes may carry a star, and count for more than the others.
STARS = 3


def deferred_acceptance(problem: Problem) -> Allocation:
    """Return who has which places after the last proposal and the cancelling."""
    places = _proposed(problem)
    opened = _held(problem, Counter(activity for got in places.values() for activity in got))
    kept = {child: tuple(each for each in got if each in opened) for child, got in places.items()}
    return Allocation(problem.term, problem.seed, {child: got for child, got in kept.items() if got}, opened)


def _proposed(problem: Problem) -> dict[str, list[str]]:
    """Let every child propose until nobody has anybody left to propose to."""
    seats: dict[str, list[str]] = {each.id: [] for each in problem.activities if _places(each)}
    has: dict[str, list[str]] = defaultdict(list)
    refused: dict[str, set[str]] = defaultdict(set)
    waiting = list(reversed(drawn(problem.seed, problem.child_of)))
    while waiting:
        child = problem.child_of[waiting.pop()]
        for wish in child.wishes:
            if wish not in seats or wish in refused[child.id] or not _fits(problem, child, has[child.id], wish):
                continue
            if len(seats[wish]) >= _places(problem.activity_of[wish]):
                loser = min(seats[wish], key=lambda other: _score(problem.child_of[other], wish))
                if _score(problem.child_of[loser], wish) >= _score(child, wish):
                    refused[child.id].add(wish)
                    continue
                seats[wish].remove(loser)
                has[loser].remove(wish)
                refused[loser].add(wish)
                waiting.append(loser)
            seats[wish].append(child.id)
            has[child.id].append(wish)
    return has


def _score(child: Child, wish: str) -> int:
    return int(child.wishes.index(wish) < STARS)


def _places(activity: Activity) -> int:
    if not activity.room_ready:
        return 0
    return activity.capacity if activity.staffed is None else min(activity.capacity, activity.staffed)


def _fits(problem: Problem, child: Child, has: Iterable[str], wish: str) -> bool:
    """Say whether the child may have the place beside those it has."""
    activity = problem.activity_of[wish]
    others = [problem.activity_of[name] for name in has]
    day = activity.first_day
    of_age = day is None or activity.ages is None or activity.ages[0] <= child.age_on(day) <= activity.ages[1]
    if not of_age or wish in has or len(others) >= child.most:
        return False
    if any(_clash(problem, activity, other) for other in others):
        return False
    if child.most_per_day is None:
        return True
    days = Counter(day for each in (activity, *others) for day in {start.date() for start, _ in each.times})
    return max(days.values(), default=0) <= child.most_per_day


def _clash(problem: Problem, one: Activity, two: Activity) -> bool:
    if one.series is not None and one.series == two.series:
        return True
    there, back = _way(problem, one, two), _way(problem, two, one)
    return any(a < d + back and c < b + there for a, b in one.times for c, d in two.times)


def _way(problem: Problem, one: Activity, two: Activity) -> timedelta:
    if one.place is None or two.place is None or one.place == two.place:
        return timedelta()
    listed = {(way.origin, way.destination): way.minutes for way in problem.ways}
    return timedelta(minutes=listed.get((one.place, two.place), problem.settings.minutes_between))


def _held(problem: Problem, count: Counter[str]) -> frozenset[str]:
    """Return what is held: what has its minimum, and of what shares too little the fullest."""
    held = {each.id for each in problem.activities if count[each.id] >= each.minimum}
    for shared in problem.shared:
        here = sorted((each for each in shared.activities if each in held), key=lambda each: (-count[each], each))
        held.difference_update(here[shared.most :])
    return frozenset(held)
