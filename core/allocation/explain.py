"""Why a child didn't get a place that it wished for, in plain words, verified by rules, proof or solving again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from time import monotonic
from typing import Final

from core.allocation.problem import Problem
from core.allocation.result import Allocation
from core.allocation.settings import Aim, Togetherness
from core.allocation.solving.aiming import stages
from core.allocation.solving.attainable import attained
from core.allocation.solving.branching import Effort
from core.allocation.solving.compiling import compiled
from core.allocation.solving.lap import Lap
from core.allocation.solving.reading import seats
from core.allocation.solving.trail import Toll, Trail, trail
from core.allocation.why import Reason, Why
from core.domain.errors import Message

#: How long the least that would do is searched for, after all is proved that "at least" needs.
_REFINING_SECONDS: Final = 10.0


def explain(
    problem: Problem,
    allocation: Allocation,
    *,
    seconds: float,
    workers: int = 8,
    clock: Callable[[], float] = monotonic,
) -> tuple[Why, ...]:
    """Return why, for each wish that is dearer than all of its child's that came true: for a child with nothing, each.

    Those with nothing come first, also in being solved again. The allocation keeps the rules of the problem.
    """
    lap = Lap(seconds, None, clock)
    program = compiled(problem)
    way = trail(program, stages(program), program.values(allocation.places), lap)
    return tuple(_Inquiry(way, allocation, lap, workers).whys(_asked(problem, allocation)))


def _asked(problem: Problem, allocation: Allocation) -> Iterator[tuple[int, int]]:
    """Yield the children and ranks, from 0, of the wishes to explain; those with nothing come first."""
    order = sorted(range(len(problem.children)), key=lambda at: problem.children[at].id in allocation.places)
    for at in order:
        child = problem.children[at]
        got = allocation.places.get(child.id, ())
        for rank, wish in enumerate(child.wishes):
            if wish in got:
                break
            yield at, rank


class _Inquiry:
    def __init__(self, way: Trail, allocation: Allocation, lap: Lap, workers: int) -> None:
        self._way, self._allocation, self._lap, self._workers = way, allocation, lap, workers
        self._compiled = way.compiled
        self._problem = way.compiled.problem
        self._activity_at = {activity.id: at for at, activity in enumerate(self._problem.activities)}
        self._candidates = self._compiled.reading.candidates()

    def whys(self, asked: Iterable[tuple[int, int]]) -> Iterator[Why]:
        """Yield why the wishes of those ranks, from 0, of children didn't come true."""
        wishes = [(at, rank, self._activity_at[self._problem.children[at].wishes[rank]]) for at, rank in asked]
        plain = {(at, activity): self._plain(at, activity) for at, _rank, activity in wishes}
        column_of = {pair: self._compiled.place[pair] for pair, reason in plain.items() if reason is None}
        tolls = self._way.tolls(set(column_of.values()), self._lap, self._workers)
        no_toll = {column for column, toll in tolls.items() if toll is None}
        ruled_out = self._ruled_out([pair for pair, column in column_of.items() if column in no_toll])
        refining = Lap(min(_REFINING_SECONDS, self._lap.left()), self._lap.over)
        for at, rank, activity in wishes:
            child, pair = self._problem.children[at], (at, activity)
            reason = plain[pair] or ruled_out.get(pair, Reason.UNKNOWN)
            answer = Why(child.id, child.wishes[rank], rank + 1, reason, _WORDS[reason])
            column = column_of.get(pair)
            toll = None if column is None else tolls.get(column)
            if column is not None and toll is not None:
                answer = _paid(answer, self._refined(column, toll, refining))
            yield answer

    def _refined(self, column: int, toll: Toll, lap: Lap) -> Toll:
        """Return the toll with the least that would do, where there is time to find it."""
        return toll if lap.over() else self._way.exact(column, toll, Effort(lap.left() / 4, self._workers))

    def _plain(self, at: int, activity: int) -> Reason | None:
        """Return the reason that can be read off the problem, if there is one."""
        chosen, waiting = self._problem.activities[activity], self._candidates.get(activity, ())
        if (at, activity) in self._compiled.reading.denied:
            return Reason.DECIDED
        if (at, activity) not in self._compiled.place:
            return Reason.BARRED
        if not chosen.room_ready:
            return Reason.NO_ROOM
        if seats(chosen) < chosen.minimum:
            return Reason.NO_STAFF
        return Reason.TOO_FEW if len(waiting) < chosen.minimum else None

    def _ruled_out(self, pairs: Iterable[tuple[int, int]]) -> Mapping[tuple[int, int], Reason]:
        """Return the first kind of rule without which each place could be given, of those found out in time."""
        problem, left, found = self._problem, set(pairs), dict[tuple[int, int], Reason]()
        for reason, without in (
            (Reason.AGAINST_PINS, replace(problem, pins=())),
            (Reason.AGAINST_TOGETHER, _without_together(problem)),
            (Reason.AGAINST_SHARED, replace(problem, shared=())),
            (Reason.AGAINST_HELD_BACK, _without_held_back(problem)),
        ):
            if not left or without == problem:
                continue
            other = compiled(without)
            known = other.values(self._allocation.places)
            came = attained(other.program, {other.place[pair] for pair in left}, known, self._lap, self._workers)
            found |= {pair: reason for pair in left if other.place[pair] in came.possible}
            left = {pair for pair in left if other.place[pair] in came.impossible}
        return found | dict.fromkeys(left, Reason.AGAINST_RULES)


