"""What sessions are made with: rooms, people, groups of children, and the way between venues."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from core.planning.moments import Window, covers, iso, merged
from core.planning.reading import MOST_MINUTES, MOST_POINTS, Node

ZONES = ("activity", "private", "office", "outdoor")


@dataclass(frozen=True)
class Room:
    """A bookable space; `turnover` minutes are kept free between two sessions in it."""

    id: str
    venue: str
    capacity: int
    zone: str = "activity"
    features: tuple[str, ...] = ()
    open: tuple[Window, ...] = ()
    turnover: int = 0

    @cached_property
    def _hours(self) -> tuple[Window, ...]:
        return merged(self.open)

    def is_open(self, start: int, end: int) -> bool:
        """Say whether it is open for the whole stretch."""
        return covers(self._hours, start, end)

    @classmethod
    def read(cls, node: Node) -> "Room":
        """Read a room of a problem."""
        turnover = node.get("turnover")
        return cls(
            node["id"].text(),
            node["venue"].text(),
            node["capacity"].whole(0),
            node["zone"].one_of(ZONES),
            node["features"].each(Node.text),
            node["open"].each(Node.window),
            0 if turnover is None else turnover.whole(0, MOST_MINUTES),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the room as the format writes it."""
        return {
            "id": self.id,
            "venue": self.venue,
            "capacity": self.capacity,
            "zone": self.zone,
            "features": list(self.features),
            "open": [[iso(start), iso(end)] for start, end in self.open],
            "turnover": self.turnover,
        }


@dataclass(frozen=True)
class Person:
    """A volunteer or a member of staff; `likes` an activity by a whole number, less than 0 for a dislike."""

    id: str
    adult: bool = True
    household: str | None = None
    skills: tuple[str, ...] = ()
    available: tuple[Window, ...] = ()
    max_sessions: int = 1
    max_per_day: int = 1
    likes: Mapping[str, int] = field(default_factory=dict, hash=False)
    #: None: as often as a day and the whole allow. Weeks begin on Monday.
    max_per_week: int | None = None
    #: The venues they go to; None: all.
    venues: tuple[str, ...] | None = None
    #: Programs in which they never serve.
    declines: tuple[str, ...] = ()
    #: They serve only where one of these serves too; none: alone as well.
    only_with: tuple[str, ...] = ()
    #: They serve nowhere where one of these serves.
    never_with: tuple[str, ...] = ()

    @cached_property
    def _hours(self) -> tuple[Window, ...]:
        return merged(self.available)

    def is_available(self, start: int, end: int) -> bool:
        """Say whether they can serve for the whole stretch."""
        return covers(self._hours, start, end)

    def goes_to(self, venue: str | None) -> bool:
        """Say whether they go to a venue; nowhere in particular is everybody's."""
        return self.venues is None or venue is None or venue in self.venues

    def shuns(self, others: Collection[str]) -> bool:
        """Say whether they never serve with one of these."""
        return not self._others(others).isdisjoint(self.never_with)

    def has_company(self, others: Collection[str]) -> bool:
        """Say whether one of those with whom alone they serve is among these, or they serve alone as well."""
        return not self.only_with or not self._others(others).isdisjoint(self.only_with)

    def _others(self, people: Collection[str]) -> set[str]:
        return {one for one in people if one != self.id}

    @property
    def home(self) -> tuple[str, str]:
        """Return what two people have in common only if they are of one household."""
        return ("household", self.household) if self.household else ("alone", self.id)

    @classmethod
    def read(cls, node: Node) -> "Person":
        """Read a person of a problem."""
        household, likes, week, venues = (node.get(key) for key in ("household", "likes", "max_per_week", "venues"))
        return cls(
            node["id"].text(),
            node["adult"].flag(),
            None if household is None else household.text(),
            node["skills"].each(Node.text),
            node["available"].each(Node.window),
            node["max_sessions"].whole(0),
            node["max_per_day"].whole(0),
            {}
            if likes is None
            else {activity: value.whole(-MOST_POINTS, MOST_POINTS) for activity, value in likes.members()},
            None if week is None else week.whole(0),
            None if venues is None else venues.each(Node.text),
            *(node.some(key, Node.text) for key in ("declines", "only_with", "never_with")),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the person as the format writes it."""
        return {
            "id": self.id,
            "adult": self.adult,
            "household": self.household,
            "skills": list(self.skills),
            "available": [[iso(start), iso(end)] for start, end in self.available],
            "max_sessions": self.max_sessions,
            "max_per_day": self.max_per_day,
            "likes": dict(self.likes),
            # What few people say stands only where they say it.
            **({} if self.max_per_week is None else {"max_per_week": self.max_per_week}),
            **({} if self.venues is None else {"venues": list(self.venues)}),
            **{name: list(ids) for name in ("declines", "only_with", "never_with") if (ids := getattr(self, name))},
        }


@dataclass(frozen=True)
class Group:
    """Children who attend together; if `compact`, their sessions of a day should follow one another."""

    id: str
    compact: bool = False

    @classmethod
    def read(cls, node: Node) -> "Group":
        """Read a group of a problem."""
        return cls(node["id"].text(), node["compact"].flag())

    def to_json(self) -> dict[str, Any]:
        """Return the group as the format writes it."""
        return {"id": self.id, "compact": self.compact}


@dataclass(frozen=True)
class Travel:
    """Minutes between venues, the same in both directions; where a pair is listed twice, the last counts."""

    default: int = 0
    pairs: tuple[tuple[str, str, int], ...] = ()

    @cached_property
    def _minutes(self) -> dict[frozenset[str], int]:
        return {frozenset((one, other)): minutes for one, other, minutes in self.pairs}

    @cached_property
    def farthest(self) -> int:
        """Return the longest way there is."""
        return max([self.default, *self._minutes.values()])

    def between(self, one: str | None, other: str | None) -> int:
        """Return the minutes from one venue to another: 0 within a venue, and to or from no venue at all."""
        if one is None or other is None or one == other:
            return 0
        return self._minutes.get(frozenset((one, other)), self.default)

    @classmethod
    def read(cls, node: Node) -> "Travel":
        """Read the travel times of a problem."""
        return cls(node["default"].whole(0, MOST_MINUTES), node.some("pairs", cls._read_pair))

    @staticmethod
    def _read_pair(node: Node) -> tuple[str, str, int]:
        one, other, minutes = node.triple()
        return one.text(), other.text(), minutes.whole(0, MOST_MINUTES)

    def to_json(self) -> dict[str, Any]:
        """Return the travel times as the format writes them."""
        return {"default": self.default, "pairs": [list(pair) for pair in self.pairs]}
