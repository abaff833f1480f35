"""The best flow through a network, aim by aim, and prices of the program's rows that prove a bound."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import lcm

import numpy as np
from ortools.graph.python import min_cost_flow

from core.allocation.solving.network import NONE, Network
from core.allocation.solving.program import Numbers, Reals


@dataclass(frozen=True, eq=False)
class _Arcs:
    """Ways from node to node, what must and may go along them, and what a unit costs."""

    tail: Numbers
    head: Numbers
    low: Numbers
    high: Numbers

    def narrowed(self, low: Numbers, high: Numbers) -> "_Arcs":
        return _Arcs(self.tail, self.head, low, high)


class Stream:
    """Flows through a network; each aim that was reached narrows what the next may change.

    Node 0 is where everything flows out; then come the part's rows, and a node for each column without a child's row.
    """

    def __init__(self, net: Network) -> None:
        self._net = net
        rows = len(net.found.rows)
        #: Columns that carry units; their arcs come first.
        self._carried = np.flatnonzero(net.units > 0)
        units, left = net.units[self._carried], net.left[self._carried]
        self._scale = lcm(*np.unique(units).tolist()) if len(units) else 1
        alone = left == NONE
        self._nodes = 1 + rows + int(alone.sum())
        tail = np.where(alone, rows + np.cumsum(alone), left + 1)
        children, which = np.unique(tail, return_index=True)
        self._units = np.zeros(self._nodes, dtype=np.int64)
        self._units[children] = units[which]
        at_most = np.where(alone[which], 1, net.high[np.maximum(left[which], 0)])
        at_least = np.where(alone[which], 0, net.low[np.maximum(left[which], 0)])
        self._supply = np.zeros(self._nodes, dtype=np.int64)
        self._supply[children] = at_most * units[which]
        self._supply[0] = -self._supply.sum()
        inner = np.unique(net.right[self._carried])
        rights = np.unique(np.concatenate([inner, net.within[inner]]))
        self._rights = rights[rights != NONE]
        # What a child has no place for flows out past all activities.
        past, none = (at_most - at_least) * units[which], np.zeros_like(children)
        self._arcs = _Arcs(
            np.concatenate([tail, children, self._rights + 1]),
            np.concatenate([net.right[self._carried] + 1, none, net.within[self._rights] + 1]),
            np.concatenate([np.zeros_like(tail), none, net.low[self._rights]]),
            np.concatenate([units, past, net.high[self._rights]]),
        )

    def reach(self, weights: Numbers) -> Numbers | None:
        """Make the weights' sum great, hold it, and return the flow; None if none keeps all rows."""
        cost = self._costs(weights)
        flow = self._best(self._arcs, cost)
        if flow is None:
            return None
        far = self._distances(flow, cost)
        spared = cost + far[self._arcs.tail] - far[self._arcs.head]
        low, high = np.where(spared < 0, flow, self._arcs.low), np.where(spared > 0, flow, self._arcs.high)
        self._arcs = self._arcs.narrowed(low, high)
        return flow

    def lured(self, weights: Numbers, fewest: Mapping[int, int]) -> Numbers | None:
        """Return a flow in which each unit, up to the fewest of its row, counts for half a unit of the greatest weight.

        `fewest` is by row of the network; nothing is held.
        """
        place = {int(row): len(self._arcs.tail) - len(self._rights) + at for at, row in enumerate(self._rights)}
        named = [row for row in fewest if row in place]
        at = np.array([place[row] for row in named], dtype=np.int64)
        wanted = np.minimum(np.array([fewest[row] for row in named], dtype=np.int64), self._arcs.high[at])
        high = self._arcs.high.copy()
        high[at] -= wanted
        arcs = _Arcs(
            np.concatenate([self._arcs.tail, self._arcs.tail[at]]),
            np.concatenate([self._arcs.head, self._arcs.head[at]]),
            np.concatenate([np.minimum(self._arcs.low, high), np.zeros_like(at)]),
            np.concatenate([high, wanted]),
        )
        cost = self._costs(weights) * 2
        reward = np.full(len(at), int(cost.min(initial=0)) // 2, dtype=np.int64)
        flow = self._best(arcs, np.concatenate([cost, reward]))
        return None if flow is None else flow[: len(self._arcs.tail)]

    def values(self, flow: Numbers) -> Reals:
        """Return the values of the program's columns in a flow; undecided activities are open."""
        found, net = self._net.found, self._net
        own = np.ones(len(found.columns))
        own[self._carried] = flow[: len(self._carried)] / net.units[self._carried]
        values = found.program.least.astype(np.float64)
        values[found.columns] = own
        return values

    def priced(self, weights: Numbers) -> Reals | None:
        """Return the prices of the program's rows in the best flow, holding nothing."""
        cost = self._costs(weights)
        flow = self._best(self._arcs, cost)
        if flow is None:
            return None
        far = self._distances(flow, cost)
        far -= far[0]
        net, rows = self._net, len(self._net.found.rows)
        own = np.zeros(rows)
        children = np.flatnonzero(self._units[1 : rows + 1])
        own[children] = far[children + 1] * self._units[children + 1] / self._scale
        own[self._rights] = (far[net.within[self._rights] + 1] - far[self._rights + 1]) / self._scale
        prices = np.zeros(net.found.program.rows)
        prices[net.found.rows] = own
        return prices

    def _costs(self, weights: Numbers) -> Numbers:
        cost = np.zeros(len(self._arcs.tail), dtype=np.int64)
        per_unit = self._scale // self._net.units[self._carried]
        cost[: len(self._carried)] = -weights[self._net.found.columns[self._carried]] * per_unit
        return cost

    def _best(self, arcs: _Arcs, cost: Numbers) -> Numbers | None:
        if bool((arcs.low > arcs.high).any()):
            return None
        engine = min_cost_flow.SimpleMinCostFlow()
        supply = self._supply.copy()
        # What must go along an arc goes in any case.
        np.subtract.at(supply, arcs.tail, arcs.low)
        np.add.at(supply, arcs.head, arcs.low)
        found = engine.add_arcs_with_capacity_and_unit_cost(arcs.tail, arcs.head, arcs.high - arcs.low, cost)
        engine.set_nodes_supplies(np.arange(self._nodes), supply)
        if engine.solve() != engine.OPTIMAL:
            return None
        flow: Numbers = np.asarray(engine.flows(found), dtype=np.int64) + arcs.low
        return flow

    def _distances(self, flow: Numbers, cost: Numbers) -> Numbers:
        """Return the shortest ways to each node through what the flow leaves free (Bellman and Ford)."""
        forth, back = flow < self._arcs.high, flow > self._arcs.low
        tail = np.concatenate([self._arcs.tail[forth], self._arcs.head[back]])
        head = np.concatenate([self._arcs.head[forth], self._arcs.tail[back]])
        length = np.concatenate([cost[forth], -cost[back]])
        far = np.zeros(self._nodes, dtype=np.int64)
        while True:
            before = far.copy()
            np.minimum.at(far, head, far[tail] + length)
            if bool((far == before).all()):
                return far