#: The reason why a place would make an aim worse.
_OF_AIM = {
    Aim.MOST_CHILDREN: Reason.FEWER_CHILDREN,
    Aim.FAIR: Reason.LESS_FAIR,
    Aim.WISHES: Reason.FEWER_WISHES,
    Aim.EARLIER_LOSERS: Reason.EARLIER_LOSERS,
    Aim.TOGETHER: Reason.SPLITS_FRIENDS,
    Aim.LOTTERY: Reason.DRAWN,
}

_WORDS = {
    Reason.BARRED: Message("Its age, grade or community isn't one that the activity is for."),
    Reason.DECIDED: Message("It was decided beforehand that it has no place there."),
    Reason.NO_ROOM: Message("The activity has no room and isn't held."),
    Reason.NO_STAFF: Message("There aren't places and staff enough for the fewest children that the activity needs."),
    Reason.TOO_FEW: Message("Fewer children than the activity needs wish for it and may join."),
    Reason.AGAINST_PINS: Message("Places that were decided beforehand leave none for it."),
    Reason.AGAINST_TOGETHER: Message("Those who want to be there together can't all have a place."),
    Reason.AGAINST_SHARED: Message("Another activity needs the room or the staff."),
    Reason.AGAINST_HELD_BACK: Message("The station keeps the places in another way."),
    Reason.AGAINST_RULES: Message("The rules of the term leave no place for it."),
    Reason.UNKNOWN: Message("The time didn't suffice to find out why."),
}


def _words_of(reason: Reason, toll: Toll) -> Message:
    """Return what the place would have cost others."""
    values = {"count": toll.fall, "rank": toll.mark.stage.rank or 0}
    match reason:
        case Reason.FEWER_CHILDREN:
            return Message("With this place, at least %(count)s more children would have none at all.", values)
        case Reason.LESS_FAIR:
            return Message(
                "With this place, at least %(count)s more children would have none of their first %(rank)s wishes.",
                values,
            )
        case Reason.FEWER_WISHES:
            return Message("With this place, others' wishes would come true less: %(count)s points fewer.", values)
        case Reason.EARLIER_LOSERS:
            return Message("The places went to children who had none in earlier terms.", values)
        case Reason.SPLITS_FRIENDS:
            return Message("With this place, %(count)s more groups of friends would be split.", values)
        case _:
            return Message("Others had the same claim, and the lots drew them.", values)


def _paid(answer: Why, toll: Toll) -> Why:
    stage = toll.mark.stage
    reason = _OF_AIM[stage.aim]
    words = _words_of(reason, toll)
    return replace(
        answer, reason=reason, message=words, worse_by=toll.fall or None, fair_rank=stage.rank, exact=toll.exact
    )


def _without_together(problem: Problem) -> Problem:
    settings = replace(problem.settings, together=Togetherness.OFF)
    aims = tuple(aim for aim in settings.aims if aim is not Aim.TOGETHER)
    return replace(problem, together=(), settings=replace(settings, aims=aims))


def _without_held_back(problem: Problem) -> Problem:
    activities = tuple(replace(activity, held_back=0) for activity in problem.activities)
    return replace(problem, activities=activities)
