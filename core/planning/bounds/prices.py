"""Prices for places that make people and sessions, each looking only to their own advantage, cost the most together."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.planning.bounds.offers import Floats, Market
from core.planning.bounds.people import Burden, Prices, Served, serve
from core.planning.bounds.sessions import Sessions, Staffed
from core.planning.problem import Problem

#: Prices are multiples of 1 / GRAIN.
GRAIN = 64
#: After so many rounds without much gain, a share of the aim, the aim is lowered to this share.
_PATIENCE, _MUCH, _LOWER = 20, 0.05, 0.7
#: An aim as close as this isn't worth a round.
_ENOUGH = 0.5
#: The share of the newest imbalance in the direction of a step; the rest is what the steps before followed.
_NEWEST = 0.6


@dataclass(frozen=True, eq=False)
class Priced:
    """A bound at some prices: what people cost, what it costs to hold nothing, and what each activity adds by holding.

    `staffed` says what a session costs in each slot; `added` is the least that sessions add, by activity.
    """

    sessions: Sessions
    prices: Prices
    people: float
    staffed: Staffed
    added: Floats

    @property
    def base(self) -> float:
        """Return what the bound is without what activities add."""
        return self.people + self.sessions.nothing_held

    def slot_costs(self, problem: Problem) -> dict[tuple[str, int], int]:
        """Return what a session adds by activity and start, in units of 1 / GRAIN; not where it can't be staffed."""
        slots = zip(self.sessions.slots(problem), self.staffed.cost.tolist(), strict=True)
        return {slot: round(cost * GRAIN) for slot, cost in slots if cost < np.inf}

    @property
    def bound(self) -> float:
        """Return the sum, which no plan goes below."""
        return self.base + float(self.added.sum())


class Ascent:
    """A climb from prices to prices that bound the cost better, told of each what bound and imbalance they give.

    Where more people are bought than serve, the price rises: a subgradient step of Polyak's kind towards an aim above
    the best bound, with a memory of the directions before. `prices` are the next to ask for.
    """

    def __init__(self, market: Market, prices: Prices, aim: float, patience: int = _PATIENCE) -> None:
        self.prices = prices
        self.best = -np.inf
        self._aim, self._patience, self._left = aim, patience, patience
        self._dearest = market.face_price
        self._memory = _blend(prices, prices, 0.0, 0.0)
        self._balanced = False

    @property
    def done(self) -> bool:
        """Say whether there is nothing more to gain."""
        return self._balanced or self._aim < _ENOUGH

    def step(self, bound: float, imbalance: Prices) -> None:
        """Take the next step; the imbalance is by how much more of each thing is sought than offered."""
        self._balanced = not (imbalance.place.any() or imbalance.wish.any() or imbalance.face.any())
        self._left = self._patience if bound > self.best + _MUCH * self._aim else self._left - 1
        self.best = max(self.best, bound)
        if not self._left:
            self._aim, self._left = _LOWER * self._aim, self._patience
        self._memory = _blend(imbalance, self._memory, _NEWEST, 1 - _NEWEST)
        self.prices = self._moved(self.best + self._aim - bound)

    def _moved(self, gain: float) -> Prices:
        """Return the prices a step further, as long as would gain so much if the bound went on as it begins."""
        at, direction = self.prices, self._memory
        # Where a price is at its limit, a way beyond is no way.
        wish = np.where((at.wish <= 0) & (direction.wish < 0), 0.0, direction.wish)
        face = np.where((at.face <= 0) & (direction.face < 0), 0.0, direction.face)
        face = np.where((at.face >= self._dearest) & (direction.face > 0), 0.0, face)
        length = gain / max(1e-9, float(direction.place @ direction.place + wish @ wish + face @ face))
        return Prices(
            _grained(at.place + length * direction.place),
            np.maximum(0.0, _grained(at.wish + length * wish)),
            np.clip(_grained(at.face + length * face), 0.0, self._dearest),
        )


def first_prices(sessions: Sessions, burden: Burden) -> Prices:
    """Return the full price for new faces, and one for all places: about what one session more costs who serves."""
    openings, market = sessions.market.openings, sessions.market
    slots = np.bincount(openings.activity, minlength=len(sessions.sessions))
    held = (sessions.sessions / np.maximum(1, slots))[openings.activity]
    people = sum(len(crew.most) for crew in market.crews)
    load = float(openings.wanted @ held[openings.slot]) / max(1, people)
    price = round(2 * load * burden.load + burden.trip / 2)
    faces = np.full(len(openings.free_faces), float(market.face_price))
    return Prices(price * openings.priced.astype(np.float64), np.zeros(len(market.wish_slot)), faces)


def ascend(sessions: Sessions, burden: Burden, proceed: Callable[[float], bool]) -> Priced:
    """Return the best prices found; `proceed` is asked in each round, with the bound so far, whether to go on.

    Every round's sum is a bound: prices only move costs from one side to the other (Lagrangian relaxation).
    """
    best, served = ask(sessions, burden, first_prices(sessions, burden))
    ascent = Ascent(sessions.market, best.prices, max(1.0, 0.1 * abs(best.people) + 64.0))
    found = best
    while True:
        ascent.step(found.bound, imbalance(sessions, found, served, sessions.hold(found.staffed.cost)[1]))
        if ascent.done or not proceed(best.bound):
            return best
        found, served = ask(sessions, burden, ascent.prices)
        best = max(best, found, key=lambda priced: priced.bound)


def ask(sessions: Sessions, burden: Burden, prices: Prices) -> tuple[Priced, Served]:
    """Return the bound at these prices, and how people serve at them."""
    served = serve(sessions.market, prices, burden)
    staffed = sessions.staff(prices)
    return Priced(sessions, prices, served.cost, staffed, sessions.hold(staffed.cost)[0]), served


def imbalance(sessions: Sessions, priced: Priced, served: Served, held: Floats) -> Prices:
    """Return by how much each place, wish and face is sought more than is offered, if so many are held in each slot."""
    market = sessions.market
    sought = priced.staffed.people * held[market.openings.slot]
    faces = served.faces - market.openings.free_faces
    return Prices((sought - served.filled) * market.openings.priced, served.fulfilled - held[market.wish_slot], faces)


def _blend(one: Prices, other: Prices, share: float, rest: float) -> Prices:
    return Prices(
        share * one.place + rest * other.place,
        share * one.wish + rest * other.wish,
        share * one.face + rest * other.face,
    )


def _grained(prices: Floats) -> Floats:
    return np.round(prices * GRAIN) / GRAIN
