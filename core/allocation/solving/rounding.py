"""Whole numbers near a relaxation's optimum: most is whole already, and only what lies around the rest is open."""

from collections.abc import Iterator

import numpy as np

from core.allocation.solving.program import Flags, Numbers, Program


def neighbourhoods(program: Program, values: Numbers, seeds: Flags, rows: int, most: int) -> Iterator[Program]:
    """Yield the program with all but some columns decided as in `values`: those around the seeds, more each time.

    Columns are neighbours if one of the first `rows` rows has both. At most `most` are open.
    """
    undecided = program.least < program.most
    near = np.flatnonzero(program.row < rows)
    row, column = program.row[near], program.column[near]
    chosen, before = seeds & undecided, 0
    while True:
        chosen = _grown(chosen, row, column, program.rows) & undecided
        count = int(chosen.sum())
        if count == before or count > most:
            return
        before = count
        yield opened(program, values, chosen)


def opened(program: Program, values: Numbers, chosen: Flags) -> Program:
    """Return the program with all columns but the chosen decided as in `values`, where it leaves them open at all."""
    decided = np.clip(values, program.least, program.most)
    least, highest = np.where(chosen, program.least, decided), np.where(chosen, program.most, decided)
    return program.narrowed(least, highest, program.low, program.high)


def _grown(chosen: Flags, row: Numbers, column: Numbers, rows: int) -> Flags:
    touched = np.zeros(rows, dtype=bool)
    touched[row[chosen[column]]] = True
    result = chosen.copy()
    result[column[touched[row]]] = True
    return result
