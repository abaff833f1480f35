"""What is still open of a program: its columns that aren't decided and the rows that still bind them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.allocation.solving.program import FREE, Numbers, Program, segment_sums


@dataclass(frozen=True, eq=False)
class Part:
    """The undecided columns of a program, by their numbers there, and rows over them, by their numbers there.

    Entries count columns by their place in `columns`. What decided columns give to a row is taken off its limits.
    """

    program: Program
    columns: Numbers
    rows: Numbers
    start: Numbers
    column: Numbers
    factor: Numbers
    low: Numbers
    high: Numbers

    def each_row(self) -> Iterator[tuple[list[int], list[int], int, int]]:
        """Yield the columns, factors and limits of each row."""
        starts, columns, factors = self.start.tolist(), self.column.tolist(), self.factor.tolist()
        limits = zip(starts, starts[1:], self.low.tolist(), self.high.tolist(), strict=False)
        for start, end, low, high in limits:
            yield columns[start:end], factors[start:end], low, high

    def whole(self, values: Numbers) -> Numbers:
        """Return values of all columns of the program, from those of the part."""
        result = self.program.least.copy()
        result[self.columns] = values
        return result


def part(program: Program) -> Part | None:
    """Return what is open of the program, without rows that hold whatever is decided; None if one can't be kept."""
    undecided = program.least < program.most
    number = np.cumsum(undecided) - 1
    base = program.sums(np.where(undecided, 0, program.least))
    is_open = undecided[program.column]
    factor = np.where(is_open, program.factor, 0)
    least = base + segment_sums(np.minimum(factor, 0), program.start)
    most = base + segment_sums(np.maximum(factor, 0), program.start)
    if bool(((least > program.high) | (most < program.low)).any()):
        return None
    binding = (least < program.low) | (most > program.high)
    kept = is_open & binding[program.row]
    rows = np.flatnonzero(binding)
    counts = np.bincount(program.row[kept], minlength=program.rows)[rows]
    low = np.where(program.low[rows] <= least[rows], -FREE, program.low[rows] - base[rows])
    high = np.where(program.high[rows] >= most[rows], FREE, program.high[rows] - base[rows])
    return Part(
        program,
        np.flatnonzero(undecided),
        rows,
        np.concatenate(([0], np.cumsum(counts))),
        number[program.column[kept]],
        program.factor[kept],
        low,
        high,
    )
