"""The planning problem: everything the planner is told, frozen and validated; JSON as `weibao.planning/1`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from core.domain.errors import Message
from core.planning.activities import Activity, Pin, Relation, Role
from core.planning.moments import iso
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.reading import MOST_MINUTES, Node
from core.planning.resources import Group, Person, Room, Travel

__all__ = ["Activity", "Group", "Person", "Pin", "Problem", "Relation", "Role", "Room", "Travel"]

FORMAT = "weibao.planning/1"
#: A county's summer has 2,000; much more is an accident, and no machine could plan it.
MOST_SESSIONS = 20_000


@dataclass(frozen=True, eq=False)
class Problem:
    """One planning problem. Times are moments in minutes (see `moments`), ISO 8601 in JSON.

    A problem equals only itself; compare `to_json()` to compare contents. Made by hand or by `from_json`, it is checked
    when it is made: MalformedProblemError names the JSON path of what is wrong.
    """

    name: str
    timezone: str = "Asia/Shanghai"
    travel: Travel = field(default_factory=Travel)
    compact_gap: int = 0
    rooms: tuple[Room, ...] = ()
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    activities: tuple[Activity, ...] = ()
    relations: tuple[Relation, ...] = ()
    pins: tuple[Pin, ...] = ()
    incumbent: Plan | None = None
    frozen_before: int | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_ids(self)
        _check_activities(self)
        _check_number(self)
        _check_decisions(self)

    @cached_property
    def room_of(self) -> Mapping[str, Room]:
        """Return the rooms by id."""
        return {room.id: room for room in self.rooms}

    @cached_property
    def person_of(self) -> Mapping[str, Person]:
        """Return the people by id."""
        return {person.id: person for person in self.people}

    @cached_property
    def activity_of(self) -> Mapping[str, Activity]:
        """Return the activities by id."""
        return {activity.id: activity for activity in self.activities}

    @cached_property
    def incumbent_of(self) -> Mapping[SessionKey, PlannedSession]:
        """Return the sessions of the incumbent by activity and index; none if there is no incumbent."""
        return {row.key: row for row in self.incumbent.sessions} if self.incumbent else {}

    @cached_property
    def frozen(self) -> Mapping[SessionKey, PlannedSession]:
        """Return the sessions that lie behind us and are held as they were."""
        line = self.frozen_before
        return {key: row for key, row in self.incumbent_of.items() if line is not None and row.start < line}

    @property
    def overflow_allowed(self) -> bool:
        """Say whether a room may be too small, at a price."""
        return "overflow" in self.weights

    def extension(self, program: str) -> Node:
        """Return what the program's rules are told, to be read where it is needed; an empty object if nothing."""
        return Node(self.extensions.get(program, {}), f"$.extensions.{program}")

    def venue(self, activity: Activity, room: str | None) -> str | None:
        """Return where a session of the activity in that room is held, for travel."""
        return activity.place if room is None else self.room_of[room].venue

    @classmethod
    def from_json(cls, value: object) -> "Problem":
        """Return the problem written as JSON; MalformedProblemError names the place and the reason if it can't be."""
        node = Node(value)
        node["format"].one_of((FORMAT,))
        gap, incumbent, frozen = node.get("compact_gap"), node.get("incumbent"), node.get("frozen_before")
        weights, extensions = node.get("weights"), node.get("extensions")
        return cls(
            name=node["name"].text(),
            timezone=node["timezone"].text(),
            travel=Travel.read(node["travel"]),
            compact_gap=0 if gap is None else gap.whole(0, MOST_MINUTES),
            rooms=node["rooms"].each(Room.read),
            people=node["people"].each(Person.read),
            groups=node["groups"].each(Group.read),
            activities=node["activities"].each(Activity.read),
            relations=node.some("relations", Relation.read),
            pins=node.some("pins", Pin.read),
            incumbent=None if incumbent is None else Plan.read(incumbent),
            frozen_before=None if frozen is None else frozen.moment(),
            weights={} if weights is None else {name: weight.whole(0) for name, weight in weights.members()},
            extensions={} if extensions is None else {name: node.value for name, node in extensions.members()},
        )

    def to_json(self) -> dict[str, Any]:
        """Return the problem as the format writes it."""
        return {
            "format": FORMAT,
            "name": self.name,
            "timezone": self.timezone,
            "travel": self.travel.to_json(),
            "compact_gap": self.compact_gap,
            "rooms": [room.to_json() for room in self.rooms],
            "people": [person.to_json() for person in self.people],
            "groups": [group.to_json() for group in self.groups],
            "activities": [activity.to_json() for activity in self.activities],
            "relations": [relation.to_json() for relation in self.relations],
            "pins": [pin.to_json() for pin in self.pins],
            "incumbent": self.incumbent.to_json() if self.incumbent else None,
            "frozen_before": None if self.frozen_before is None else iso(self.frozen_before),
            "weights": dict(self.weights),
            "extensions": dict(self.extensions),
        }


