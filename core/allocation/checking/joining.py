"""Who may join what, as the judge reads it: the solver reads it by itself, so that one finds the other's mistakes."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.allocation.problem import Activity, Child, Problem


class Bar(StrEnum):
    """Why a child may not join an activity."""

    NOT_WISHED = "not_wished"
    AGE = "age"
    GRADE = "grade"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class TogetherIn:
    """Those of a group who all have a place in an activity, or none of whom has."""

    group: str
    activity: str
    children: tuple[str, ...]

    def placed(self, places: Mapping[str, Collection[str]]) -> int:
        """Return how many of them have a place in it."""
        return sum(1 for child in self.children if self.activity in places.get(child, ()))


def bars(child: Child, activity: Activity) -> Iterator[Bar]:
    """Yield every reason why the child may not join the activity; none if it may."""
    if activity.id not in child.wishes:
        yield Bar.NOT_WISHED
    day = activity.first_day
    age = child.age if day is None else child.age_on(day)
    if activity.ages and not activity.ages[0] <= age <= activity.ages[1]:
        yield Bar.AGE
    if activity.grades and (child.grade is None or not activity.grades[0] <= child.grade <= activity.grades[1]):
        yield Bar.GRADE
    if activity.communities is not None and child.community not in activity.communities:
        yield Bar.COMMUNITY


def may_join(child: Child, activity: Activity) -> bool:
    """Say whether the child wishes for the activity and its age, grade and community are right."""
    return next(bars(child, activity), None) is None


def pinned(problem: Problem, *, place: bool) -> frozenset[tuple[str, str]]:
    """Return the pairs of child and activity that are pinned so."""
    return frozenset((pin.child, pin.activity) for pin in problem.pins if pin.place is place)


def open_to(problem: Problem) -> Mapping[str, frozenset[str]]:
    """Return, by child, the activities that it may join or is pinned to, and isn't pinned to stay out of."""
    found = {
        child.id: {wish for wish in child.wishes if may_join(child, problem.activity_of[wish])}
        for child in problem.children
    }
    for child_id, activity_id in pinned(problem, place=True):
        found[child_id].add(activity_id)
    for child_id, activity_id in pinned(problem, place=False):
        found[child_id].discard(activity_id)
    return {child: frozenset(activities) for child, activities in found.items()}


def together_in(problem: Problem) -> Iterator[TogetherIn]:
    """Yield, for each group, the activities that two or more of its children could have, and who they are."""
    if not problem.together:
        return
    of_child = open_to(problem)
    for group in problem.together:
        for activity in sorted(set().union(*(of_child[child] for child in group.children))):
            members = tuple(child for child in group.children if activity in of_child[child])
            if len(members) > 1:
                yield TogetherIn(group.id, activity, members)
