"""What is to be planned: activities with their roles, relations between sessions, and pins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from core.planning.moments import iso
from core.planning.plan import SessionKey
from core.planning.reading import MOST_MINUTES, MOST_PLACES, MOST_POINTS, Node
from core.planning.resources import ZONES

RELATIONS = ("together", "same_venue", "before", "apart", "needs")


@dataclass(frozen=True)
class Role:
    """Staff places of each session: `required` of them at a high price, up to `wanted` at a low one."""

    role: str
    skill: str | None = None
    required: int = 0
    wanted: int = 0
    continuity: bool = False
    max_people: int | None = None

    @classmethod
    def read(cls, node: Node) -> "Role":
        """Read a role of an activity."""
        skill, most, required = node.get("skill"), node.get("max_people"), node["required"].whole(0, MOST_PLACES)
        return cls(
            node["role"].text(),
            None if skill is None else skill.text(),
            required,
            node["wanted"].whole(required, MOST_PLACES),
            node["continuity"].flag(),
            None if most is None else most.whole(0),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the role as the format writes it."""
        return {
            "role": self.role,
            "skill": self.skill,
            "required": self.required,
            "wanted": self.wanted,
            "continuity": self.continuity,
            "max_people": self.max_people,
        }


@dataclass(frozen=True)
class Activity:
    """A series of sessions, numbered from 0; the exchange format says what each field means."""

    id: str
    program: str
    sessions: int
    duration: int
    starts: tuple[int, ...]
    size: int = 1
    groups: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    rooms: tuple[str, ...] | None = None
    place: str | None = None
    min_adults: int = 0
    roles: tuple[Role, ...] = ()
    ordered: bool = False
    max_per_day: int = 1
    min_days: int = 0
    priority: int = 1

    @property
    def needs_room(self) -> bool:
        """Say whether its sessions are held in a room at all; a home visit is not."""
        return bool(self.zones)

    @cached_property
    def role_of(self) -> Mapping[str, Role]:
        """Return its roles by name."""
        return {role.role: role for role in self.roles}

    @classmethod
    def read(cls, node: Node) -> "Activity":
        """Read an activity of a problem."""
        rooms, place, adults = node.get("rooms"), node.get("place"), node.get("min_adults")
        return cls(
            id=node["id"].text(),
            program=node["program"].text(),
            sessions=node["sessions"].whole(0),
            duration=node["duration"].whole(1, MOST_MINUTES),
            starts=node["starts"].each(Node.moment),
            size=node["size"].whole(0, MOST_POINTS),
            groups=node["groups"].each(Node.text),
            zones=node["zones"].each(lambda zone: zone.one_of(ZONES)),
            features=node["features"].each(Node.text),
            rooms=None if rooms is None else rooms.each(Node.text),
            place=None if place is None else place.text(),
            min_adults=0 if adults is None else adults.whole(0),
            roles=node["roles"].each(Role.read),
            ordered=node["ordered"].flag(),
            max_per_day=node["max_per_day"].whole(0),
            min_days=node["min_days"].whole(0),
            priority=node["priority"].whole(1, MOST_POINTS),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the activity as the format writes it."""
        return {
            "id": self.id,
            "program": self.program,
            "sessions": self.sessions,
            "duration": self.duration,
            "size": self.size,
            "starts": [iso(start) for start in self.starts],
            "groups": list(self.groups),
            "zones": list(self.zones),
            "features": list(self.features),
            "rooms": None if self.rooms is None else list(self.rooms),
            "place": self.place,
            "min_adults": self.min_adults,
            "roles": [role.to_json() for role in self.roles],
            "ordered": self.ordered,
            "max_per_day": self.max_per_day,
            "min_days": self.min_days,
            "priority": self.priority,
        }


@dataclass(frozen=True)
class Relation:
    """A rule between two single sessions, of a kind that the format names; `gap` is used by “before” alone."""

    kind: str
    a: SessionKey
    b: SessionKey
    gap: int = 0

    @classmethod
    def read(cls, node: Node) -> "Relation":
        """Read a relation of a problem."""
        kind = node["kind"].one_of(RELATIONS)
        gap = node["gap"].whole(0, MOST_MINUTES) if kind == "before" else 0
        return cls(kind, node["a"].session(), node["b"].session(), gap)

    def to_json(self) -> dict[str, Any]:
        """Return the relation as the format writes it."""
        gap = {"gap": self.gap} if self.kind == "before" else {}
        return {"kind": self.kind, "a": list(self.a), "b": list(self.b), **gap}


@dataclass(frozen=True)
class Pin:
    """A session that must be held, and what of it is fixed: its start, its room, people who must be among its staff."""

    activity: str
    index: int
    start: int | None = None
    room: str | None = None
    staff: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> SessionKey:
        """Return the session that is pinned."""
        return self.activity, self.index

    @classmethod
    def read(cls, node: Node) -> "Pin":
        """Read a pin of a problem."""
        start, room, staff = node.get("start"), node.get("room"), node.get("staff")
        return cls(
            node["activity"].text(),
            node["index"].whole(0),
            None if start is None else start.moment(),
            None if room is None else room.text(),
            {} if staff is None else {role: ids.each(Node.text) for role, ids in staff.members()},
        )

    def to_json(self) -> dict[str, Any]:
        """Return the pin as the format writes it, without what it leaves open."""
        body: dict[str, Any] = {"activity": self.activity, "index": self.index}
        if self.start is not None:
            body["start"] = iso(self.start)
        if self.room is not None:
            body["room"] = self.room
        if self.staff:
            body["staff"] = {role: list(ids) for role, ids in self.staff.items()}
        return body
