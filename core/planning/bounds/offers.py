"""Who could serve where and when, as arrays: what a relaxation of hundreds of rounds can afford to read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.planning.bounds.asked import Asked
from core.planning.model.choices import Choices, lanes
from core.planning.moments import MINUTES_A_DAY
from core.planning.problem import Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
#: There are so many offers that their arrays have to be lean.
Places = NDArray[np.int32]

#: So many people are looked at together: their arrays fit into a processor's cache.
_CREW = 256
_SHIFT = 10**6
#: Shares are rounded down to a fraction whose sums are exact.
_FINE = 1024

#: More offers than these would need too much memory and time; a county with a thousand sessions has six million.
_MOST_OFFERS = 60_000_000

#: More spans of a day than these are made fewer by shrinking them to coarser steps, which only rules out less.
_SPANS, _STEPS, _COARSEST = 64, (1, 5, 15, 30), 60


@dataclass(frozen=True, eq=False)
class Openings:
    """Where sessions could be: a slot is an activity's start, a place is a role at a slot, both numbered from 0.

    `required`, `wanted` and `able` say of each place how many people it should have, may have, and could find. `face`
    is the number of its series if its people should be the same throughout, else −1, and `free_faces` says of each
    such series how many people it may have for nothing. `priced` are the places that people are bought for; the others
    cost nobody anything. `place_of` has a row for each slot and a column for each role, −1 where there is none.
    """

    activity: Ints
    start: Ints
    slot: Ints
    required: Ints
    wanted: Ints
    able: Ints
    face: Ints
    free_faces: Ints
    priced: NDArray[np.bool_]
    place_of: Ints

    @cached_property
    def day(self) -> Ints:
        """Return the day of each slot."""
        return self.start // MINUTES_A_DAY


@dataclass(frozen=True, eq=False)
class Crew:
    """Some people with the places each could fill.

    An offer is a person at a place. Offers are sorted by cell: a person's day and a span of it. `first` and `size`
    delimit the offers of each cell. A day is numbered within the crew; `nth_day` numbers it within its person's.
    `liked` are the offers for activities that the person likes or dislikes, `likes` what each lowers the cost by.
    `wished` are those for activities that the person likes, `wish` their numbers among the wishes of all crews: one for
    each person and slot. `wish_slot` names the slots of this crew's wishes. `faced` are the offers in series that
    should keep their people, `share` the part of a new face's price that each bears.
    """

    place: Places
    first: Ints
    size: Ints
    cell_day: Ints
    cell_span: Ints
    day_person: Ints
    nth_day: Ints
    most_a_day: Ints
    most: Ints
    liked: Ints
    likes: Floats
    wished: Ints
    wish: Ints
    wish_slot: Ints
    faced: Ints
    share: Floats


@dataclass(frozen=True, eq=False)
class Market:
    """All openings and all who could fill them; `reach[k]` is how many spans are over when span k begins.

    Spans are sorted by their ends. `face_price` is what each new face costs beyond those that a series has for nothing.
    """

    openings: Openings
    crews: tuple[Crew, ...]
    reach: tuple[int, ...]
    face_price: int

    @cached_property
    def wish_slot(self) -> Ints:
        """Return the slot of each wish."""
        return np.concatenate([np.empty(0, np.int64), *(crew.wish_slot for crew in self.crews)])


@dataclass(frozen=True, eq=False)
class _Offers:
    """Offers of people, counted from `low`, who are numbered within the crew; so many wishes were numbered before."""

    low: int
    person: Places
    place: Places
    wishes: int


def market(task: Asked, like_price: int, face_price: int, proceed: Callable[[], bool] = lambda: True) -> Market | None:
    """Return the task's market, with a unit of likes, and a new face in a series, at these prices.

    `proceed` is asked now and then whether to go on; there is no market if it says no.
    """
    openings, people = _openings(task)
    spans, reach = _spans(task.problem, openings)
    likes = _likes(task.problem) * like_price
    # Where nobody is bought, only those serve who like to: for the others it would be a burden and no gain.
    people = [
        able if priced else able[likes[able, activity] > 0]
        for able, priced, activity in zip(people, openings.priced, openings.activity[openings.slot], strict=True)
    ]
    place = np.repeat(np.arange(len(people), dtype=np.int32), [len(able) for able in people])
    person = np.concatenate([np.empty(0, np.int32), *people])
    crews: list[Crew] = []
    wishes = 0
    for low in range(0, len(task.problem.people), _CREW):
        if not proceed():
            return None
        mine = np.flatnonzero((person >= low) & (person < low + _CREW))
        if len(mine):
            offers = _Offers(low, person[mine] - np.int32(low), place[mine], wishes)
            crews.append(_crew(task.problem, openings, spans, likes, offers))
            wishes += len(crews[-1].wish_slot)
    return Market(openings, tuple(crews), reach, face_price)


def _openings(task: Asked) -> tuple[Openings, list[NDArray[np.int32]]]:
    """Return the openings and for each place the numbers of those who could fill it."""
    number = {person.id: at for at, person in enumerate(task.problem.people)}
    slots: list[tuple[int, int]] = []
    places: list[tuple[int, int, int, int, bool]] = []
    people: list[NDArray[np.int32]] = []
    numbers_of: dict[frozenset[str], NDArray[np.int32]] = {}
    for at, activity in enumerate(task.problem.activities):
        for start in starts(task.choices, activity.id):
            for column, role in enumerate(activity.roles):
                able = task.choices.people(activity.id, start, role.role) if role.wanted else frozenset[str]()
                if able not in numbers_of:
                    numbers_of[able] = np.fromiter(map(number.__getitem__, able), dtype=np.int32, count=len(able))
                places.append((len(slots), column, role.required, role.wanted, role.continuity))
                people.append(numbers_of[able])
            slots.append((at, start))
    columns = max((len(activity.roles) for activity in task.problem.activities), default=0)
    of_slot = np.array(slots, dtype=np.int64).reshape(-1, 2)
    of_place = np.array(places, dtype=np.int64).reshape(-1, 5)
    place_of = np.full((len(slots), columns), -1, dtype=np.int64)
    place_of[of_place[:, 0], of_place[:, 1]] = np.arange(len(places))
    able_to = np.array([len(found) for found in people], dtype=np.int64)
    slot, column_of, required, wanted, same = of_place.T
    series = of_slot[slot, 0] * max(1, columns) + column_of
    _, first, numbers = np.unique(series[same > 0], return_index=True, return_inverse=True)
    face = np.full(len(places), -1, dtype=np.int64)
    face[same > 0] = numbers
    free = wanted[same > 0][first]
    priced = _scarcest(series, able_to)
    return Openings(of_slot[:, 0], of_slot[:, 1], slot, required, wanted, able_to, face, free, priced, place_of), people


def _scarcest(series: Ints, able: Ints) -> NDArray[np.bool_]:
    """Return which places to buy people for: in as many series as offers allow, those first that few people could fill.

    A series whose places differ would have its sessions held where people cost nothing, so it is taken as a whole.
    """
    _, which, places = np.unique(series, return_inverse=True, return_counts=True)
    offers = np.bincount(which, able, len(places))
    order = np.argsort(offers / np.maximum(1, places), kind="stable")
    taken = np.zeros(len(places), dtype=np.bool_)
    taken[order] = np.cumsum(offers[order]) <= _MOST_OFFERS
    return taken[which]


def starts(choices: Choices, activity: str) -> Iterator[int]:
    """Yield the activity's possible starts, each once."""
    return (slot.start for slot in choices.slots(activity) if slot.lane == 0)


