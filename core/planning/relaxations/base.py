"""What a relaxation is: a frozen value that makes a problem a little easier, and says how in words."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Self

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.moments import Window, clock_of, iso
from core.planning.plan import SessionKey
from core.planning.problem import Activity, Person, Problem, Room


@dataclass(frozen=True)
class Relaxation(ABC):
    """A change to a problem that allows more plans and forbids none.

    `size` says how much is asked: a duty more on one day for one person is less than one volunteer more. Only the ids
    of the problem and moments stand in the fields, so that the value can be stored and applied again later.
    """

    kind: ClassVar[str]
    size: ClassVar[int]

    @abstractmethod
    def apply(self, problem: Problem) -> Problem:
        """Return the problem with the change."""

    @abstractmethod
    def said(self) -> Message:
        """Return the change as a clause that goes on from “if”."""

    def frees(self, problem: Problem) -> frozenset[SessionKey]:  # noqa: ARG002 - most speak of no session
        """Return the sessions that have to be decided again for the change to make a difference."""
        return frozenset()

    def touches(self, stretch: Window) -> bool:  # noqa: ARG002 - some do
        """Say whether a session held then could be possible by it that was not before; yes if in doubt."""
        return True

    def confine(self, model: Model, before: Problem) -> None:  # noqa: ARG002 - most are as narrow as they sound
        """Forbid in a model of the changed problem what the words don't allow, though the problem does."""
        return

    def includes(self, other: "Relaxation") -> bool:
        """Say whether whoever allows this has allowed the other as well."""
        return self == other

    def to_json(self) -> dict[str, Any]:
        """Return the kind and the fields; moments are whole minutes as in `moments`, so that nothing is lost."""
        return {"kind": self.kind, **{field.name: _plain(getattr(self, field.name)) for field in fields(self)}}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Return the relaxation of this class that `to_json` wrote."""
        return cls(**{field.name: _frozen(value[field.name]) for field in fields(cls)})


def with_person(problem: Problem, person: Person) -> Problem:
    """Return the problem with the person of that id changed."""
    return replace(problem, people=tuple(person if found.id == person.id else found for found in problem.people))


def with_room(problem: Problem, room: Room) -> Problem:
    """Return the problem with the room of that id changed."""
    return replace(problem, rooms=tuple(room if found.id == room.id else found for found in problem.rooms))


def with_activity(problem: Problem, activity: Activity) -> Problem:
    """Return the problem with the activity of that id changed."""
    activities = tuple(activity if found.id == activity.id else found for found in problem.activities)
    return replace(problem, activities=activities)


def hours(stretch: Window) -> dict[str, object]:
    """Return from when to when, for a sentence: the start with its day, the end as a time of day."""
    start, end = stretch
    return {"start": iso(start), "end": f"{clock_of(end) // 60:02}:{clock_of(end) % 60:02}"}


def meet(one: Window, other: Window) -> bool:
    """Say whether the two stretches have a minute in common."""
    return one[0] < other[1] and other[0] < one[1]


def _plain(value: object) -> object:
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _frozen(value: object) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list | tuple) else value
