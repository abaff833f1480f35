"""What an allocation is asked: children with ranked wishes, activities with places, and the rules of the term."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TypeAlias

from core.allocation.errors import MalformedAllocationError
from core.allocation.settings import DEFAULT_AIMS, Aim, Settings, Togetherness
from core.domain.errors import Message

__all__ = [
    "DEFAULT_AIMS",
    "Activity",
    "Aim",
    "Child",
    "Pin",
    "Problem",
    "Settings",
    "Shared",
    "Together",
    "Togetherness",
    "Way",
]

#: A half-open stretch of local wall-clock time: from the first to before the second.
Interval: TypeAlias = tuple[datetime, datetime]
#: Both ends belong to it: `(6, 9)` is six to nine.
Range: TypeAlias = tuple[int, int]

MOST_WISHES = 50
MOST_PLACES = 10_000
_MOST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Child:
    """A child and its wishes, the dearest first.

    `age` is in completed years on the first day of the term; `older_from` is the birthday that falls within the term,
    if one does. `most` places in the term, `most_per_day` activities that meet on one day. `held_back` says that places
    held back are open to the child, never why. `empty_terms` counts earlier terms that it wished for and got nothing.
    """

    id: str
    age: int
    wishes: tuple[str, ...] = ()
    grade: int | None = None
    older_from: date | None = None
    community: str | None = None
    most: int = 1
    most_per_day: int | None = None
    held_back: bool = False
    empty_terms: int = 0

    def age_on(self, day: date) -> int:
        """Return the completed years of age on a day of the term."""
        return self.age + (self.older_from is not None and self.older_from <= day)


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity with `capacity` places, held at all its `times`, that opens with `minimum` children or not at all.

    None means anybody: any `ages` (on its first day), `grades`, `communities`. Its staff can look after `staffed`
    children (None: as many as it has places). Of activities of one `series` a child gets at most one. `place` is where
    it is, for the way between two places. `held_back` of the places are for children with `held_back`.
    """

    id: str
    capacity: int
    minimum: int = 1
    times: tuple[Interval, ...] = ()
    ages: Range | None = None
    grades: Range | None = None
    communities: frozenset[str] | None = None
    place: str | None = None
    series: str | None = None
    room_ready: bool = True
    staffed: int | None = None
    held_back: int | None = None

    @property
    def first_day(self) -> date | None:
        """Return the day of its first meeting, None while it has no times."""
        return min(start for start, _ in self.times).date() if self.times else None


@dataclass(frozen=True, slots=True)
class Together:
    """Siblings or friends: those of them who wish for an activity and may join it all get it, or none of them does."""

    id: str
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """Activities that share rooms or staff, so that at most `most` of them open."""

    id: str
    activities: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Pin:
    """A decision taken before: the child has a place in the activity, or must not have one.

    A place that is pinned needs neither a wish nor the right age, grade or community; every other rule holds.
    """

    child: str
    activity: str
    place: bool = True