def held_at_once(problem: Problem) -> Ints:
    """Return for each activity how many of its sessions may begin at one moment."""
    return np.array([lanes(activity) for activity in problem.activities], dtype=np.int64)


def _likes(problem: Problem) -> Floats:
    number = {activity.id: at for at, activity in enumerate(problem.activities)}
    found = np.zeros((len(problem.people), len(problem.activities)))
    for at, person in enumerate(problem.people):
        for activity, like in person.likes.items():
            if activity in number:
                found[at, number[activity]] = like
    return found


def _spans(problem: Problem, openings: Openings) -> tuple[Ints, tuple[int, ...]]:
    """Return the number of each slot's span of the day, and for each span how many spans are over when it begins."""
    duration = np.array([activity.duration for activity in problem.activities], dtype=np.int64)
    begin = openings.start % MINUTES_A_DAY
    end = begin + duration[openings.activity]
    found = (_rounded(begin, end, step) for step in _STEPS)
    codes, spans = next(
        ((codes, spans) for codes, spans in found if len(codes) <= _SPANS), _rounded(begin, end, _COARSEST)
    )
    over = np.searchsorted(codes // _SHIFT, codes % _SHIFT, side="right")
    return spans, tuple(min(int(count), at) for at, count in enumerate(over))


def _rounded(begin: Ints, end: Ints, step: int) -> tuple[Ints, Ints]:
    """Return the different spans, by their ends, and which of them each is, shrunk to whole steps."""
    low, high = -(-begin // step) * step, end // step * step
    # What would shrink to nothing becomes a point that stands in nobody's way.
    point = begin // step * step
    low, high = np.where(high > low, low, point), np.where(high > low, high, point)
    codes, spans = np.unique(high * _SHIFT + low, return_inverse=True)
    return codes, spans


def _crew(problem: Problem, openings: Openings, spans: Ints, likes: Floats, offers: _Offers) -> Crew:
    """Return the crew that makes these offers."""
    slot = openings.slot[offers.place]
    day = openings.day[slot] - openings.day.min(initial=0)
    all_days, all_spans = int(day.max(initial=0)) + 1, int(spans.max(initial=0)) + 1
    cell = (offers.person * all_days + day) * all_spans + spans[slot]
    order = np.argsort(cell, kind="stable")
    person, place, slot, cell = offers.person[order], offers.place[order], slot[order], cell[order]
    first = np.flatnonzero(np.diff(cell, prepend=-1))
    days, cell_day = np.unique(cell[first] // all_spans, return_inverse=True)
    day_person = days // all_days
    faced = np.flatnonzero(openings.face[place] >= 0)
    people = problem.people[offers.low : offers.low + _CREW]
    gain = likes[offers.low : offers.low + _CREW][person, openings.activity[slot]]
    liked, wished = np.flatnonzero(gain), np.flatnonzero(gain > 0)
    wishes, wish = np.unique(person[wished] * len(openings.start) + slot[wished], return_inverse=True)
    return Crew(
        place=place,
        first=first,
        size=np.diff(first, append=len(cell)),
        cell_day=cell_day,
        cell_span=cell[first] % all_spans,
        day_person=day_person,
        nth_day=np.arange(len(days)) - np.searchsorted(day_person, day_person),
        most_a_day=np.array([who.max_per_day for who in people], dtype=np.int64),
        most=np.array([who.max_sessions for who in people], dtype=np.int64),
        liked=liked,
        likes=gain[liked],
        wished=wished,
        wish=wish + offers.wishes,
        wish_slot=wishes % len(openings.start),
        faced=faced,
        share=_shares(problem, openings, person[faced] + offers.low, place[faced]),
    )


def _shares(problem: Problem, openings: Openings, person: Places, place: Places) -> Floats:
    """Return which part of the price of a new face each offer bears: one for each session that the face could be in.

    Whoever serves in a series at all is a face of it, and in at most so many of its sessions as its days, its length
    and their offer allow. So the parts that they really bear are never more than the whole.
    """
    if not len(place):
        return np.zeros(0)
    slot = openings.slot[place]
    day = openings.day[slot] - openings.day.min()
    # Each pair of a person and a series has a bit for each day.
    pair, all_days = (person - person.min()) * len(openings.free_faces) + openings.face[place], int(day.max()) + 1
    offered = np.zeros((int(pair.max()) + 1, all_days), dtype=np.bool_)
    offered[pair, day] = True
    days = offered.sum(axis=1)[pair]
    activities = problem.activities
    per_day = np.array([1 if found.ordered else found.max_per_day for found in activities])[openings.activity[slot]]
    most = np.array([found.sessions for found in activities])[openings.activity[slot]]
    most = np.minimum(most, np.array([each.max_sessions for each in problem.people])[person])
    per_day = np.minimum(per_day, np.array([each.max_per_day for each in problem.people])[person])
    parts: Floats = np.floor(_FINE / np.maximum(1, np.minimum(most, days * per_day))) / _FINE
    return parts
