"""What sessions cost at given prices: how many people each should buy, and which to hold if nothing else counted."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.planning.bounds.asked import Asked
from core.planning.bounds.offers import Floats, Ints, Market, held_at_once
from core.planning.bounds.people import Prices
from core.planning.problem import Problem


def weights(task: Asked) -> Mapping[str, int]:
    """Return what a unit of each preference of the task costs; 0 for what is not among them."""
    return defaultdict(int, {preference.name: preference.weight(task.problem) for preference in task.preferences})


@dataclass(frozen=True, eq=False)
class Staffed:
    """For each slot what a session there adds to the cost if held, and for each place how many people it then buys."""

    cost: Floats
    people: Floats


@dataclass(frozen=True, eq=False)
class Sessions:
    """The side of the sessions: what leaving one out costs, what empty places cost, how many may be held."""

    market: Market
    unheld: Floats
    empty: Floats
    adults: Ints
    sessions: Ints
    per_day: Ints
    at_once: Ints

    @property
    def nothing_held(self) -> float:
        """Return what it costs to hold no session at all."""
        return float(self.unheld @ self.sessions)

    def slots(self, problem: Problem) -> list[tuple[str, int]]:
        """Return the activity and start of each slot."""
        openings = self.market.openings
        pairs = zip(openings.activity.tolist(), openings.start.tolist(), strict=True)
        return [(problem.activities[activity].id, start) for activity, start in pairs]

    def staff(self, prices: Prices) -> Staffed:
        """Return how each slot's session is staffed most cheaply, with as many people as it takes adults at least."""
        openings = self.market.openings
        counts = np.arange(self.empty.shape[1])
        by_count = self.empty + prices.place[:, None] * counts
        slots, columns = openings.place_of.shape
        most = int(self.adults.max(initial=0))
        # cheapest[m]: what m people cost in the roles so far, the last m standing for that many and more.
        cheapest = np.full((most + 1, slots), np.inf)
        cheapest[0] = 0.0
        choices = []
        for column in range(columns):
            place = openings.place_of[:, column]
            cost = np.where((place >= 0)[:, None], by_count[place], np.where(counts == 0, 0.0, np.inf))
            cheapest, chosen = _with_role(cheapest, cost)
            choices.append(chosen)
        short = np.arange(most + 1)[:, None] < self.adults[openings.activity]
        cheapest[short] = np.inf
        total = cheapest.argmin(axis=0)
        cost = cheapest.min(axis=0, initial=np.inf) - self.unheld[openings.activity]
        np.subtract.at(cost, self.market.wish_slot, prices.wish)
        return Staffed(cost, self._people(choices, total))

    def _people(self, choices: list[tuple[Ints, Ints]], total: Ints) -> Floats:
        openings, who = self.market.openings, np.arange(len(total))
        people = np.zeros(len(openings.slot))
        for column, (count, before) in reversed(list(enumerate(choices))):
            place = openings.place_of[:, column]
            exists = place >= 0
            people[place[exists]] = count[total, who][exists]
            total = before[total, who]
        return people

    def hold(self, cost: Floats) -> tuple[Floats, Floats]:
        """Return the least that each activity's sessions can add to the cost by being held, and how many are, by slot.

        An activity holds no more sessions than it has, in all, on a day and at a moment; all else is left out.
        """
        openings = self.market.openings
        slot = np.repeat(np.arange(len(cost)), self.at_once[openings.activity])
        slot = slot[cost[slot] < 0]
        day = openings.day[slot] - openings.day.min(initial=0)
        activity_day = openings.activity[slot] * (day.max(initial=0) + 1) + day
        slot = _cheapest(slot, cost, activity_day, self.per_day[openings.activity[slot]])
        slot = _cheapest(slot, cost, openings.activity[slot], self.sessions[openings.activity[slot]])
        held = np.bincount(slot, minlength=len(cost)).astype(np.float64)
        added = np.zeros(len(self.sessions))
        np.add.at(added, openings.activity[slot], cost[slot])
        return added, held


def sessions_of(task: Asked, market: Market) -> Sessions:
    """Return the task's side of the sessions."""
    problem: Problem = task.problem
    activities, openings, weight = problem.activities, market.openings, weights(task)
    count = np.arange(int(openings.wanted.max(initial=0)) + 1)
    required, wanted = openings.required[:, None], openings.wanted[:, None]
    empty = weight["required"] * np.maximum(0, required - count) + weight["wanted"] * np.maximum(
        0, wanted - np.maximum(required, count)
    )
    able = np.minimum(openings.wanted, openings.able)[:, None]
    return Sessions(
        market,
        unheld=np.array([weight["unscheduled"] * activity.priority for activity in activities], dtype=np.float64),
        empty=np.where(count <= able, empty, np.inf),
        adults=np.array([activity.min_adults for activity in activities], dtype=np.int64),
        sessions=np.array([activity.sessions for activity in activities], dtype=np.int64),
        per_day=np.array([1 if found.ordered else found.max_per_day for found in activities], dtype=np.int64),
        at_once=held_at_once(problem),
    )


def _with_role(cheapest: Floats, cost: Floats) -> tuple[Floats, tuple[Ints, Ints]]:
    """Return the least cost of each number of people with one role more, and how many of them and of those before."""
    most = len(cheapest) - 1
    result = np.full_like(cheapest, np.inf)
    chosen, before = np.zeros(cheapest.shape, np.int64), np.zeros(cheapest.shape, np.int64)
    for count in range(cost.shape[1]):
        for earlier in range(most + 1):
            total = min(most, earlier + count)
            candidate = cheapest[earlier] + cost[:, count]
            better = candidate < result[total]
            result[total][better] = candidate[better]
            chosen[total][better] = count
            before[total][better] = earlier
    return result, (chosen, before)


def _cheapest(slot: Ints, cost: Floats, kind: Ints, most: Ints) -> Ints:
    """Return for each kind as many of its cheapest slots as it may have."""
    order = np.lexsort((cost[slot], kind))
    slot, kind, most = slot[order], kind[order], most[order]
    first = np.searchsorted(kind, kind)
    return slot[np.arange(len(slot)) - first < most]
