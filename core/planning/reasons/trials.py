"""Solving again with a change: is less short then? Nothing is believed that was not solved."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from time import monotonic

from core.planning.model.choices import Choices, Slot, lanes
from core.planning.model.model import Model
from core.planning.model.variables import Linear
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.problem import Activity, Problem, Role
from core.planning.relaxations import Relaxation
from core.planning.search.modelling import Task
from core.planning.search.parts import part, part_task

#: How long one processor tries before all of them do.
_ALONE_SECONDS = 1.0

#: What a session that is not held and an empty place count for where the problem has no price for them.
_NOT_HELD, _EMPTY = 1000, 1


@dataclass(frozen=True)
class Aim:
    """What should be less short: an activity's sessions held, or with a role its empty required places, by so many."""

    activity: str
    role: str | None
    by: int = 1


@dataclass(frozen=True)
class Scope:
    """What is decided again: these activities, but for the sessions in `kept`.

    Those in `staffed` keep their time and room, and only who serves is open. All other activities are held fixed.
    `again` says that whole activities are decided again, not a session with what is tied to it.
    """

    activities: tuple[str, ...]
    kept: frozenset[SessionKey] = frozenset()
    staffed: frozenset[SessionKey] = frozenset()
    again: bool = False


@dataclass(frozen=True)
class Attempt:
    """What came of solving: a plan with less short, or the proof that there is none, or neither in the time given."""

    plan: Plan | None
    impossible: bool


class Trials:
    """Solves parts of one plan's problem again; what was tried once is remembered, as shortfalls share much."""

    def __init__(self, task: Task, plan: Plan) -> None:
        self.task = task
        self.plan = plan
        self.count = 0
        self._rows = {row.key: row for row in plan.sessions}
        self._known: dict[tuple[tuple[Relaxation, ...], Scope, Aim], Attempt] = {}

    def run(self, changes: tuple[Relaxation, ...], scope: Scope, aim: Aim, seconds: float) -> Attempt:
        """Return what comes of these changes: the aim is met, and less is short among all that is decided again."""
        key = (changes, scope, aim)
        if key not in self._known or not (self._known[key].plan or self._known[key].impossible):
            self._known[key] = self._solved(changes, scope, aim, monotonic() + seconds)
        return self._known[key]

    def _solved(self, changes: tuple[Relaxation, ...], scope: Scope, aim: Aim, deadline: float) -> Attempt:
        self.count += 1
        before = part(self.task.problem, scope.activities)
        problem = reduce(lambda found, change: change.apply(found), changes, before)
        task = part_task(self.task, problem)
        for seconds, workers in ((_ALONE_SECONDS, 1), (None, self.task.workers)):
            left = deadline - monotonic()
            if left <= 0:
                break
            model = task.model(self._choices(task, changes, scope, aim), self.plan, penalties=False)
            self._demand(model, before, changes, scope, aim)
            answer = model.solve(
                seconds=left if seconds is None else min(seconds, left), seed=task.seed, workers=workers, minimize=False
            )
            if answer.infeasible:
                return Attempt(None, impossible=True)
            if answer.plan is not None:
                return Attempt(self._audited(changes, answer.plan), impossible=False)
        return Attempt(None, impossible=False)

    def _choices(self, task: Task, changes: Iterable[Relaxation], scope: Scope, aim: Aim) -> Choices:
        """Return what is open, and no more than could matter, so that the model is small.

        Sessions that are kept have only what they have. Where one session is looked at, the starts that no change
        touches are left out: without a change all of them were tried before.
        """
        choices, found = task.free(scope.activities), defaultdict[tuple[str, int], list[PlannedSession]](list)
        for row in self.plan.sessions:
            if row.activity in scope.activities:
                found[row.activity, row.start].append(row)
        for name in scope.activities:
            activity, starts = task.problem.activity_of[name], {start for held, start in found if held == name}
            if not scope.again:
                touched = set(_touched(activity, changes)) if self._is_open(scope, aim, activity) else set[int]()
                choices.keep_starts(name, starts | touched)
            if lanes(activity) == 1 or not self._is_open(scope, aim, activity):
                for start in starts:
                    _keep(choices, found[name, start], scope)
        return choices

    def _is_open(self, scope: Scope, aim: Aim, activity: Activity) -> bool:
        """Say whether a session of the activity may be held at a time at which none is."""
        held = {row.key for row in self.plan.sessions if row.activity == activity.id}
        return not held <= scope.kept | scope.staffed or (aim.role is None and len(held) < activity.sessions)

    def _demand(self, model: Model, before: Problem, changes: Iterable[Relaxation], scope: Scope, aim: Aim) -> None:
        """Write the aim into the model, with what is kept."""
        places = _places([self._rows[key] for key in sorted(scope.kept | scope.staffed)])
        for row, slot in places:
            _hold(model, row, slot, staff=row.key in scope.kept)
        for change in changes:
            change.confine(model, before)
        rows = [row for row in self.plan.sessions if row.activity in scope.activities]
        activities = [before.activity_of[name] for name in scope.activities]
        prices = _Prices.of(before)
        model.at_most(
            _short_of(prices, activities, rows) - 1, [_shortage(model, prices, activity) for activity in activities]
        )
        mine, activity = [row for row in rows if row.activity == aim.activity], before.activity_of[aim.activity]
        if aim.role is None:
            model.at_least(len(mine) + aim.by, [model.variables.held_count(aim.activity)])
        else:
            role = activity.role_of[aim.role]
            model.at_most(sum(empty(role, row) for row in mine) - aim.by, _empty(model, activity, role))

    def _audited(self, changes: Iterable[Relaxation], plan: Plan) -> Plan | None:
        """Return the plan if the whole problem with the changes has nothing against it."""
        problem = reduce(lambda found, change: change.apply(found), changes, self.task.problem)
        return None if replace(self.task, problem=problem).audit(plan).breaches else plan


