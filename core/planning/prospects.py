"""What an activity can hope for if it had its term to itself: starts, rooms, people, and whether all can be held."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from random import Random
from typing import Final

from core.planning.model.choices import lanes
from core.planning.moments import day_of
from core.planning.plan import Plan
from core.planning.preferences.every_session_held import EverySessionHeld
from core.planning.preferences.required_places_filled import RequiredPlacesFilled
from core.planning.problem import Activity, Role
from core.planning.search.construct import Constructor
from core.planning.search.modelling import Task
from core.planning.search.staffing import is_safe
from core.planning.units import units

#: A model with more people and rooms in its slots takes longer to build than somebody who types will wait.
_MOST_CELLS: Final = 12_000
#: With less than this share of its sessions to spare, one closed day too many is the end of an activity.
_SPARE: Final = 0.2


class Verdict(StrEnum):
    """Whether an activity can be held as it is described, with the whole term to itself."""

    #: A plan was found that holds all sessions with all required staff, and there is room for more.
    WORKS = "works"
    #: All sessions may be held, but with nothing to spare, without all required staff, or it isn't certain.
    TIGHT = "tight"
    #: It is proved that not all sessions can be held.
    CANNOT = "cannot"


@dataclass(frozen=True)
class Prospect:
    """What is possible for an activity alone. All starts are moments that lie ahead, in order.

    `starts` are those of the calendar; at `roomy` a suitable room is open, if one is needed; at `safe` enough adults
    can be there as well. `able` says for each role how many people could fill it at each start of `roomy`, or of
    `starts` where no start is roomy. No plan holds more than `most` sessions, those that lie behind us included, nor
    more than `by_days`, `by_people` and `by_role` allow. The best plan that was found holds
    `held`, with `empty` required places.
    """

    asked: int
    starts: tuple[int, ...]
    roomy: tuple[int, ...]
    able: Mapping[str, tuple[int, ...]]
    safe: tuple[int, ...]
    by_days: int
    by_people: int
    by_role: Mapping[str, int]
    most: int
    held: int
    empty: int

    @property
    def is_complete(self) -> bool:
        """Say whether a plan is known that holds all sessions with all required staff."""
        return self.held == self.asked and not self.empty

    @property
    def verdict(self) -> Verdict:
        """Return whether the activity can be held."""
        if self.most < self.asked:
            return Verdict.CANNOT
        spare = self.most - self.asked
        return Verdict.WORKS if self.is_complete and spare >= max(1, self.asked * _SPARE) else Verdict.TIGHT


def prospect(task: Task, name: str, *, seconds: float = 0.0, partly: bool = True) -> Prospect:
    """Return what is possible for an activity, whose task should have no other.

    With `seconds`, so many are spent at most to find out by the solver what plain counting leaves open. Unless a plan
    is wanted that holds the activity `partly`, none is looked for where not all sessions can be held.
    """
    lone = _Lone(task, task.problem.activity_of[name])
    activity = lone.activity
    able = {
        role.role: tuple(len(lone.people(at, role.role)) for at in lone.roomy or lone.starts) for role in lone.roles
    }
    by_days = lone.behind + sum(_one_day(lone, starts) for starts in lone.days.values())
    by_people, by_role = _by_people(lone) if activity.min_adults else by_days, _by_role(lone)
    most = min(by_days, by_people, *by_role.values())
    sought = partly or most >= activity.sessions
    known = (most, *(_found(lone, _first_fit(lone, most)) if sought else (0, 0)))
    if seconds and known[1:] != (activity.sessions, 0) and (known[1] < most or known[2]) and _is_small(lone):
        known = _solved(lone, seconds, known)
    return Prospect(activity.sessions, lone.starts, lone.roomy, able, lone.safe, by_days, by_people, by_role, *known)


@dataclass(frozen=True)
class _Lone:
    """The activity in its task, with what is left of starts and people."""

    task: Task
    activity: Activity

    @property
    def roles(self) -> tuple[Role, ...]:
        return self.activity.roles

    @cached_property
    def starts(self) -> tuple[int, ...]:
        line = self.task.problem.frozen_before
        return tuple(at for at in self.activity.starts if line is None or at >= line)

    @cached_property
    def roomy(self) -> tuple[int, ...]:
        left = {slot.start for slot in self.task.choices.slots(self.activity.id)}
        return tuple(at for at in self.starts if at in left)

    @cached_property
    def safe(self) -> tuple[int, ...]:
        return tuple(at for at in self.roomy if self._is_safe(at))

    @cached_property
    def days(self) -> dict[int, list[int]]:
        found = defaultdict[int, list[int]](list)
        for start in self.safe:
            found[day_of(start)].append(start)
        return found

    @property
    def behind(self) -> int:
        """Return how many sessions lie behind us."""
        return sum(1 for name, _ in self.task.problem.frozen if name == self.activity.id)

    @cached_property
    def _grown(self) -> frozenset[str]:
        return frozenset(person.id for person in self.task.problem.people if person.adult)

    def people(self, start: int, role: str) -> frozenset[str]:
        return self.task.choices.people(self.activity.id, start, role)

    def rooms(self, start: int) -> frozenset[str]:
        return self.task.choices.rooms(self.activity.id, start)

    def adults(self, start: int, role: str | None = None) -> frozenset[str]:
        """Return the adults who could fill the role, or any."""
        names = [found.role for found in self.roles] if role is None else [role]
        return frozenset[str]().union(*(self.people(start, name) & self._grown for name in names))

    def _is_safe(self, start: int) -> bool:
        places = sum(min(role.wanted, len(self.adults(start, role.role))) for role in self.roles)
        return places >= self.activity.min_adults and is_safe(self.task.problem, self.activity, self.adults(start))


def _one_day(lone: _Lone, starts: Iterable[int]) -> int:
    """Return how many sessions a day allows: no two of a group at once, each in a room of its own."""
    activity, found, free = lone.activity, 0, 0
    if not activity.groups:
        at_once = lanes(activity)
        found = sum(min(at_once, len(lone.rooms(at))) if activity.needs_room else at_once for at in starts)
    else:
        # Of sessions that all need the same children, the most fit in if the one that ends first always comes next.
        for start in starts:
            if start >= free:
                found, free = found + 1, start + activity.duration
    return min(found, 1 if activity.ordered else activity.max_per_day)


def _by_people(lone: _Lone) -> int:
    """Return how many sessions the adults have offered enough for, each at most so often as they can at all."""
    return _offered(lone, {start: lone.adults(start) for start in lone.safe}, lone.activity.min_adults)


def _by_role(lone: _Lone) -> dict[str, int]:
    """Return the same for the adults of each role without whom the others' places are too few for a safe session."""
    others = {role.role: sum(other.wanted for other in lone.roles if other is not role) for role in lone.roles}
    return {
        role: _offered(
            lone, {start: lone.adults(start, role) for start in lone.safe}, lone.activity.min_adults - places
        )
        for role, places in others.items()
        if places < lone.activity.min_adults
    }


