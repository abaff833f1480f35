"""The plainest model of an allocation: one variable a place, one solve an aim; to hold the solver's answers against.

It is written from the format's document alone, with none of the solver's shortcuts, and is fast enough for small terms.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import combinations, pairwise
from typing import Any

from ortools.sat.python import cp_model

from core.allocation.check import Worth
from core.allocation.checking.joining import open_to
from core.allocation.checking.worth import asking, points
from core.allocation.lottery import ticket
from core.allocation.problem import Activity, Aim, Problem, Togetherness
from core.allocation.result import MORE_IS_BETTER

Place = tuple[str, str]


class PlainModel:
    """The rules as constraints; `place[child, activity]` and `opens[activity]` are 0 or 1."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        pairs = [(child, activity) for child, open_ in sorted(open_to(problem).items()) for activity in sorted(open_)]
        self.place: dict[Place, Any] = {pair: self.model.new_bool_var("×".join(pair)) for pair in pairs}
        self.opens = {each.id: self.model.new_bool_var(each.id) for each in problem.activities}
        self.of_child: dict[str, list[str]] = defaultdict(list)
        self.of_activity: dict[str, list[str]] = defaultdict(list)
        for child, activity in pairs:
            self.of_child[child].append(activity)
            self.of_activity[activity].append(child)
        for activity in problem.activities:
            self._fill(activity)
        for child_id in self.of_child:
            self._limit(child_id)
        self._decide()

    def _fill(self, activity: Activity) -> None:
        opens = self.opens[activity.id]
        children = self.of_activity[activity.id]
        seats = activity.capacity if activity.staffed is None else min(activity.capacity, activity.staffed)
        self.model.add(sum(self._all(children, activity.id)) <= seats * opens)
        self.model.add(sum(self._all(children, activity.id)) >= activity.minimum * opens)
        if not activity.room_ready or seats == 0:
            self.model.add(opens == 0)
        flagged = [child for child in children if self.problem.child_of[child].held_back]
        kept = activity.held_back
        if kept is None:
            kept = -(-activity.capacity * self.problem.settings.held_back_percent // 100)
        others = [child for child in children if child not in flagged]
        if min(kept, len(flagged)):
            self.model.add(sum(self._all(others, activity.id)) <= max(0, seats - min(kept, len(flagged))))

    def _limit(self, child_id: str) -> None:
        child, activities = self.problem.child_of[child_id], self.of_child[child_id]
        self.model.add(sum(self.place[child_id, each] for each in activities) <= child.most)
        days = defaultdict(set)
        for name in activities:
            for start, _end in self.problem.activity_of[name].times:
                days[start.date()].add(name)
        for names in days.values():
            if child.most_per_day is not None:
                self.model.add(sum(self.place[child_id, name] for name in sorted(names)) <= child.most_per_day)
        for one, two in combinations(activities, 2):
            if self._apart(self.problem.activity_of[one], self.problem.activity_of[two]):
                self.model.add(self.place[child_id, one] + self.place[child_id, two] <= 1)

    def _apart(self, one: Activity, two: Activity) -> bool:
        if one.series is not None and one.series == two.series:
            return True
        there, back = self._way(one, two), self._way(two, one)
        return any(a < d + back and c < b + there for a, b in one.times for c, d in two.times)

    def _way(self, one: Activity, two: Activity) -> timedelta:
        if len({one.place, two.place} - {None}) < 2:
            return timedelta()
        listed = [way.minutes for way in self.problem.ways if (way.origin, way.destination) == (one.place, two.place)]
        return timedelta(minutes=listed[0] if listed else self.problem.settings.minutes_between)

    def _decide(self) -> None:
        for shared in self.problem.shared:
            self.model.add(sum(self.opens[each] for each in shared.activities) <= shared.most)
        for pin in self.problem.pins:
            if pin.place:
                self.model.add(self.place[pin.child, pin.activity] == 1)
        if self.problem.settings.together is Togetherness.HARD:
            for places in self.groups():
                for one, two in pairwise(places):
                    self.model.add(one == two)

    def groups(self) -> Iterator[list[Any]]:
        """Yield, for each group and activity, the places of two or more of its children."""
        for group in self.problem.together:
            for activity in self.opens:
                places = [self.place[child, activity] for child in group.children if (child, activity) in self.place]
                if len(places) > 1:
                    yield places

    def _all(self, children: Iterable[str], activity: str) -> list[Any]:
        return [self.place[child, activity] for child in children]

    def any_of(self, child_id: str, wishes: Iterable[str]) -> Any:
        """Return a variable that is 1 exactly if the child has one of these places."""
        found = self.model.new_bool_var("any")
        self.model.add_max_equality(
            found, [0, *(self.place[child_id, w] for w in wishes if (child_id, w) in self.place)]
        )
        return found

    def split(self, places: list[Any]) -> Any:
        """Return a variable that is 1 exactly if some of the places are given and some are not."""
        some, every, found = (self.model.new_bool_var(name) for name in ("some", "every", "split"))
        self.model.add_max_equality(some, places)
        self.model.add_min_equality(every, places)
        self.model.add(found == some - every)
        return found

    def objectives(self, aim: Aim) -> Iterator[tuple[int | None, Any]]:
        """Yield the ranks of an aim, None but for `Aim.FAIR`, with what is to be made great or small."""
        children = asking(self.problem)
        if aim is Aim.FAIR:
            for rank in range(max((len(child.wishes) for child in self.problem.children), default=0), 0, -1):
                yield rank, sum(1 - self.any_of(child.id, child.wishes[:rank]) for child in children)
        elif aim is Aim.TOGETHER:
            yield None, sum(self.split(places) for places in self.groups())
        elif aim in {Aim.MOST_CHILDREN, Aim.EARLIER_LOSERS}:
            counts = [(child, 1 if aim is Aim.MOST_CHILDREN else child.empty_terms) for child in children]
            yield None, sum(count * self.any_of(child.id, self.of_child[child.id]) for child, count in counts if count)
        else:
            yield None, sum(weight * self.place[pair] for pair, weight in self._weights(aim) if pair in self.place)

    def _weights(self, aim: Aim) -> Iterator[tuple[Place, int]]:
        for child in self.problem.children:
            for wish, worth in zip(child.wishes, points(child), strict=True):
                yield (child.id, wish), worth if aim is Aim.WISHES else ticket(self.problem.seed, child.id, wish)


def best(problem: Problem, *, seconds: float = 60.0) -> tuple[Worth, ...] | None:
    """Return the best value of each aim, in their order, or None if the pins can't all be kept."""
    plain = PlainModel(problem)
    found = []
    for aim in (*problem.settings.aims, Aim.LOTTERY):
        for rank, objective in plain.objectives(aim):
            value = _solved(plain.model, aim, objective, seconds)
            if value is None:
                return None
            plain.model.clear_objective()
            plain.model.add(objective == value)
            found.append(Worth(aim, rank, value))
    return tuple(found)


def _solved(model: cp_model.CpModel, aim: Aim, objective: Any, seconds: float) -> int | None:
    if aim in MORE_IS_BETTER:
        model.maximize(objective)
    else:
        model.minimize(objective)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    assert status in {cp_model.OPTIMAL, cp_model.INFEASIBLE}, solver.status_name(status)
    return round(solver.objective_value) if status == cp_model.OPTIMAL else None