def empty(role: Role, row: PlannedSession) -> int:
    """Return how many required places of the role are empty in a held session."""
    return max(0, role.required - len(row.staff.get(role.role, ())))


@dataclass(frozen=True)
class _Prices:
    """What is short is weighed as the problem does, so that no cure mends one thing at the expense of more."""

    not_held: int
    empty: int

    @classmethod
    def of(cls, problem: Problem) -> "_Prices":
        return cls(problem.weights.get("unscheduled") or _NOT_HELD, problem.weights.get("required") or _EMPTY)


def _short_of(prices: _Prices, activities: Iterable[Activity], rows: Iterable[PlannedSession]) -> int:
    """Return how short the activities are: sessions that are not held, by priority, and empty required places."""
    held, by_id = Counter(row.activity for row in rows), {activity.id: activity for activity in activities}
    missing = sum(found.priority * (found.sessions - held[found.id]) for found in by_id.values())
    places = sum(empty(role, row) for row in rows for role in by_id[row.activity].roles)
    return prices.not_held * missing + prices.empty * places


def _shortage(model: Model, prices: _Prices, activity: Activity) -> Linear:
    missing = activity.priority * (activity.sessions - model.variables.held_count(activity.id))
    places = [amount for role in activity.roles for amount in _empty(model, activity, role)]
    return prices.not_held * missing + prices.empty * model.total(places)


def _empty(model: Model, activity: Activity, role: Role) -> list[Linear]:
    """Return how many required places of the role are empty, at least, in each slot."""
    found = list[Linear]()
    for slot in model.variables.slots(activity.id) if role.required else ():
        amount = model.new_amount(role.required, f"short of {role.role} {slot}")
        model.at_least(role.required * model.variables.held(slot), [amount, *_serving(model, slot, role)])
        found.append(amount)
    return found


def _touched(activity: Activity, changes: Iterable[Relaxation]) -> Iterator[int]:
    """Yield the starts that one of the changes could make possible."""
    for start in activity.starts:
        if any(change.touches((start, start + activity.duration)) for change in changes):
            yield start


def _keep(choices: Choices, rows: list[PlannedSession], scope: Scope) -> None:
    """Leave the sessions of one start only the rooms, and if they are wholly kept the people, that they have."""
    name, start, keys = rows[0].activity, rows[0].start, {row.key for row in rows}
    rooms = [row.room for row in rows if row.room is not None]
    if rooms and keys <= scope.kept | scope.staffed:
        choices.keep_rooms(name, rooms, start)
    if keys <= scope.kept:
        choices.keep_people(name, {person for row in rows for person in row.people()}, start=start)


def _serving(model: Model, slot: Slot, role: Role) -> list[Linear]:
    return list(model.variables.staff(slot, role.role).values())


def _places(rows: Iterable[PlannedSession]) -> list[tuple[PlannedSession, Slot]]:
    """Return the rows with the slots they take: of parallel sessions, the first lanes."""
    taken, found = Counter[tuple[str, int]](), []
    for row in rows:
        found.append((row, Slot(row.activity, row.start, taken[row.activity, row.start])))
        taken[row.activity, row.start] += 1
    return found


def _hold(model: Model, row: PlannedSession, slot: Slot, *, staff: bool) -> None:
    """Hold a session at its time in its room, with its staff and nobody else if asked."""
    model.require(model.variables.held(slot))
    if row.room is not None:
        model.require(model.variables.in_room(slot, row.room))
    for role in model.problem.activity_of[row.activity].roles if staff else ():
        serving = row.staff.get(role.role, ())
        for person, literal in model.variables.staff(slot, role.role).items():
            if person in serving:
                model.require(literal)
            else:
                model.forbid(literal)
