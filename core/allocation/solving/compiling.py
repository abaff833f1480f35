"""A problem as a program: a column for each place that may be given, one for each activity that may open."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TypeAlias

import numpy as np

from core.allocation.problem import Problem, Togetherness
from core.allocation.solving.program import Draft, Flags, Numbers, Program
from core.allocation.solving.reading import Clashes, Reading, read, seats

#: A child and an activity, by position.
Pair: TypeAlias = tuple[int, int]
#: Columns of which at most one is 1.
OneOf: TypeAlias = tuple[int, ...]

#: Where more places than this are wished for, only an activity that few wish for has a row for each of them.
_MANY = 60_000
#: So many for each seat are few: others open as a whole in nearly every relaxation.
_FEW = 3


@dataclass(frozen=True)
class Compiled:
    """A program and what its columns mean.

    `place` has the column of each pair; children who must stand together share one. `opens` has the columns of the
    activities. `reached` has, by child and for each number of its wishes from 0 up, columns whose sum says whether one
    of those came true, and last whether it has any place. `any_of` has columns that are 1 if one of theirs is, `split`
    has columns that are 1 if theirs differ. `of_children` says of each row if it limits a child's places.
    """

    reading: Reading
    program: Program
    place: Mapping[Pair, int]
    opens: tuple[int, ...]
    reached: tuple[tuple[OneOf, ...], ...]
    any_of: Mapping[int, OneOf]
    split: Mapping[int, OneOf]
    of_children: Flags

    @property
    def problem(self) -> Problem:
        """Return the problem that it is of."""
        return self.reading.problem

    def settled(self, values: Numbers) -> Numbers:
        """Return the values with those columns set that follow from the places, as the aims would have them."""
        result = values.copy()
        for column, members in self.any_of.items():
            result[column] = max(values[each] for each in members)
        for column, members in self.split.items():
            result[column] = len({int(values[each]) for each in members}) - 1
        return result

    def values(self, places: Mapping[str, Collection[str]]) -> Numbers:
        """Return the values of the columns with these places, and what follows from them."""
        result = np.zeros(self.program.columns, dtype=np.int64)
        activities = self.problem.activities
        for (child, activity), column in self.place.items():
            if activities[activity].id in places.get(self.problem.children[child].id, ()):
                result[column] = result[self.opens[activity]] = 1
        return self.settled(result)

    def places(self, values: Numbers) -> dict[str, tuple[str, ...]]:
        """Return the activities of each child that has any, the dearest first."""
        given = values.astype(bool).tolist()
        names = [activity.id for activity in self.problem.activities]
        found = dict[str, tuple[str, ...]]()
        for at, (child, joinable) in enumerate(zip(self.problem.children, self.reading.joinable, strict=True)):
            if got := tuple(names[each] for each in joinable if given[self.place[at, each]]):
                found[child.id] = got
        return found

    def opened(self, values: Numbers) -> frozenset[str]:
        """Return the activities that open."""
        activities = zip(self.problem.activities, self.opens, strict=True)
        return frozenset(activity.id for activity, column in activities if values[column])


def compiled(problem: Problem) -> Compiled:
    """Return the problem as a program."""
    return _Compilation(read(problem)).result()


class _Compilation:
    def __init__(self, reading: Reading) -> None:
        self._reading, self._problem = reading, reading.problem
        self._candidates = reading.candidates()
        self._draft = Draft()
        self._clashes = Clashes(self._problem)
        self._any_of: dict[int, OneOf] = {}
        self._split: dict[int, OneOf] = {}
        self._place = self._places()
        self._opens = tuple(self._opening(at) for at in range(len(self._problem.activities)))

    def result(self) -> Compiled:
        """Return the program with all its rows."""
        self._activities()
        self._shared()
        self._competing()
        before = self._draft.rows
        for child in range(len(self._problem.children)):
            self._child(child)
        after = self._draft.rows
        reached = tuple(self._reached(child) for child in range(len(self._problem.children)))
        if self._problem.settings.together is Togetherness.SOFT:
            self._splits()
        program = self._draft.finished()
        row = np.arange(program.rows)
        return Compiled(
            self._reading,
            program,
            self._place,
            self._opens,
            reached,
            self._any_of,
            self._split,
            of_children=(before <= row) & (row < after),
        )

    def _places(self) -> dict[Pair, int]:
        """Add a column for each pair, or for all pairs of an activity that only come together."""
        hard = self._problem.settings.together is Togetherness.HARD
        leader = _united(self._bands()) if hard else {}
        pairs = ((child, each) for child, found in enumerate(self._reading.joinable) for each in found)
        columns: dict[Pair, int] = {}
        given = {leader.get(pair, pair) for pair in self._reading.given}
        place = {}
        for pair in pairs:
            first = leader.get(pair, pair)
            if first not in columns:
                columns[first] = self._draft.column(least=int(first in given))
            place[pair] = columns[first]
        return place

    def _bands(self) -> Iterator[tuple[Pair, ...]]:
        """Yield the pairs that come together, by group and activity, if they are two or more."""
        at = {child.id: position for position, child in enumerate(self._problem.children)}
        for group in self._problem.together:
            found = defaultdict[int, list[Pair]](list)
            for child in (at[name] for name in group.children):
                for activity in self._reading.joinable[child]:
                    found[activity].append((child, activity))
            yield from (tuple(band) for band in found.values() if len(band) > 1)

    def _opening(self, activity: int) -> int:
        chosen = self._problem.activities[activity]
        possible = min(seats(chosen), len(self._candidates.get(activity, ())))
        return self._draft.column(most=int(possible >= chosen.minimum))

    def _activities(self) -> None:
        scarce = len(self._place) > _MANY
        for at, activity in enumerate(self._problem.activities):
            waiting = self._candidates.get(at, [])
            opens, room = self._opens[at], min(seats(activity), len(waiting))
            columns = [self._place[child, at] for child in waiting]
            counted = [(column, 1) for column in columns]
            self._draft.weighted([*counted, (opens, -room)], high=0)
            self._draft.weighted([*counted, (opens, -activity.minimum)], low=0)
            self._held_back(at, waiting)
            if not scarce or len(waiting) < _FEW * seats(activity):
                for column in dict.fromkeys(columns):
                    self._draft.weighted([(column, 1), (opens, -1)], high=0)

    def _held_back(self, at: int, waiting: Sequence[int]) -> None:
        activity, children = self._problem.activities[at], self._problem.children
        percent = self._problem.settings.held_back_percent
        share = (activity.capacity * percent + 99) // 100 if activity.held_back is None else activity.held_back
        kept = min(share, sum(children[child].held_back for child in waiting))
        if kept:
            others = [(self._place[child, at], 1) for child in waiting if not children[child].held_back]
            self._draft.weighted([*others, (self._opens[at], -max(0, seats(activity) - kept))], high=0)

    def _shared(self) -> None:
        at = {activity.id: position for position, activity in enumerate(self._problem.activities)}
        for shared in self._problem.shared:
            self._draft.row([self._opens[at[name]] for name in shared.activities], high=shared.most)

    def _competing(self) -> None:
        """Let only one of two activities open whose children don't suffice for both; relaxations wouldn't know."""
        children, activities = self._problem.children, self._problem.activities
        exclusive = Counter[Pair]()
        for child, joinable in zip(children, self._reading.joinable, strict=True):
            pairs = combinations(sorted(joinable), 2)
            exclusive.update(pair for pair in pairs if child.most <= 1 or self._clashes.clash(*pair))
        for (one, other), shared in exclusive.items():
            possible = len(self._candidates[one]) + len(self._candidates[other]) - shared
            if possible < activities[one].minimum + activities[other].minimum:
                self._draft.row([self._opens[one], self._opens[other]], high=1)

    def _child(self, at: int) -> None:
        child, joinable = self._problem.children[at], self._reading.joinable[at]
        if len(joinable) > child.most:
            self._draft.row([self._place[at, each] for each in joinable], high=child.most)
        if min(child.most, len(joinable)) > 1:
            for clique in self._clashes.cliques(joinable):
                self._draft.row([self._place[at, each] for each in clique], high=1)
            self._days(at)

    def _days(self, at: int) -> None:
        most = self._problem.children[at].most_per_day
        if most is None:
            return
        meeting = defaultdict[object, list[int]](list)
        for each in self._reading.joinable[at]:
            for day in {start.date() for start, _ in self._problem.activities[each].times}:
                meeting[day].append(self._place[at, each])
        for columns in meeting.values():
            if len(columns) > most:
                self._draft.row(columns, high=most)

    def _reached(self, at: int) -> tuple[OneOf, ...]:
        """Return what says whether one of the first wishes came true, for none of them, one, two …, and any place."""
        child, joinable = self._problem.children[at], self._reading.joinable[at]
        names = [self._problem.activities[each].id for each in joinable]
        known: dict[int, OneOf] = {}
        wished = set[str]()
        found = []
        for rank in range(len(child.wishes) + 2):
            wished.update(names if rank > len(child.wishes) else child.wishes[:rank])
            open_to_it = tuple(each for each, name in zip(joinable, names, strict=True) if name in wished)
            if len(open_to_it) not in known:
                known[len(open_to_it)] = self._one_of(at, open_to_it)
            found.append(known[len(open_to_it)])
        return tuple(found)

    def _one_of(self, at: int, activities: tuple[int, ...]) -> OneOf:
        columns = tuple(dict.fromkeys(self._place[at, each] for each in activities))
        exclusive = self._problem.children[at].most <= 1 or all(
            self._clashes.clash(*pair) for pair in combinations(activities, 2)
        )
        if exclusive:
            return columns
        column = self._draft.column()
        self._draft.weighted([*((each, 1) for each in columns), (column, -1)], low=0)
        self._any_of[column] = columns
        return (column,)

    def _splits(self) -> None:
        for band in self._bands():
            column = self._draft.column()
            members = tuple(self._place[pair] for pair in band)
            for one, other in pairwise((*members, members[0])):
                self._draft.weighted([(one, 1), (other, -1), (column, -1)], high=0)
            self._split[column] = members


def _united(bands: Iterator[tuple[Pair, ...]]) -> dict[Pair, Pair]:
    """Return the first of all pairs that hang together by bands, for each of them."""
    leader: dict[Pair, Pair] = {}

    def lead(pair: Pair) -> Pair:
        while leader.setdefault(pair, pair) != pair:
            leader[pair] = leader[leader[pair]]
            pair = leader[pair]
        return pair

    for band in bands:
        for pair in band[1:]:
            one, other = sorted((lead(band[0]), lead(pair)))
            leader[other] = one
    return {pair: lead(pair) for pair in leader}
