"""What is open of a program as a network: that of a city is one, if families' wishes are taken as they mostly are.

Units flow from the rows of children through columns to the rows of activities, one within another where places are held
back, and from there out. A column that counts twice in its activity carries two units, so that it may be half taken.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.allocation.solving.part import Part
from core.allocation.solving.program import FREE, Flags, Numbers, segment_sums

#: No row.
NONE: Final = -1
#: Seeds the marks by which alike rows are found.
_SEED: Final = 1
#: Rows of one activity that lie within another: its places, and those of them that aren't held back.
_DEPTH: Final = 2


@dataclass(frozen=True, eq=False)
class Network:
    """A part of a program as a network, in numbers of the part.

    By column: `left`, the row of its child, `right`, the innermost row of its activity, and the `units` that it
    carries, 0 for those that open activities. By row: `within`, the row that it lies within, and `low` and `high`, what
    may flow through it.
    """

    found: Part
    left: Numbers
    right: Numbers
    units: Numbers
    within: Numbers
    low: Numbers
    high: Numbers


def network(found: Part, of_children: Flags) -> Network | None:
    """Return the part as a network, None if it isn't one or nothing binds it.

    `of_children` says of each row of the program if it is a child's. Undecided activities are taken as open, without a
    fewest number, and of siblings of whom one may take a place that is held back, both may. So what the network allows
    is more and never less.
    """
    if not len(found.rows):
        return None
    row = np.repeat(np.arange(len(found.rows)), np.diff(found.start))
    opener = np.zeros(len(found.columns), dtype=bool)
    opener[found.column[found.factor < 0]] = True
    opening = opener[found.column]
    taken = np.where(opening, 0, found.factor)
    eased = -segment_sums(np.where(opening, np.minimum(found.factor, 0), 0), found.start)
    alike = _alike(found, taken)
    most = segment_sums(taken, found.start)
    low, high = np.zeros(len(most), dtype=np.int64), most.copy()
    np.maximum.at(low, alike, np.where(eased == 0, np.maximum(found.low, 0), 0))
    np.minimum.at(high, alike, np.where(found.high >= FREE, most, found.high + eased))
    binding = ((high < most) | (low > 0)) & (alike == np.arange(len(alike)))
    counted, of_child = binding[row] & (taken > 0), of_children[found.rows][row]
    left = _row_of(found, row, counted & of_child)
    chain = _chain(found, row, counted & ~of_child, most)
    if left is None or chain is None:
        return None
    right, within = chain
    units = _units(found, counted & ~of_child, left, right)
    if units is None:
        return None
    return Network(found, left, right, np.where(opener, 0, units), within, low, high)


def _alike(found: Part, taken: Numbers) -> Numbers:
    """Return, by row, the first row that has the same columns with the same factors."""
    marks = np.random.default_rng(_SEED).integers(1, 2**62, len(found.columns), dtype=np.int64)
    told = segment_sums(marks[found.column] * taken, found.start)
    _, first, which = np.unique(told, return_index=True, return_inverse=True)
    result: Numbers = first[which]
    return result


def _row_of(found: Part, row: Numbers, entries: Flags) -> Numbers | None:
    """Return the row of each column among these entries, if any; None if a column has more than one."""
    column = found.column[entries]
    if len(column) and int(np.bincount(column).max()) > 1:
        return None
    result = np.full(len(found.columns), NONE)
    result[column] = row[entries]
    return result


def _chain(found: Part, row: Numbers, entries: Flags, most: Numbers) -> tuple[Numbers, Numbers] | None:
    """Return the innermost row of each column among these entries, and the row that each row lies within."""
    column, rows, factor = found.column[entries], row[entries], found.factor[entries]
    result, within = np.full(len(found.columns), NONE), np.full(len(found.rows), NONE)
    order = np.lexsort((most[rows], column))
    column, rows, factor = column[order], rows[order], factor[order]
    heads = np.flatnonzero(np.diff(column, prepend=-1))
    count = np.diff(np.append(heads, len(column)))
    if bool((count > _DEPTH).any()):
        return None
    nested = heads[count == _DEPTH]
    within[rows[nested]] = rows[nested + 1]
    result[column[heads]] = rows[heads]
    # Siblings of whom only one counts in the inner row stand outside of it: that allows more.
    odd = nested[factor[nested] != factor[nested + 1]]
    result[column[odd]] = rows[odd + 1]
    agrees = within[rows[heads]] == NONE
    agrees[count == _DEPTH] = within[rows[nested]] == rows[nested + 1]
    return (result, within) if bool(agrees.all()) else None


def _units(found: Part, entries: Flags, left: Numbers, right: Numbers) -> Numbers | None:
    """Return the units of each column, its greatest factor among these entries; None if those of a child differ."""
    units = np.ones(len(found.columns), dtype=np.int64)
    np.maximum.at(units, found.column[entries], found.factor[entries])
    there = left != NONE
    most = np.ones(len(found.rows), dtype=np.int64)
    np.maximum.at(most, left[there], units[there])
    free = there & (right == NONE)
    units[free] = most[left[free]]
    return units if bool((units == most[left])[there].all()) else None
