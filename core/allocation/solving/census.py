"""Children who are alike, counted together: they weigh the same and take the same from the same rows.

A city has many of them, so that a smaller program in whole numbers says the same of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.allocation.solving.network import NONE, Network
from core.allocation.solving.program import FREE, Flags, Numbers, Program, Reals

#: Seeds the marks by which children are told apart.
_SEED = 1


@dataclass(frozen=True, eq=False)
class Census:
    """A network's part by kinds of columns: those of one kind belong to children who are alike.

    `program` has a column for each kind, which counts those that are 1. `kind` is by column of the part, `first` is a
    column of each kind, and `stands` is by row of the part the row of `program` that stands for it, if any.
    """

    net: Network
    program: Program
    kind: Numbers
    first: Numbers
    stands: Numbers

    @property
    def odd(self) -> Flags:
        """Say, by kind, whether it opens an activity or counts twice in one: what no flow can decide."""
        found = self.net.found
        odd = self.net.units != 1
        odd[found.column[found.factor > 1]] = True
        result: Flags = odd[self.first]
        return result

    def weights(self, weights: Numbers) -> Numbers:
        """Return the weights by kind."""
        result: Numbers = weights[self.net.found.columns[self.first]]
        return result

    def base(self, weights: Numbers) -> int:
        """Return what the decided columns weigh."""
        program = self.net.found.program
        return int(weights @ np.where(program.least == program.most, program.least, 0))

    def prices(self, prices: Reals) -> Reals:
        """Return the prices of the program's rows from those of the rows that stand for them."""
        found, there = self.net.found, np.flatnonzero(self.stands != NONE)
        result = np.zeros(found.program.rows)
        result[found.rows[there]] = prices[self.stands[there]]
        return result

    def chosen(self, counts: Reals, kinds: Flags, luck: Numbers) -> Numbers:
        """Return as many of the program's columns of these kinds as are counted, those that have the most luck.

        `luck` is by column of the program. No child gets more than it may have.
        """
        left = np.rint(counts).astype(np.int64).tolist()
        own, room = self.net.found.columns, self.net.high.tolist()
        open_to_it = np.flatnonzero(kinds[self.kind])
        order = open_to_it[np.argsort(-luck[own[open_to_it]], kind="stable")]
        rows = zip(order.tolist(), self.kind[order].tolist(), self.net.left[order].tolist(), strict=True)
        taken = list[int]()
        for at, kind, row in rows:
            if left[kind] and (row == NONE or room[row]):
                left[kind] -= 1
                if row != NONE:
                    room[row] -= 1
                taken.append(at)
        chosen: Numbers = own[np.array(taken, dtype=np.int64)]
        return chosen


def census(net: Network, weights: Sequence[Numbers], of_children: Flags) -> Census:
    """Return the network by kinds, where the columns of each have the same of each of the weights.

    `of_children` says of each row of the program if it is a child's.
    """
    found, columns, rows = net.found, len(net.found.columns), len(net.found.rows)
    row = np.repeat(np.arange(rows), np.diff(found.start))
    common = ~of_children[found.rows][row]
    marks = np.random.default_rng(_SEED).integers(1, 2**62, (2 + len(weights), max(rows, columns)), dtype=np.int64)
    told = np.zeros(columns, dtype=np.int64)
    np.add.at(told, found.column[common], (marks[0][row] * found.factor)[common])
    for mark, each in zip(marks[2:, 0].tolist(), weights, strict=True):
        told += _stirred(each[found.columns] * mark)
    # Whoever opens an activity is like no other.
    told += np.where(net.units == 0, marks[1][:columns], 0)
    family = np.where(net.left == NONE, rows + np.arange(columns), net.left)
    families = np.append(_stirred(net.high * 2 + net.low), np.zeros(columns, dtype=np.int64))
    np.add.at(families, family, _stirred(told))
    alike = told + _stirred(families[family])
    _, first, kind, many = np.unique(alike, return_index=True, return_inverse=True, return_counts=True)
    own = common & (first[kind] == np.arange(columns))[found.column]
    lines = _Lines(net, row[own], kind[found.column[own]], found.factor[own])
    return lines.census(kind, first, many, families[:rows])


def _stirred(values: Numbers) -> Numbers:
    """Return marks whose sums tell sets of values apart."""
    stirred: Numbers = (values ^ (values >> 29)) * (values | 1)
    return stirred


@dataclass(frozen=True, eq=False)
class _Lines:
    """Entries of the rows that are no child's: of each row, a kind of columns and its factor."""

    net: Network
    row: Numbers
    kind: Numbers
    factor: Numbers

    def census(self, kind: Numbers, first: Numbers, many: Numbers, families: Numbers) -> Census:
        """Add a row for each kind of family, which counts all that they may have."""
        net, found = self.net, self.net.found
        rows = len(found.rows)
        stands = np.full(rows, NONE)
        shared = np.unique(self.row)
        stands[shared] = np.arange(len(shared))
        left = np.unique(net.left[net.left != NONE])
        _, leader, like = np.unique(families[left], return_index=True, return_inverse=True)
        stands[left] = len(shared) + like
        leads = np.zeros(rows, dtype=bool)
        leads[left[leader]] = True
        members = np.flatnonzero((net.left != NONE) & leads[net.left])
        pairs = np.unique(np.stack([stands[net.left[members]], kind[members]]), axis=1)
        at = np.concatenate([stands[self.row], pairs[0]])
        column = np.concatenate([self.kind, pairs[1]])
        factor = np.concatenate([self.factor, np.ones(pairs.shape[1], dtype=np.int64)])
        order = np.lexsort((column, at))
        count = len(shared) + len(leader)
        most = np.bincount(like, weights=net.high[left], minlength=len(leader)).astype(np.int64)
        least = np.bincount(like, weights=net.low[left], minlength=len(leader)).astype(np.int64)
        program = Program(
            np.zeros(len(first), dtype=np.int64),
            many,
            np.searchsorted(at[order], np.arange(count + 1)),
            column[order],
            factor[order],
            np.append(found.low[shared], np.where(least > 0, least, -FREE)),
            np.append(found.high[shared], most),
        )
        return Census(net, program, kind, first, stands)
