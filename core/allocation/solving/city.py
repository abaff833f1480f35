"""Places for a city: more columns than any search can go through, but as good as a network of flows.

Which activities open, and where siblings go who are together, is decided in whole numbers, with all aims weighed at
once and children who are alike counted together. Flows then reach the aims one after the other for all others. Where
time doesn't suffice for that, flows decide as well: an activity that is too small is filled by those who have other
wishes too, or closed; siblings who would be torn between two activities are decided for one.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from core.allocation.problem import Aim
from core.allocation.solving.aiming import Stage
from core.allocation.solving.census import Census, census
from core.allocation.solving.compiling import Compiled
from core.allocation.solving.lap import Lap
from core.allocation.solving.network import NONE, Network, network
from core.allocation.solving.part import part
from core.allocation.solving.program import Flags, Numbers, Program, Reals
from core.allocation.solving.relaxation import certified
from core.allocation.solving.stream import Stream
from core.allocation.solving.tallying import Tally

#: Values that differ by less are alike.
_APART = 1e-6
#: Where all aims are weighed at once, each counts so many times as much as the next.
_STEEP = 2.0
#: The share of all weights that may be lost so that deciding in whole numbers ends.
_LOSS = 3e-5
#: The share of the time left that it may take, and that may go into the bounds before flows give others.
_SHARE = 0.45
_SHARE_BOUNDS = 0.9


class City:
    """A compiled problem as flows. Whoever takes its values looks whether they keep the rows."""

    def __init__(self, compiled: Compiled, stages: Sequence[Stage], lap: Lap, workers: int = 1) -> None:
        self._compiled, self._stages, self._lap, self._workers = compiled, stages, lap, workers
        self._program = compiled.program
        self._activity = np.full(self._program.columns, NONE)
        for (_child, activity), column in compiled.place.items():
            self._activity[column] = activity
        self._program = self._without_closed(self._program)
        self._twice = np.zeros(self._program.columns, dtype=bool)
        self._twice[self._program.column[self._program.factor > 1]] = True

    def values(self) -> Numbers | None:
        """Return whole values that reach the aims one after the other; None where the problem is no network."""
        net = self._network(self._program)
        if net is None:
            return None
        settled = self._settled(net)
        values = None if settled is None else self._flowed(settled)
        if settled is not None and not bool((settled.least < settled.most).any()):
            values = settled.least.astype(np.float64)
        if values is None:
            values = self._filled()
        return None if values is None else np.rint(values).astype(np.int64)

    def _settled(self, net: Network) -> Program | None:
        """Return the program with activities and families decided in whole numbers, None without time for it."""
        aims, kinds = self._aims(), self._census(net)
        if self._lap.over():
            return None
        merged = np.zeros(len(kinds.first))
        for stage in aims:
            weights = kinds.weights(stage.weights)
            usual = float(np.median(weights[weights > 0])) if bool((weights > 0).any()) else 1.0
            merged = merged * _STEEP + weights / usual
        counts = Tally(kinds).whole(merged, _LOSS, self._lap.left() * _SHARE)
        if counts is None:
            return None
        decided = self._twice.copy()
        decided[list(self._compiled.opens)] = True
        decided &= self._program.least < self._program.most
        of_kind = decided[net.found.columns[kinds.first]]
        lots = [stage.weights for stage in self._stages if stage.aim is Aim.LOTTERY]
        luck = lots[0] if lots else np.zeros(self._program.columns, dtype=np.int64)
        least, most = self._program.least.copy(), self._program.most.copy()
        least[decided] = most[decided] = 0
        taken = kinds.chosen(counts, of_kind, luck)
        least[taken] = most[taken] = 1
        return self._without_closed(self._program.narrowed(least, most, self._program.low, self._program.high))

    def _aims(self) -> list[Stage]:
        """Return the stages but for lots, in which no two children are alike."""
        return [stage for stage in self._stages if stage.aim is not Aim.LOTTERY]

    def _census(self, net: Network) -> Census:
        return census(net, [stage.weights for stage in self._aims()], self._compiled.of_children)

    def _filled(self) -> Reals | None:
        """Return values that flows alone find."""
        closed = self._closed()
        if closed is None:
            return None
        program = self._decided(closed)
        torn = self._flowed(program)
        return None if torn is None else self._flowed(self._untorn(program, torn))

    def _closed(self) -> Flags | None:
        """Return, by activity, whether it stays closed: those that are too small are filled, as far as they can be."""
        fewest = np.array([activity.minimum for activity in self._compiled.problem.activities])
        closed: Flags = self._program.most[np.array(self._compiled.opens)] == 0
        lured, pinned = np.zeros_like(closed), np.zeros_like(closed)
        pinned[self._activity[(self._program.least == 1) & (self._activity != NONE)]] = True
        while not self._lap.over():
            counts = self._lured(self._decided(closed, fewest=False), np.where(lured, fewest, 0))
            if counts is None:
                return None
            small = np.flatnonzero((counts < fewest) & ~closed & ~pinned)
            if not len(small):
                return closed
            # The children of the emptiest may fill the others.
            tried = small[lured[small]]
            emptiest = np.argsort(counts[tried] - fewest[tried], kind="stable")[: (len(tried) + 1) // 2]
            closed[tried[emptiest]] = True
            lured[small] = True
        return None

    def _lured(self, program: Program, fewest: Numbers) -> Reals | None:
        """Return how many children activities have if those with a fewest number are filled up to it before others."""
        net = self._network(program)
        if net is None:
            return None
        stream, rows = Stream(net), self._rows(net)
        wanted = {rows[each]: int(fewest[each]) for each in np.flatnonzero(fewest).tolist() if each in rows}
        flow = stream.lured(self._stages[0].weights, wanted)
        return None if flow is None else self._counts(stream.values(flow))

    def _network(self, program: Program) -> Network | None:
        found = part(program)
        return None if found is None else network(found, self._compiled.of_children)

    def _counts(self, values: Reals) -> Reals:
        """Return how many children each activity has."""
        counts = np.zeros(len(self._compiled.opens))
        for (_child, activity), column in self._compiled.place.items():
            counts[activity] += values[column]
        return np.rint(counts)

    def _rows(self, net: Network) -> dict[int, int]:
        """Return the outermost row of each activity that has one."""
        own = np.flatnonzero((net.units > 0) & (net.right != NONE))
        outer = np.where(net.within[net.right[own]] == NONE, net.right[own], net.within[net.right[own]])
        return dict(zip(self._activity[net.found.columns[own]].tolist(), outer.tolist(), strict=True))

    def _decided(self, closed: Flags, *, fewest: bool = True) -> Program:
        """Return the program with these activities closed and all others open, or undecided if no `fewest` is kept."""
        least, most = self._program.least.copy(), self._program.most.copy()
        opens = np.array(self._compiled.opens)
        most[opens] = np.where(closed, 0, most[opens])
        least[opens] = np.where(closed, 0, most[opens] if fewest else least[opens])
        return self._without_closed(self._program.narrowed(least, most, self._program.low, self._program.high))

    def _without_closed(self, program: Program) -> Program:
        """Return the program without places in activities that can't open."""
        shut = program.most[np.array(self._compiled.opens)] == 0
        most = np.where((self._activity != NONE) & shut[self._activity], program.least, program.most)
        return program.narrowed(program.least, most, program.low, program.high)

    def _flowed(self, program: Program) -> Reals | None:
        """Return the values of the best flow, aim after aim; whole but for columns that count twice."""
        net = self._network(program)
        stream = None if net is None else Stream(net)
        flow: Numbers | None = None
        for stage in self._stages:
            flow = None if stream is None or self._lap.over() else stream.reach(stage.weights)
            if stream is None or flow is None:
                return None
        return None if stream is None or flow is None else stream.values(flow)

    def _untorn(self, program: Program, torn: Reals) -> Program:
        """Return the program with siblings decided as they are, and the torn for one activity or none."""
        near = np.rint(torn).astype(np.int64)
        halves = self._twice & (np.abs(torn - near) > _APART)
        decided = self._twice & ~halves & (program.least < program.most)
        least, most = program.least.copy(), program.most.copy()
        least[decided] = most[decided] = near[decided]
        for columns, chosen in self._turned(np.flatnonzero(halves)):
            least[columns] = most[columns] = 0
            if chosen != NONE:
                least[chosen] = most[chosen] = 1
        return program.narrowed(least, most, program.low, program.high)

    def _turned(self, halves: Numbers) -> Iterator[tuple[list[int], int]]:
        """Yield the columns that each torn family has half of, and the one that it is to have, or none.

        Each family is a way between its two activities, or out of one. Ways are turned one after the other along walks,
        so that as many families come to an activity as leave it, but for one.
        """
        wanted = np.zeros(self._program.columns, dtype=bool)
        wanted[halves] = True
        entries = np.flatnonzero(wanted[self._program.column] & self._compiled.of_children[self._program.row])
        families = defaultdict[int, list[int]](list)
        known = set[int]()
        for row, column in zip(
            self._program.row[entries].tolist(), self._program.column[entries].tolist(), strict=True
        ):
            # The rows of siblings are alike; the first stands for both.
            if column not in known:
                known.add(column)
                families[row].append(column)
        alone = [[column] for column in halves.tolist() if column not in known]
        return walked([*families.values(), *alone], self._activity)

    def bounds(self, amounts: Sequence[int]) -> list[int]:
        """Return what no values with these amounts in the stages before exceed in each stage; time may cut it."""
        net = self._network(self._program)
        if net is None:
            return []
        kinds, aims = self._census(net), self._aims()
        stream, tally = Stream(net), Tally(kinds)

        def bound(at: int) -> int:
            implied = self._implied(amounts, at)
            if implied <= amounts[at] or self._lap.over():
                return implied
            weights, before = self._stages[at].weights, [stage.weights for stage in self._stages[:at]]
            seconds = self._lap.left() * _SHARE_BOUNDS
            shares = tally.shared(weights, before, amounts[:at], seconds) if at < len(aims) else None
            proved = self._eased(stream, weights) if shares is None else shares.bound(weights, before, amounts[:at])
            return min(implied, proved)

        # Solvers run outside of Python's lock. The last take longest.
        with ThreadPoolExecutor(self._workers) as pool:
            return list(pool.map(bound, reversed(range(len(self._stages)))))[::-1]

    def _implied(self, amounts: Sequence[int], at: int) -> int:
        """Return the least amount before of a stage whose weights are all at least as great."""
        weights = self._stages[at].weights
        above = [amounts[each] for each in range(at) if bool((self._stages[each].weights >= weights).all())]
        return min(above, default=self._most(weights))

    def _eased(self, stream: Stream, weights: Numbers) -> int:
        """Return what flows come to at most, whatever was reached before."""
        solved = None if self._lap.over() else stream.priced(weights)
        return self._most(weights) if solved is None else certified(self._program, weights, solved).bound

    def _most(self, weights: Numbers) -> int:
        return int(np.maximum(weights, 0) @ self._program.most)


def walked(families: Sequence[list[int]], activity: Numbers) -> Iterator[tuple[list[int], int]]:
    """Yield each family with the column that it goes to, none for one that goes out; see `City`."""
    ends = [tuple(int(activity[column]) for column in columns) for columns in families]
    ways = defaultdict[int, list[int]](list)
    for at, places in enumerate(ends):
        for place in (*places, NONE)[:2]:
            ways[place].append(at)
    gone = [False] * len(families)
    # A walk that begins where an odd number of ways meet ends at another such place; what is left are rounds.
    odd = sorted(place for place, there in ways.items() if len(there) % 2)
    for start in (*odd, *sorted(ways)):
        place = start
        while True:
            while ways[place] and gone[ways[place][-1]]:
                ways[place].pop()
            if not ways[place]:
                break
            at = ways[place].pop()
            gone[at] = True
            one, other = (*ends[at], NONE)[:2]
            place = other if place == one else one
            chosen = families[at][ends[at].index(place)] if place in ends[at] else NONE
            yield families[at], chosen