@dataclass(frozen=True, slots=True)
class Way:
    """The minutes that it takes from one place to another; the way back is another one."""

    origin: str
    destination: str
    minutes: int


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything an allocation is told. Checked when it is made: MalformedAllocationError names the JSON path.

    `ways` are those that take other than `Settings.minutes_between`. `seed` is the number published beforehand from
    which ties are drawn (`core.allocation.lottery`), as it was written. A problem equals only itself; compare the JSON
    to compare contents.
    """

    term: str
    seed: str
    settings: Settings = field(default_factory=Settings)
    children: tuple[Child, ...] = ()
    activities: tuple[Activity, ...] = ()
    together: tuple[Together, ...] = ()
    shared: tuple[Shared, ...] = ()
    pins: tuple[Pin, ...] = ()
    ways: tuple[Way, ...] = ()

    def __post_init__(self) -> None:
        _check_settings(self)
        for name in ("children", "activities", "together", "shared"):
            _check_once(f"$.{name}[%d].id", [each.id for each in getattr(self, name)])
        for at, activity in enumerate(self.activities):
            _check_activity(f"$.activities[{at}]", activity)
        for at, child in enumerate(self.children):
            _check_child(f"$.children[{at}]", child, self.activity_of)
        _check_groups(self)
        _check_ways(self)

    @cached_property
    def child_of(self) -> Mapping[str, Child]:
        """Return the children by id."""
        return {child.id: child for child in self.children}

    @cached_property
    def activity_of(self) -> Mapping[str, Activity]:
        """Return the activities by id."""
        return {activity.id: activity for activity in self.activities}


def _check_settings(problem: Problem) -> None:
    settings = problem.settings
    _check_once("$.settings.aims[%d]", settings.aims)
    if Aim.LOTTERY in settings.aims:
        _fail("$.settings.aims", Message("The lottery is always last: leave it out."))
    if Aim.TOGETHER in settings.aims and settings.together is not Togetherness.SOFT:
        _fail("$.settings.aims", Message("“together” is an aim only where it is soft."))
    _check_number("$.settings.minutes_between", settings.minutes_between, 0, _MOST_MINUTES)
    _check_number("$.settings.held_back_percent", settings.held_back_percent, 0, 100)
    if not problem.seed.isascii() or not problem.seed.isalnum():
        _fail("$.seed", Message("The seed is written with digits and letters from a to z alone."))


def _check_activity(path: str, activity: Activity) -> None:
    _check_number(f"{path}.capacity", activity.capacity, 0, MOST_PLACES)
    _check_number(f"{path}.minimum", activity.minimum, 1, MOST_PLACES)
    _check_number(f"{path}.staffed", activity.staffed, 0, MOST_PLACES)
    _check_number(f"{path}.held_back", activity.held_back, 0, activity.capacity)
    for name in ("ages", "grades"):
        limits: Range | None = getattr(activity, name)
        if limits is not None and not 0 <= limits[0] <= limits[1]:
            _fail(f"{path}.{name}", Message("The first must not be greater than the second."))
    for at, (start, end) in enumerate(activity.times):
        if start >= end:
            _fail(f"{path}.times[{at}]", Message("It ends before it begins."))


def _check_child(path: str, child: Child, activities: Mapping[str, Activity]) -> None:
    _check_number(f"{path}.age", child.age, 0, 150)
    _check_number(f"{path}.most", child.most, 0, MOST_WISHES)
    _check_number(f"{path}.most_per_day", child.most_per_day, 0, MOST_WISHES)
    _check_number(f"{path}.empty_terms", child.empty_terms, 0, 100)
    if len(child.wishes) > MOST_WISHES:
        _fail(f"{path}.wishes", Message("A child has at most %(most)s wishes.", {"most": MOST_WISHES}))
    _check_once(f"{path}.wishes[%d]", child.wishes)
    _check_known(f"{path}.wishes", child.wishes, activities)


def _check_groups(problem: Problem) -> None:
    for at, group in enumerate(problem.together):
        _check_once(f"$.together[{at}].children[%d]", group.children)
        _check_known(f"$.together[{at}].children", group.children, problem.child_of)
    for at, shared in enumerate(problem.shared):
        _check_number(f"$.shared[{at}].most", shared.most, 0, MOST_PLACES)
        _check_once(f"$.shared[{at}].activities[%d]", shared.activities)
        _check_known(f"$.shared[{at}].activities", shared.activities, problem.activity_of)
    for at, pin in enumerate(problem.pins):
        _check_known(f"$.pins[{at}]", [pin.child], problem.child_of)
        _check_known(f"$.pins[{at}]", [pin.activity], problem.activity_of)
    _check_once("$.pins[%d]", [f"{pin.child} × {pin.activity}" for pin in problem.pins])


def _check_ways(problem: Problem) -> None:
    places = {activity.place: activity for activity in problem.activities if activity.place is not None}
    for at, way in enumerate(problem.ways):
        _check_known(f"$.ways[{at}]", [way.origin, way.destination], places)
        if way.origin == way.destination:
            _fail(f"$.ways[{at}]", Message("A way leads from one place to another."))
        _check_number(f"$.ways[{at}][2]", way.minutes, 0, _MOST_MINUTES)
    _check_once("$.ways[%d]", [f"{way.origin} → {way.destination}" for way in problem.ways])


def _check_number(path: str, number: int | None, low: int, high: int) -> None:
    if number is not None and not low <= number <= high:
        _fail(path, Message("A number from %(low)s to %(high)s is expected.", {"low": low, "high": high}))


def _check_once(path: str, names: Sequence[str]) -> None:
    if len(set(names)) == len(names):
        return
    seen: set[str] = set()
    for at, name in enumerate(names):
        if name in seen:
            _fail(path % at, Message("“%(id)s” stands here twice.", {"id": name}))
        seen.add(name)


def _check_known(path: str, names: Iterable[str], known: Mapping[str, object]) -> None:
    for name in names:
        if name not in known:
            _fail(path, Message("“%(id)s” is not in the problem.", {"id": name}))


def _fail(path: str, reason: Message) -> None:
    raise MalformedAllocationError(path, reason)
