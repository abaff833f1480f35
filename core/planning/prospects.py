"""What an activity can hope for if it had its term to itself: starts, rooms, people, and whether all can be held."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Final

from core.planning.model.choices import lanes
from core.planning.moments import day_of
from core.planning.plan import Plan
from core.planning.preferences.every_session_held import EverySessionHeld
from core.planning.preferences.required_places_filled import RequiredPlacesFilled
from core.planning.problem import Activity
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
    more than `by_days`, `by_people` and `by_role` allow. The best plan that was found holds `held`, with `empty` required places.
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


def prospect(task: Task, name: str, *, seconds: float = 0.0) -> Prospect:
    """Return what is possible for an activity, whose task should have no other.

    With `seconds`, so many are spent at most to find out by the solver what plain counting leaves open.
    """
    activity = task.problem.activity_of[name]
    starts, roomy, safe = _starts(task, activity)
    people = {
        role.role: [task.choices.people(name, at, role.role) for at in roomy or starts] for role in activity.roles
    }
    by_days = _by_days(task, activity, safe)
    by_people = _by_people(task, activity, safe) if activity.min_adults else by_days
    by_role = _by_role(task, activity, safe)
    most = min(by_days, by_people, *by_role.values())
    held, empty = _found(task, activity, _first_fit(task, activity, safe, most))
    if seconds and (held, empty) != (activity.sessions, 0) and (held < most or empty) and _is_small(task, activity):
        most, held, empty = _solved(task, activity, seconds, (most, held, empty))
    able = {role: tuple(map(len, found)) for role, found in people.items()}
    return Prospect(activity.sessions, starts, roomy, able, safe, by_days, by_people, by_role, most, held, empty)


def _starts(task: Task, activity: Activity) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return the starts ahead, those with a room, and of these the ones at which enough adults can be there."""
    line = task.problem.frozen_before
    starts = tuple(at for at in activity.starts if line is None or at >= line)
    left = {slot.start for slot in task.choices.slots(activity.id)}
    roomy = tuple(at for at in starts if at in left)
    return starts, roomy, tuple(at for at in roomy if _is_safe(task, activity, at))


def _is_safe(task: Task, activity: Activity, start: int) -> bool:
    able = {role: _adults(task, activity, start, role.role) for role in activity.roles}
    places = sum(min(role.wanted, len(found)) for role, found in able.items())
    return places >= activity.min_adults and is_safe(task.problem, activity, frozenset().union(*able.values()))


def _adults(task: Task, activity: Activity, start: int, role: str) -> frozenset[str]:
    people = task.choices.people(activity.id, start, role)
    return frozenset(name for name in people if task.problem.person_of[name].adult)


def _by_days(task: Task, activity: Activity, safe: Iterable[int]) -> int:
    """Return how many sessions the days allow: so many a day, no two of a group at once, each in a room of its own."""
    days = defaultdict[int, list[int]](list)
    for start in safe:
        days[day_of(start)].append(start)
    a_day = 1 if activity.ordered else activity.max_per_day
    return _behind(task, activity) + sum(min(a_day, _one_day(task, activity, starts)) for starts in days.values())


def _one_day(task: Task, activity: Activity, starts: Iterable[int]) -> int:
    if not activity.groups:
        at_once = lanes(activity)
        rooms = (len(task.choices.rooms(activity.id, at)) if activity.needs_room else at_once for at in starts)
        return sum(min(at_once, found) for found in rooms)
    # Of sessions that all need the same children, the most fit in if the one that ends first always comes next.
    found, free = 0, 0
    for start in starts:
        if start >= free:
            found, free = found + 1, start + activity.duration
    return found


def _by_people(task: Task, activity: Activity, safe: Iterable[int]) -> int:
    """Return how many sessions the adults have offered enough for, each at most so often as they can at all."""
    able = {start: [_adults(task, activity, start, role.role) for role in activity.roles] for start in safe}
    return _offered(task, activity, {start: frozenset().union(*found) for start, found in able.items()})


def _by_role(task: Task, activity: Activity, safe: Iterable[int]) -> dict[str, int]:
    """Return the same for the adults of each role without whom the others' places are too few for a safe session."""
    places = sum(role.wanted for role in activity.roles)
    needed = {role.role: activity.min_adults - places + role.wanted for role in activity.roles}
    return {
        role: _offered(task, activity, {start: _adults(task, activity, start, role) for start in safe}, need)
        for role, need in needed.items()
        if need > 0
    }


