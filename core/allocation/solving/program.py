"""A program in whole numbers: columns that are 0 or 1, rows that they keep, and weights to be made great."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.int64]
Reals: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

#: No limit; greater than any sum over a row.
FREE = 2**40


@dataclass(frozen=True, eq=False)
class Program:
    """`low ≤ A·x ≤ high` over columns x that are 0 or 1, within `least ≤ x ≤ most`; A by rows, in three arrays.

    Row r has the entries from `start[r]` to before `start[r + 1]`, each a column and its factor.
    """

    least: Numbers
    most: Numbers
    start: Numbers
    column: Numbers
    factor: Numbers
    low: Numbers
    high: Numbers

    @property
    def columns(self) -> int:
        """Return how many columns there are."""
        return len(self.least)

    @property
    def rows(self) -> int:
        """Return how many rows there are."""
        return len(self.low)

    @cached_property
    def row(self) -> Numbers:
        """Return the row of each entry."""
        return np.repeat(np.arange(self.rows), np.diff(self.start))

    @cached_property
    def by_column(self) -> Numbers:
        """Return the order of entries that sorts them by column."""
        return np.argsort(self.column, kind="stable")

    def sums(self, values: Numbers) -> Numbers:
        """Return what each row comes to, exactly."""
        return segment_sums(self.factor * values[self.column], self.start)

    def keeps(self, values: Numbers) -> bool:
        """Say whether the values keep every row and limit."""
        sums = self.sums(values)
        inside = (self.least <= values) & (values <= self.most)
        return bool(inside.all() and (self.low <= sums).all() and (sums <= self.high).all())

    def collected(self, prices: Numbers) -> Numbers:
        """Return, by column, the sum of the rows' prices times its factors, exactly."""
        order = self.by_column
        start = np.searchsorted(self.column[order], np.arange(self.columns + 1))
        return segment_sums((self.factor * prices[self.row])[order], start)

    def narrowed(self, least: Numbers, most: Numbers, low: Numbers, high: Numbers) -> "Program":
        """Return the program with these limits."""
        return Program(least, most, self.start, self.column, self.factor, low, high)

    def with_row(self, weights: Numbers, low: int) -> "Program":
        """Return the program with one more row: the weighted sum is at least so much."""
        named = np.flatnonzero(weights)
        return Program(
            self.least,
            self.most,
            np.append(self.start, self.start[-1] + len(named)),
            np.append(self.column, named),
            np.append(self.factor, weights[named]),
            np.append(self.low, low),
            np.append(self.high, FREE),
        )


class Draft:
    """A program in the making."""

    def __init__(self) -> None:
        self._least: list[int] = []
        self._most: list[int] = []
        self._start = [0]
        self._column: list[int] = []
        self._factor: list[int] = []
        self._low: list[int] = []
        self._high: list[int] = []

    @property
    def rows(self) -> int:
        """Return how many rows there are so far."""
        return len(self._low)

    def column(self, least: int = 0, most: int = 1) -> int:
        """Add a column and return its number."""
        self._least.append(least)
        self._most.append(most)
        return len(self._least) - 1

    def row(self, columns: Sequence[int], *, low: int = -FREE, high: int = FREE) -> None:
        """Add a row that counts columns."""
        self.weighted(zip(columns, (1,) * len(columns), strict=True), low=low, high=high)

    def weighted(self, entries: Iterable[tuple[int, int]], *, low: int = -FREE, high: int = FREE) -> None:
        """Add a row of columns with factors; a column may come more than once."""
        total: dict[int, int] = {}
        for column, factor in entries:
            total[column] = total.get(column, 0) + factor
        self._column.extend(total)
        self._factor.extend(total.values())
        self._start.append(len(self._column))
        self._low.append(low)
        self._high.append(high)

    def finished(self) -> Program:
        """Return the program."""
        lists = (self._least, self._most, self._start, self._column, self._factor, self._low, self._high)
        return Program(*(np.array(each, dtype=np.int64) for each in lists))


def segment_sums(values: Numbers, start: Numbers) -> Numbers:
    """Return the sums of the stretches from each start to before the next, 0 for those that are empty."""
    running = np.concatenate(([0], np.cumsum(values)))
    found: Numbers = running[start[1:]] - running[start[:-1]]
    return found
