"""Prices for places that make people and sessions, each looking only to their own advantage, cost the most together."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.planning.bounds.offers import Floats
from core.planning.bounds.people import Burden, Prices, serve
from core.planning.bounds.sessions import Sessions, Staffed

#: Prices are multiples of 1 / GRAIN.
GRAIN = 64
#: After so many rounds without much gain the aim is lowered to this share.
_PATIENCE, _LOWER = 20, 0.7
#: An aim as close as this isn't worth a round.
_ENOUGH = 0.5
#: The share of the newest imbalance in the direction of a step; the rest is what the steps before followed.
_NEWEST = 0.6


@dataclass(frozen=True, eq=False)
class Priced:
    """A bound at some prices: what people cost, what it costs to hold nothing, and what each activity adds by holding.

    `staffed` says what a session costs in each slot; `added` is the least that sessions add, by activity.
    """

    prices: Prices
    people: float
    nothing_held: float
    staffed: Staffed
    added: Floats

    @property
    def base(self) -> float:
        """Return what the bound is without what activities add."""
        return self.people + self.nothing_held

    @property
    def bound(self) -> float:
        """Return the sum, which no plan goes below."""
        return self.base + float(self.added.sum())


def first_prices(sessions: Sessions, burden: Burden) -> Prices:
    """Return one price for all places: about what a session more costs whoever serves as often as the average."""
    openings, market = sessions.market.openings, sessions.market
    slots = np.bincount(openings.activity, minlength=len(sessions.sessions))
    held = (sessions.sessions / np.maximum(1, slots))[openings.activity]
    people = sum(len(crew.most) for crew in market.crews)
    load = float(openings.wanted @ held[openings.slot]) / max(1, people)
    price = round(2 * load * burden.load + burden.trip / 2)
    return Prices(np.full(len(openings.slot), float(price)), np.zeros(len(market.wish_slot)))


def ascend(sessions: Sessions, burden: Burden, proceed: Callable[[float], bool]) -> Priced:
    """Return the best prices found; `proceed` is asked in each round, with the bound so far, whether to go on.

    Each round everybody answers the prices; where more people are bought than serve, the price rises (a subgradient
    step of Polyak's kind towards an aim above the best bound, with a memory of the directions before). Every round's
    sum is a bound: prices only move costs from one side to the other (Lagrangian relaxation).
    """
    found, imbalance = _round(sessions, burden, first_prices(sessions, burden))
    best, at = found, found
    aim, patience = max(1.0, 0.1 * abs(found.people) + 64.0), _PATIENCE
    memory = Prices(np.zeros_like(found.prices.place), np.zeros_like(found.prices.wish))
    while proceed(best.bound) and aim >= _ENOUGH and _any(imbalance):
        memory = _blend(imbalance, memory)
        prices = _step(at.prices, memory, best.bound + aim - at.bound)
        at, imbalance = _round(sessions, burden, prices)
        patience = _PATIENCE if at.bound > best.bound + 0.05 * aim else patience - 1
        best = max(best, at, key=lambda priced: priced.bound)
        if not patience:
            aim, patience = _LOWER * aim, _PATIENCE
    return best


def _round(sessions: Sessions, burden: Burden, prices: Prices) -> tuple[Priced, Prices]:
    """Return the bound at these prices, and by how much each place and wish is sought more than it is offered."""
    served = serve(sessions.market, prices, burden)
    staffed = sessions.staff(prices)
    added, held = sessions.hold(staffed.cost)
    sought = staffed.people * held[sessions.market.openings.slot]
    imbalance = Prices(sought - served.filled, served.fulfilled - held[sessions.market.wish_slot])
    return Priced(prices, served.cost, sessions.nothing_held, staffed, added), imbalance


def _any(imbalance: Prices) -> bool:
    return bool(imbalance.place.any() or imbalance.wish.any())


def _blend(newest: Prices, memory: Prices) -> Prices:
    def mixed(one: Floats, other: Floats) -> Floats:
        return _NEWEST * one + (1 - _NEWEST) * other

    return Prices(mixed(newest.place, memory.place), mixed(newest.wish, memory.wish))


def _step(prices: Prices, direction: Prices, aim: float) -> Prices:
    # The price of a wish never falls below 0, so there a way down is no way.
    wish = np.where((prices.wish <= 0) & (direction.wish < 0), 0.0, direction.wish)
    length = aim / max(1e-9, float(direction.place @ direction.place + wish @ wish))
    place = np.round((prices.place + length * direction.place) * GRAIN) / GRAIN
    return Prices(place, np.maximum(0.0, np.round((prices.wish + length * wish) * GRAIN) / GRAIN))