def _offered(task: Task, activity: Activity, able: Mapping[int, frozenset[str]], need: int | None = None) -> int:
    """Return for how many sessions there are so many of the people who are able at each start, or `min_adults`."""
    starts = Counter((name, day_of(start)) for start, people in able.items() for name in people)
    served = Counter(name for row in task.problem.frozen.values() for name in row.people())
    can = Counter[str]()
    for (name, _), count in starts.items():
        can[name] += min(count, task.problem.person_of[name].max_per_day)
    offered = (min(count, task.problem.person_of[name].max_sessions - served[name]) for name, count in can.items())
    return _behind(task, activity) + sum(max(0, count) for count in offered) // (need or activity.min_adults)


def _first_fit(task: Task, activity: Activity, safe: Iterable[int], most: int) -> Plan:
    """Return a plan by first fit. Sessions of one activity are alike: where one finds no place, the next won't."""
    choices = task.choices.copy([activity.id])
    choices.keep_starts(activity.id, {*safe, *(row.start for row in task.problem.frozen.values())})
    for start, rooms in _few_rooms(task, activity, safe).items():
        choices.keep_rooms(activity.id, rooms, start)
    maker = Constructor(task.problem, choices, Random(task.seed), task.program_rules)  # noqa: S311 - no secret
    maker.keep(task.problem.frozen.values())
    for unit in units(task.problem):
        left = most - len(maker.ledger.rows)
        if len(unit) > left or not maker.place(unit):
            break
    return maker.ledger.plan()


def _few_rooms(task: Task, activity: Activity, safe: Iterable[int]) -> dict[int, list[str]]:
    """Return for each start as many rooms as could be used at once and one more, those first that are open most."""
    rooms = {start: task.choices.rooms(activity.id, start) for start in safe} if activity.needs_room else {}
    open_at = Counter(room for found in rooms.values() for room in found)
    few = lanes(activity) + 1
    return {start: sorted(found, key=lambda room: (-open_at[room], room))[:few] for start, found in rooms.items()}


def _behind(task: Task, activity: Activity) -> int:
    return sum(1 for name, _ in task.problem.frozen if name == activity.id)


def _found(task: Task, activity: Activity, plan: Plan) -> tuple[int, int]:
    """Return how many sessions a plan holds and its empty required places; nothing of a plan that breaks a rule."""
    frozen = task.problem.frozen.keys()
    if any(not frozen >= set(breach.sessions) for breach in task.audit(plan).breaches):
        return 0, 0
    ahead = [row for row in plan.sessions if row.key not in frozen]
    empty = sum(max(0, role.required - len(row.staff.get(role.role, ()))) for row in ahead for role in activity.roles)
    return len(plan.sessions), empty


def _is_small(task: Task, activity: Activity) -> bool:
    slots, choices = task.choices.slots(activity.id), task.choices
    cells = (len(choices.people(activity.id, slot.start, role.role)) for slot in slots for role in activity.roles)
    return sum(cells) + sum(len(choices.rooms(activity.id, slot.start)) for slot in slots) <= _MOST_CELLS


def _solved(task: Task, activity: Activity, seconds: float, known: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return the most sessions, and what the best plan holds and lacks, by the solver; what is known if it is late."""
    places = activity.sessions * sum(role.required for role in activity.roles)
    weights = {**task.problem.weights, "unscheduled": places + 1, "required": 1}
    problem = replace(task.problem, activities=(replace(activity, priority=1),), weights=weights)
    sharper = replace(task, problem=problem, preferences=(EverySessionHeld(), RequiredPlacesFilled()))
    model = sharper.model(sharper.free([activity.id]), Plan(problem.name))
    answer = model.solve(seconds=seconds, seed=task.seed, workers=task.workers)
    most, held, empty = known
    if answer.plan is None:
        return known
    found, lacking = _found(sharper, activity, answer.plan)
    if answer.optimal and found == len(answer.plan.sessions) < activity.sessions:
        most = found
    held, filled = max((held, -empty), (found, -lacking))
    return most, held, -filled
