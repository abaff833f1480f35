"""A plan: which sessions are held, when, where and by whom; JSON as `weibao.plan/1`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from core.planning.moments import iso
from core.planning.reading import Node

FORMAT = "weibao.plan/1"

#: An activity's id and the index of one of its sessions.
SessionKey: TypeAlias = tuple[str, int]


@dataclass(frozen=True)
class PlannedSession:
    """One held session. `start` is a moment in minutes (see `moments`); `room` is None where none is needed."""

    activity: str
    index: int
    start: int
    room: str | None = None
    staff: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> SessionKey:
        """Return the session's activity and index."""
        return self.activity, self.index

    def people(self) -> tuple[str, ...]:
        """Return everybody who serves in it, in whatever role, as often as they are listed."""
        return tuple(person for ids in self.staff.values() for person in ids)

    @classmethod
    def read(cls, node: Node) -> "PlannedSession":
        """Read a session of a plan."""
        staff, room = node.get("staff"), node.get("room")
        return cls(
            node["activity"].text(),
            node["index"].whole(),
            node["start"].moment(),
            None if room is None else room.text(),
            {} if staff is None else {role: ids.each(Node.text) for role, ids in staff.members()},
        )

    def to_json(self) -> dict[str, Any]:
        """Return the session as the format writes it."""
        staff = {role: list(ids) for role, ids in self.staff.items()}
        return {
            "activity": self.activity,
            "index": self.index,
            "start": iso(self.start),
            "room": self.room,
            "staff": staff,
        }


@dataclass(frozen=True)
class Plan:
    """The held sessions of the problem of that name; a session that is not held is left out."""

    problem: str
    sessions: tuple[PlannedSession, ...] = ()

    def __hash__(self) -> int:
        return self._hashed

    def __getstate__(self) -> dict[str, Any]:
        """Return the fields alone: another process hashes text in another way."""
        return {"problem": self.problem, "sessions": self.sessions}

    @cached_property
    def _hashed(self) -> int:
        # The rules of programs ask for a plan's seating again and again, which is looked up by the plan.
        return hash((self.problem, self.sessions))

    @classmethod
    def read(cls, node: Node) -> "Plan":
        """Read a plan; keys that the format leaves to the planner are ignored."""
        node["format"].one_of((FORMAT,))
        return cls(node["problem"].text(), node["sessions"].each(PlannedSession.read))

    @classmethod
    def from_json(cls, value: object) -> "Plan":
        """Return the plan written as JSON; MalformedProblemError names the place if it can't be read."""
        return cls.read(Node(value))

    def to_json(self) -> dict[str, Any]:
        """Return the plan as the format writes it."""
        return {"format": FORMAT, "problem": self.problem, "sessions": [row.to_json() for row in self.sessions]}

    def without(self, activities: Iterable[str]) -> "Plan":
        """Return the plan with no session of these activities."""
        gone = frozenset(activities)
        return Plan(self.problem, tuple(row for row in self.sessions if row.activity not in gone))