def _check_ids(problem: Problem) -> None:
    """Refuse an id that two things of a kind share."""
    _check_once("$.rooms[%d].id", [room.id for room in problem.rooms])
    _check_once("$.people[%d].id", [person.id for person in problem.people])
    _check_once("$.groups[%d].id", [group.id for group in problem.groups])
    _check_once("$.activities[%d].id", [activity.id for activity in problem.activities])
    for name, weight in problem.weights.items():
        if weight < 0:
            raise Node(weight, f"$.weights.{name}").fail(Message("The number must be at least %(low)s.", {"low": 0}))


def _check_once(path: str, ids: Iterable[str]) -> None:
    seen = set()
    for at, name in enumerate(ids):
        if name in seen:
            raise Node(name, path % at).fail(Message("“%(id)s” stands here twice.", {"id": name}))
        seen.add(name)


def _check_known(path: str, names: Iterable[str], known: Iterable[str]) -> None:
    known = frozenset(known)
    for at, name in enumerate(names):
        if name not in known:
            raise Node(name, f"{path}[{at}]").fail(Message("“%(id)s” is not in the problem.", {"id": name}))


def _check_activities(problem: Problem) -> None:
    groups = [group.id for group in problem.groups]
    for at, activity in enumerate(problem.activities):
        path = f"$.activities[{at}]"
        _check_once(f"{path}.roles[%d].role", [role.role for role in activity.roles])
        _check_once(f"{path}.groups[%d]", activity.groups)
        _check_known(f"{path}.groups", activity.groups, groups)
        _check_known(f"{path}.rooms", activity.rooms or (), problem.room_of)


def _check_number(problem: Problem) -> None:
    """Refuse more sessions than anybody could plan."""
    total = 0
    for at, activity in enumerate(problem.activities):
        total += activity.sessions
        if total > MOST_SESSIONS:
            place = Node(activity.sessions, f"$.activities[{at}].sessions")
            raise place.fail(Message("A problem has at most %(most)s sessions.", {"most": MOST_SESSIONS}))


def _check_decisions(problem: Problem) -> None:
    """Refuse a relation, a pin or a frozen session that speaks of something the problem doesn't have."""
    for at, relation in enumerate(problem.relations):
        _check_session(problem, f"$.relations[{at}].a", relation.a)
        _check_session(problem, f"$.relations[{at}].b", relation.b)
    for at, pin in enumerate(problem.pins):
        _check_held(problem, f"$.pins[{at}]", pin)
    if problem.frozen_before is not None and problem.incumbent is None:
        raise Node(None, "$.frozen_before").fail(Message("There is no incumbent that could be frozen."))
    for at, row in enumerate(problem.incumbent.sessions if problem.incumbent else ()):
        if row.key in problem.frozen:
            _check_held(problem, f"$.incumbent.sessions[{at}]", row)


def _check_held(problem: Problem, path: str, fixed: Pin | PlannedSession) -> None:
    """Refuse a fixed session, room, role or person that isn't in the problem."""
    _check_session(problem, path, fixed.key)
    _check_known(f"{path}.room", [fixed.room] if fixed.room else [], problem.room_of)
    roles = problem.activity_of[fixed.activity].role_of
    for role, ids in fixed.staff.items():
        _check_known(f"{path}.staff", [role], roles)
        _check_known(f"{path}.staff.{role}", ids, problem.person_of)


def _check_session(problem: Problem, path: str, key: SessionKey) -> None:
    activity = problem.activity_of.get(key[0])
    if activity is None or not 0 <= key[1] < activity.sessions:
        raise Node(key, path).fail(
            Message("There is no session %(index)s of “%(activity)s”.", {"activity": key[0], "index": key[1]})
        )
