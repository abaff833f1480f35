"""The rules about activities: places, minimum, room and staff, what is shared, and what is held back."""

from collections import Counter
from collections.abc import Iterator

from core.allocation.checking.joining import open_to
from core.allocation.checking.violation import Rule, Violation
from core.allocation.problem import Activity, Problem
from core.allocation.result import Allocation
from core.domain.errors import Message


def places(problem: Problem, allocation: Allocation) -> Iterator[Violation]:
    """Find activities with more children than places."""
    count = _count(allocation)
    for activity in problem.activities:
        if count[activity.id] > _room_for(activity):
            values = {"id": activity.id, "count": count[activity.id], "places": _room_for(activity)}
            message = Message("“%(id)s” has %(count)s children and %(places)s places.", values)
            yield Violation(Rule.PLACES, (activity.id,), message)


def opening(problem: Problem, allocation: Allocation) -> Iterator[Violation]:
    """Find activities that are held without what they need, and children in activities that aren't held."""
    count = _count(allocation)
    for activity in problem.activities:
        if activity.id in allocation.opened:
            yield from _held(activity, count[activity.id])
        elif count[activity.id]:
            values = {"id": activity.id, "count": count[activity.id]}
            message = Message("“%(id)s” is not held and has %(count)s children.", values)
            yield Violation(Rule.NOT_OPEN, (activity.id,), message)


def _held(activity: Activity, count: int) -> Iterator[Violation]:
    values = {"id": activity.id, "count": count, "minimum": activity.minimum}
    if count < activity.minimum:
        message = Message("“%(id)s” is held with %(count)s children and needs %(minimum)s.", values)
        yield Violation(Rule.MINIMUM, (activity.id,), message)
    if not activity.room_ready:
        yield Violation(Rule.NO_ROOM, (activity.id,), Message("“%(id)s” is held and has no room.", values))
    if activity.staffed == 0:
        yield Violation(Rule.NO_STAFF, (activity.id,), Message("“%(id)s” is held and has no staff.", values))


def shared(problem: Problem, allocation: Allocation) -> Iterator[Violation]:
    """Find rooms or staff that are shared by more activities than they can serve."""
    for each in problem.shared:
        held = tuple(name for name in each.activities if name in allocation.opened)
        if len(held) > each.most:
            values = {"id": each.id, "count": len(held), "most": each.most}
            message = Message("Of the activities that share “%(id)s”, %(count)s are held and %(most)s can be.", values)
            yield Violation(Rule.SHARED, (each.id, *held), message)


def held_back(problem: Problem, allocation: Allocation) -> Iterator[Violation]:
    """Find activities that gave to others what is held back; who it is for, and how many they are, is not told."""
    waiting = Counter(
        activity
        for child, activities in open_to(problem).items()
        if problem.child_of[child].held_back
        for activity in activities
    )
    others = Counter(
        activity
        for child, got in allocation.places.items()
        if not problem.child_of[child].held_back
        for activity in got
    )
    for activity in problem.activities:
        kept = min(_kept(problem, activity), waiting[activity.id])
        if kept and others[activity.id] > max(0, _room_for(activity) - kept):
            message = Message("In “%(id)s” places that are held back are given to others.", {"id": activity.id})
            yield Violation(Rule.HELD_BACK, (activity.id,), message)


def _kept(problem: Problem, activity: Activity) -> int:
    """Return how many places the station holds back in an activity; a share is rounded up."""
    if activity.held_back is not None:
        return activity.held_back
    return -(-activity.capacity * problem.settings.held_back_percent // 100)


def _room_for(activity: Activity) -> int:
    return activity.capacity if activity.staffed is None else min(activity.capacity, activity.staffed)


def _count(allocation: Allocation) -> Counter[str]:
    return Counter(activity for got in allocation.places.values() for activity in got)
