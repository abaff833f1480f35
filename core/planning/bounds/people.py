"""What people would do at given prices: each their best week, found exactly, a whole crew at a time."""

from dataclasses import dataclass

import numpy as np

from core.planning.bounds.offers import Crew, Floats, Ints, Market


@dataclass(frozen=True, eq=False)
class Prices:
    """What a person earns by filling each place, and pays for each wish, and for being a new face in a series.

    The price of a wish says that whoever likes an activity can't serve in more of it than is held. All prices are
    multiples of a power of 2, so that sums are exact.
    """

    place: Floats
    wish: Floats
    face: Floats


@dataclass(frozen=True, eq=False)
class Served:
    """What the people's answers cost in all, how often each place is filled, which wishes are fulfilled.

    `faces` is how many faces each series has at least.
    """

    cost: float
    filled: Floats
    fulfilled: Floats
    faces: Floats


@dataclass(frozen=True)
class Burden:
    """What serving costs by itself: a day on which somebody comes, and a person's number of sessions squared."""

    trip: int
    load: int


def serve(market: Market, prices: Prices, burden: Burden) -> Served:
    """Return how all people serve at the prices, each so that what it costs less what they earn is least.

    Everybody keeps to their hours, skills, sessions in all and sessions a day, and is in one session at a time. Ways
    between venues are left out. New faces in a series are paid for, and those that are free given back.
    """
    filled, fulfilled = np.zeros_like(prices.place), np.zeros_like(prices.wish)
    faces = np.zeros_like(prices.face)
    cost = -float(market.openings.free_faces @ prices.face)
    for crew in market.crews:
        gains = prices.place[crew.place]
        gains[crew.liked] += crew.likes
        gains[crew.wished] -= prices.wish[crew.wish]
        gains[crew.faced] -= crew.share * prices.face[market.openings.face[crew.place[crew.faced]]]
        best = np.maximum.reduceat(gains, crew.first)
        days = _Days(crew, best, market.reach)
        seasons = _Seasons(crew, days.worth - burden.trip, burden.load)
        cost -= seasons.gain
        cells = days.cells(seasons.sessions_by_day())
        chosen = _offers(crew, gains, best, cells)
        np.add.at(filled, crew.place[chosen], 1)
        np.add.at(fulfilled, crew.wish[_among(crew.wished, chosen)], 1)
        faced = _among(crew.faced, chosen)
        np.add.at(faces, market.openings.face[crew.place[crew.faced[faced]]], crew.share[faced])
    return Served(cost, filled, fulfilled, faces)


def _among(some: Ints, chosen: Ints) -> Ints:
    """Return where in the sorted some the chosen stand that are among them."""
    return np.searchsorted(some, chosen[np.isin(chosen, some)])


class _Days:
    """The best of each person's days: for every number of sessions what they are worth, −∞ if so many don't fit in."""

    def __init__(self, crew: Crew, best: Floats, reach: tuple[int, ...]) -> None:
        spans, days = len(reach), len(crew.day_person)
        self._reach = np.array(reach, dtype=np.int64)
        self._cell = np.full((spans, days), -1)
        self._cell[crew.cell_span, crew.cell_day] = np.arange(len(best))
        gain = np.full((spans, days), -np.inf)
        gain[crew.cell_span, crew.cell_day] = best
        most = min(int(crew.most_a_day.max(initial=0)), spans)
        # so_far[k, j]: the most that k sessions in the first j spans are worth.
        self._so_far = np.full((most + 1, spans + 1, days), -np.inf)
        self._so_far[0] = 0.0
        for at, over in enumerate(reach):
            for k in range(1, most + 1):
                np.maximum(self._so_far[k, at], gain[at] + self._so_far[k - 1, over], out=self._so_far[k, at + 1])
        self.worth = self._so_far[:, spans].copy()
        self.worth[np.arange(most + 1)[:, None] > crew.most_a_day[crew.day_person]] = -np.inf

    def cells(self, sessions: Ints) -> Ints:
        """Return the cells that are used if people serve so often on each day."""
        day = np.flatnonzero(sessions)
        left, upto = sessions[day], np.full(len(day), len(self._reach))
        used = [np.empty(0, np.int64)]
        while len(day):
            take = self._so_far[left, upto, day] != self._so_far[left, upto - 1, day]
            used.append(self._cell[upto[take] - 1, day[take]])
            upto = np.where(take, self._reach[upto - 1], upto - 1)
            left = left - take
            day, left, upto = day[left > 0], left[left > 0], upto[left > 0]
        return np.concatenate(used)


class _Seasons:
    """The best of each person's season: how often to serve on which day."""

    def __init__(self, crew: Crew, worth: Floats, load: int) -> None:
        self._crew = crew
        people, days = len(crew.most), int(crew.nth_day.max(initial=-1)) + 1
        self._worth = np.full((len(worth), days, people), -np.inf)
        self._worth[:, crew.nth_day, crew.day_person] = worth
        most = min(int(crew.most.max(initial=0)), days * (len(worth) - 1))
        # so_far[d, n]: the most that n sessions on the first d days are worth.
        self._so_far = np.full((days + 1, most + 1, people), -np.inf)
        self._so_far[0, 0] = 0.0
        for day in range(days):
            self._so_far[day + 1] = self._so_far[day]
            for k in range(1, min(len(worth) - 1, most) + 1):
                more = self._so_far[day, : most + 1 - k] + self._worth[k, day]
                np.maximum(self._so_far[day + 1, k:], more, out=self._so_far[day + 1, k:])
        count = np.arange(most + 1)[:, None]
        result = np.where(count <= crew.most, self._so_far[days] - load * count * count, -np.inf)
        self._count = result.argmax(axis=0)
        self.gain = float(result.max(axis=0).sum())

    def sessions_by_day(self) -> Ints:
        """Return for each day of the crew how many sessions its person serves in."""
        options, days, people = self._worth.shape
        left, who = self._count.copy(), np.arange(people)
        taken = np.zeros((days, people), dtype=np.int64)
        for day in reversed(range(days)):
            value = self._so_far[day + 1, left, who]
            open_still = value != self._so_far[day, left, who]
            for k in range(1, options):
                before = np.maximum(left - k, 0)
                found = open_still & (left >= k)
                found &= self._so_far[day, before, who] + self._worth[k, day] == value
                taken[day, found] = k
                open_still &= ~found
            left -= taken[day]
        return taken[self._crew.nth_day, self._crew.day_person]


def _offers(crew: Crew, gains: Floats, best: Floats, cells: Ints) -> Ints:
    """Return for each cell the first of its offers that gain the most."""
    size = crew.size[cells]
    owner = np.repeat(np.arange(len(cells)), size)
    before = np.cumsum(size) - size
    offers = np.arange(len(owner)) - before[owner] + crew.first[cells][owner]
    top = np.flatnonzero(gains[offers] == best[cells][owner])
    _, firsts = np.unique(owner[top], return_index=True)
    return offers[top[firsts]]
