"""Where a session of a published plan can be: at its own time, and at others if those are looked at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from ortools.sat.python import cp_model

from core.planning.bounds.asked import Asked
from core.planning.bounds.offers import starts
from core.planning.model.variables import Linear, Literal, total
from core.planning.moments import day_of
from core.planning.plan import PlannedSession, SessionKey
from core.planning.problem import Activity, Problem


@dataclass(frozen=True, eq=False)
class Option:
    """A session at a start: whether it is `taken`, and if so in which room, and with whom in which role."""

    key: SessionKey
    activity: Activity
    start: int
    taken: Literal
    rooms: Mapping[str, Literal]
    staff: Mapping[str, Mapping[str, Literal]]

    @property
    def end(self) -> int:
        """Return the moment at which the session is over."""
        return self.start + self.activity.duration

    @property
    def day(self) -> int:
        """Return the day on which it begins."""
        return day_of(self.start)

    @cached_property
    def people(self) -> Mapping[str, Linear]:
        """Return for each person who could serve whether they do, in whatever role."""
        found = defaultdict[str, list[Literal]](list)
        for able in self.staff.values():
            for person, serves in able.items():
                found[person].append(serves)
        return {person: total(serving) for person, serving in found.items()}

    def venues(self, problem: Problem) -> dict[str | None, Linear]:
        """Return for each venue whether the session is held at it."""
        if not self.activity.needs_room:
            return {self.activity.place: self.taken}
        found = defaultdict[str | None, list[Literal]](list)
        for room, literal in self.rooms.items():
            found[problem.room_of[room].venue].append(literal)
        return {venue: total(literals) for venue, literals in found.items()}

    def row(self, solver: cp_model.CpSolver) -> PlannedSession:
        """Return the session as the solver has it."""
        rooms = [room for room, literal in self.rooms.items() if solver.value(literal)]
        staff = {
            role: tuple(person for person, serves in able.items() if solver.value(serves))
            for role, able in self.staff.items()
        }
        return PlannedSession(*self.key, self.start, rooms[0] if rooms else None, staff)


@dataclass(frozen=True)
class Scope:
    """What is looked at closely. Less of it makes a relaxation: smaller, and sooner solved.

    `placed` sessions may begin whenever they are allowed to; others at their published times, or be away, where they
    need nobody and nothing. Into `staffed` sessions anybody may come who could serve; into others nobody new does, and
    it doesn't matter whether those who stay are enough.
    """

    placed: frozenset[SessionKey]
    staffed: frozenset[SessionKey]


@dataclass(frozen=True, eq=False)
class Fate:
    """What becomes of a session: it takes one of its options, is given up, or is `away`.

    `published` is how it was announced, if it was; `staffed` says whether others may serve in it and must be enough.
    """

    key: SessionKey
    activity: Activity
    published: PlannedSession | None
    staffed: bool
    options: tuple[Option, ...]
    given_up: Literal
    away: Literal

    @cached_property
    def taken(self) -> Linear:
        """Return whether one of its options is taken."""
        return total([option.taken for option in self.options])


def fates(cp: cp_model.CpModel, task: Asked, scope: Scope) -> Iterator[Fate]:
    """Yield the fates of all sessions."""
    for activity in task.problem.activities:
        possible = tuple(starts(task.choices, activity.id))
        for index in range(activity.sessions):
            key = (activity.id, index)
            published = task.problem.incumbent_of.get(key)
            placed = key in scope.placed
            own = published.start if published else None
            staffed = placed or key in scope.staffed
            options = tuple(
                _option(cp, task, key, activity, start, None if staffed else published)
                for start in possible
                if placed or start == own
            )
            given_up, away = cp.new_bool_var(f"{key} given up"), cp.new_bool_var(f"{key} away")
            cp.add(total([option.taken for option in options]) + given_up + away == 1)
            if placed or key in task.problem.frozen:
                cp.add(away == 0)
            yield Fate(key, activity, published, staffed, options, given_up, away)


def _option(
    cp: cp_model.CpModel,
    task: Asked,
    key: SessionKey,
    activity: Activity,
    start: int,
    published: PlannedSession | None,
) -> Option:
    """Return an option with its room, and people enough for it to be safe; with `published`, no others than then."""
    taken = cp.new_bool_var(f"{key} {start}")
    rooms = {room: cp.new_bool_var(f"{key} {start} {room}") for room in sorted(task.choices.rooms(activity.id, start))}
    if activity.needs_room:
        cp.add(total(list(rooms.values())) == taken)
    staff: dict[str, dict[str, Literal]] = {}
    for role in activity.roles:
        able = task.choices.people(activity.id, start, role.role)
        able &= able if published is None else frozenset(published.staff.get(role.role, ()))
        staff[role.role] = {person: cp.new_bool_var(f"{key} {start} {role.role} {person}") for person in sorted(able)}
        cp.add(total(list(staff[role.role].values())) <= role.wanted * taken)
    option = Option(key, activity, start, taken, rooms, staff)
    for serves in option.people.values():
        cp.add(serves <= taken)
    if published is None:
        _demand_adults(cp, task.problem, option)
    return option


def _demand_adults(cp: cp_model.CpModel, problem: Problem, option: Option) -> None:
    homes = defaultdict[tuple[str, str], list[Linear]](list)
    for person, serves in option.people.items():
        if problem.person_of[person].adult:
            homes[problem.person_of[person].home].append(serves)
    least = option.activity.min_adults
    cp.add(total([serves for found in homes.values() for serves in found]) >= least * option.taken)
    for home, found in homes.items():
        if least > 1 and len(found) > 1:
            others = [serves for other, found in homes.items() if other != home for serves in found]
            cp.add(total(others) >= option.taken)


def at_once(options: Iterable[Option], turnover: int = 0) -> Iterator[list[Option]]:
    """Yield the options that run, or are turned over, when one of them begins, where it is more than one."""
    found = list(options)
    for start in sorted({option.start for option in found}):
        here = [option for option in found if option.start <= start < option.end + turnover]
        if len(here) > 1:
            yield here


def near(problem: Problem, options: Iterable[Option]) -> Iterator[tuple[Option, Option]]:
    """Yield the pairs, in order of time, that nobody could attend both of if they were far enough apart."""
    in_order = sorted(options, key=lambda option: option.start)
    farthest = problem.travel.farthest
    for at, one in enumerate(in_order):
        for other in islice(in_order, at + 1, None):
            if other.start - one.end >= farthest:
                break
            if other.start >= one.end and other.key != one.key:
                yield one, other
