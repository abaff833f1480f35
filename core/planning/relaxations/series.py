"""What organizers could allow: another start, a face more, a pin or a relation less, a looser order."""

from dataclasses import dataclass, replace
from typing import ClassVar

from core.domain.errors import Message
from core.planning.moments import Window, iso
from core.planning.plan import SessionKey
from core.planning.problem import Problem
from core.planning.relaxations.base import Relaxation, with_activity


@dataclass(frozen=True)
class PinReleased(Relaxation):
    """A pin is taken back: all pins on that session, as it is one decision for whoever made it."""

    kind: ClassVar[str] = "pin"
    size: ClassVar[int] = 4

    activity: str
    index: int

    def apply(self, problem: Problem) -> Problem:
        """Leave the session's pins out."""
        key = (self.activity, self.index)
        return replace(problem, pins=tuple(pin for pin in problem.pins if pin.key != key))

    def said(self) -> Message:
        """Name the session."""
        values = {"activity": self.activity, "number": self.index + 1}
        return Message("session %(number)s of %(activity)s were no longer pinned", values)

    def frees(self, problem: Problem) -> frozenset[SessionKey]:  # noqa: ARG002 - it names its session itself
        """Return the session."""
        return frozenset({(self.activity, self.index)})


@dataclass(frozen=True)
class FaceMore(Relaxation):
    """One person more may serve in a role over the series."""

    kind: ClassVar[str] = "face"
    size: ClassVar[int] = 5

    activity: str
    role: str

    def apply(self, problem: Problem) -> Problem:
        """Raise the number of different people, where there is one."""
        activity = problem.activity_of[self.activity]
        roles = tuple(
            replace(role, max_people=role.max_people + 1)
            if role.role == self.role and role.max_people is not None
            else role
            for role in activity.roles
        )
        return with_activity(problem, replace(activity, roles=roles))

    def said(self) -> Message:
        """Name the role and the activity."""
        values = {"activity": self.activity, "role": self.role}
        return Message("one person more could be %(role)s of %(activity)s over the series", values)


@dataclass(frozen=True)
class SessionMoreADay(Relaxation):
    """An activity may have one session more on a day."""

    kind: ClassVar[str] = "session_a_day"
    size: ClassVar[int] = 5

    activity: str
    most: int

    def apply(self, problem: Problem) -> Problem:
        """Raise the limit a day to that number."""
        activity = problem.activity_of[self.activity]
        return with_activity(problem, replace(activity, max_per_day=max(activity.max_per_day, self.most)))

    def said(self) -> Message:
        """Name the activity and the number."""
        values = {"activity": self.activity, "most": self.most}
        return Message("%(activity)s could have %(most)s sessions on a day", values)


@dataclass(frozen=True)
class OrderLoosened(Relaxation):
    """The sessions of a course need not follow one another day by day."""

    kind: ClassVar[str] = "order"
    size: ClassVar[int] = 6

    activity: str

    def apply(self, problem: Problem) -> Problem:
        """Drop the order."""
        return with_activity(problem, replace(problem.activity_of[self.activity], ordered=False))

    def said(self) -> Message:
        """Name the activity."""
        return Message("the sessions of %(activity)s could be held in any order", {"activity": self.activity})


@dataclass(frozen=True)
class StartMore(Relaxation):
    """An activity may begin at a time at which it may not."""

    kind: ClassVar[str] = "start"
    size: ClassVar[int] = 6

    activity: str
    start: int

    def apply(self, problem: Problem) -> Problem:
        """Add the start."""
        activity = problem.activity_of[self.activity]
        return with_activity(problem, replace(activity, starts=tuple(sorted({*activity.starts, self.start}))))

    def touches(self, stretch: Window) -> bool:
        """Say whether the stretch begins so."""
        return stretch[0] == self.start

    def said(self) -> Message:
        """Name the activity and the start."""
        values = {"activity": self.activity, "start": iso(self.start)}
        return Message("%(activity)s could also begin on %(start)s", values)


@dataclass(frozen=True)
class RelationReleased(Relaxation):
    """What ties two sessions to each other is dropped."""

    kind: ClassVar[str] = "relation"
    size: ClassVar[int] = 6

    tie: str
    a: SessionKey
    b: SessionKey

    def apply(self, problem: Problem) -> Problem:
        """Leave the relations of that kind between the two out."""
        mine = (self.tie, self.a, self.b)
        relations = tuple(found for found in problem.relations if (found.kind, found.a, found.b) != mine)
        return replace(problem, relations=relations)

    def said(self) -> Message:
        """Name the two sessions and what they need not do."""
        values = {
            "activity": self.a[0],
            "number": self.a[1] + 1,
            "other": self.b[0],
            "other_number": self.b[1] + 1,
        }
        return Message(_TIES[self.tie].text, values)


#: What each kind of relation would no longer demand.
_TIES = {
    "together": Message(
        "session %(number)s of %(activity)s and session %(other_number)s of %(other)s need not begin together"
    ),
    "same_venue": Message(
        "session %(number)s of %(activity)s and session %(other_number)s of %(other)s need not share a venue"
    ),
    "before": Message(
        "session %(number)s of %(activity)s need not be over before session %(other_number)s of %(other)s"
    ),
    "apart": Message(
        "session %(number)s of %(activity)s and session %(other_number)s of %(other)s could be on one day"
    ),
    "needs": Message("session %(number)s of %(activity)s could be held without session %(other_number)s of %(other)s"),
}
