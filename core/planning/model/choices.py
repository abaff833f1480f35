"""What could be decided at all: the starts, rooms and people that the rules have not struck out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from core.planning.problem import Activity, Problem

People = frozenset[str]
Key = TypeVar("Key")


@dataclass(frozen=True, order=True)
class Slot:
    """A place in time that a session of the activity can take; `lane` tells parallel sessions of one activity apart."""

    activity: str
    start: int
    lane: int = 0


@dataclass
class _Open:
    """What is left of one activity. A missing entry of the dictionaries means that nothing was struck out there."""

    starts: frozenset[int]
    rooms: frozenset[str]
    people: frozenset[str]
    rooms_at: dict[int, frozenset[str]] = field(default_factory=dict)
    people_at: dict[int, frozenset[str]] = field(default_factory=dict)
    people_as: dict[str, frozenset[str]] = field(default_factory=dict)
    people_as_at: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)

    def copy(self) -> "_Open":
        return _Open(
            self.starts,
            self.rooms,
            self.people,
            dict(self.rooms_at),
            dict(self.people_at),
            dict(self.people_as),
            dict(self.people_as_at),
        )


class Choices:
    """The starts, rooms and people that each activity may have, narrowed step by step.

    Every `keep_…` can only take something away, so the order in which rules narrow doesn't matter.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._common: dict[tuple[People, ...], People] = {}
        rooms, people = frozenset(problem.room_of), frozenset(problem.person_of)
        self._open = {
            activity.id: _Open(frozenset(activity.starts), rooms if activity.needs_room else frozenset(), people)
            for activity in problem.activities
        }

    def copy(self, activities: Iterable[str]) -> "Choices":
        """Return choices for these activities alone, to be narrowed without touching these."""
        twin = object.__new__(Choices)
        twin.problem = self.problem
        twin._common = {}
        twin._open = {activity: self._open[activity].copy() for activity in activities}
        return twin

    @property
    def activities(self) -> tuple[str, ...]:
        """Return the activities that are decided on."""
        return tuple(self._open)

    @property
    def are_narrowed(self) -> bool:
        """Say whether anything was struck out."""
        everything = Choices(self.problem)._open  # noqa: SLF001 - of the same class
        return any(left != everything[activity] for activity, left in self._open.items())

    def keep_starts(self, activity: str, starts: Iterable[int]) -> None:
        """Allow no other starts."""
        found = self._open[activity]
        found.starts &= frozenset(starts)

    def keep_rooms(self, activity: str, rooms: Iterable[str], start: int | None = None) -> None:
        """Allow no other rooms, at that start or at all."""
        found, keep = self._open[activity], frozenset(rooms)
        if start is None:
            found.rooms &= keep
        else:
            _strike(found.rooms_at, start, keep)

    def keep_people(
        self, activity: str, people: Iterable[str], role: str | None = None, start: int | None = None
    ) -> None:
        """Allow no other people, in that role or in any, at that start or at all."""
        found, keep = self._open[activity], frozenset(people)
        if role is None and start is None:
            found.people &= keep
        elif role is None and start is not None:
            _strike(found.people_at, start, keep)
        elif role is not None and start is None:
            _strike(found.people_as, role, keep)
        elif role is not None and start is not None:
            _strike(found.people_as_at, (role, start), keep)

    def starts(self, activity: str) -> tuple[int, ...]:
        """Return the starts that are left, in order."""
        return tuple(sorted(self._open[activity].starts))

    def rooms(self, activity: str, start: int) -> frozenset[str]:
        """Return the rooms that are left at a start; none for an activity that needs no room."""
        found = self._open[activity]
        return found.rooms & found.rooms_at.get(start, found.rooms)

    def people(self, activity: str, start: int, role: str) -> frozenset[str]:
        """Return the people who are left for a role at a start."""
        found = self._open[activity]
        everybody = found.people
        key = (
            everybody,
            found.people_as.get(role, everybody),
            found.people_at.get(start, everybody),
            found.people_as_at.get((role, start), everybody),
        )
        # Many roles and starts ask for the same people, who are found, and remembered, once.
        if key not in self._common:
            self._common[key] = frozenset.intersection(*key)
        return self._common[key]

    def slots(self, activity: str) -> tuple[Slot, ...]:
        """Return the places in time that are left, by start; none where no room is left that is needed."""
        found = self.problem.activity_of[activity]
        return tuple(
            Slot(activity, start, lane)
            for start in self.starts(activity)
            if not found.needs_room or self.rooms(activity, start)
            for lane in range(lanes(found))
        )


def lanes(activity: Activity) -> int:
    """Return how many sessions of the activity may begin at the same moment.

    One for a group of children, which can't be in two places; without groups, as many as a day may have.
    """
    if activity.groups or activity.ordered:
        return 1
    return max(1, min(activity.max_per_day, activity.sessions))


def _strike(left: dict[Key, frozenset[str]], key: Key, keep: frozenset[str]) -> None:
    # The first to strike out gives the set itself: thousands of starts share one, where copies would fill the memory.
    left[key] = left[key] & keep if key in left else keep