def _offered(lone: _Lone, able: Mapping[int, frozenset[str]], need: int) -> int:
    """Return for how many sessions there are so many of the people who are able at each start."""
    starts = Counter((name, day_of(start)) for start, people in able.items() for name in people)
    served = Counter(name for row in lone.task.problem.frozen.values() for name in row.people())
    can, person_of = Counter[str](), lone.task.problem.person_of
    for (name, _), count in starts.items():
        can[name] += min(count, person_of[name].max_per_day)
    offered = (min(count, person_of[name].max_sessions - served[name]) for name, count in can.items())
    return lone.behind + sum(max(0, count) for count in offered) // need


def _first_fit(lone: _Lone, most: int) -> Plan:
    """Return a plan by first fit. Sessions of one activity are alike: where one finds no place, the next won't."""
    name, problem = lone.activity.id, lone.task.problem
    choices = lone.task.choices.copy([name])
    choices.keep_starts(name, {*lone.safe, *(row.start for row in problem.frozen.values())})
    for start, rooms in _few_rooms(lone).items():
        choices.keep_rooms(name, rooms, start)
    maker = Constructor(problem, choices, Random(lone.task.seed), lone.task.program_rules)  # noqa: S311 - no secret
    maker.keep(problem.frozen.values())
    for unit in units(problem):
        left = most - len(maker.ledger.rows)
        if len(unit) > left or not maker.place(unit):
            break
    return maker.ledger.plan()


def _few_rooms(lone: _Lone) -> dict[int, list[str]]:
    """Return for each start as many rooms as could be used at once and one more, those first that are open most."""
    rooms = {start: lone.rooms(start) for start in lone.safe} if lone.activity.needs_room else {}
    open_at = Counter(room for found in rooms.values() for room in found)
    few = lanes(lone.activity) + 1
    return {start: sorted(found, key=lambda room: (-open_at[room], room))[:few] for start, found in rooms.items()}


def _found(lone: _Lone, plan: Plan) -> tuple[int, int]:
    """Return how many sessions a plan holds and its empty required places; nothing of a plan that breaks a rule."""
    frozen = lone.task.problem.frozen.keys()
    if any(not frozen >= set(breach.sessions) for breach in lone.task.audit(plan).breaches):
        return 0, 0
    ahead = [row for row in plan.sessions if row.key not in frozen]
    empty = sum(max(0, role.required - len(row.staff.get(role.role, ()))) for row in ahead for role in lone.roles)
    return len(plan.sessions), empty


def _is_small(lone: _Lone) -> bool:
    slots = [slot.start for slot in lone.task.choices.slots(lone.activity.id)]
    people = sum(len(lone.people(start, role.role)) for start in slots for role in lone.roles)
    return people + sum(len(lone.rooms(start)) for start in slots) <= _MOST_CELLS


def _solved(lone: _Lone, seconds: float, known: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return the most sessions, and what the best plan holds and lacks, by the solver; what is known if it is late."""
    activity, task = lone.activity, lone.task
    places = activity.sessions * sum(role.required for role in activity.roles)
    weights = {**task.problem.weights, "unscheduled": places + 1, "required": 1}
    problem = replace(task.problem, activities=(replace(activity, priority=1),), weights=weights)
    sharper = replace(task, problem=problem, preferences=(EverySessionHeld(), RequiredPlacesFilled()))
    model = sharper.model(sharper.free([activity.id]), Plan(problem.name))
    answer = model.solve(seconds=seconds, seed=task.seed, workers=task.workers)
    most, held, empty = known
    if answer.plan is None:
        return known
    found, lacking = _found(_Lone(sharper, activity), answer.plan)
    if answer.optimal and found == len(answer.plan.sessions) < activity.sessions:
        most = found
    held, filled = max((held, -empty), (found, -lacking))
    return most, held, -filled
