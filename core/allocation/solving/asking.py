"""A relaxation that is asked again with other weights: each search begins where the one before ended."""

from collections.abc import Collection
from math import inf

import numpy as np
from ortools.linear_solver import pywraplp  # type: ignore[attr-defined]

from core.allocation.solving.part import part
from core.allocation.solving.program import FREE, Numbers, Program
from core.allocation.solving.relaxation import Relaxed, certified


class Asking:
    """The relaxation of a program that some values keep, for questions about how many of some columns can be 1."""

    def __init__(self, program: Program) -> None:
        found = part(program)
        if found is None:
            raise ValueError("A row of the program can't be kept.")
        self._program, self._part = program, found
        self._engine = pywraplp.Solver.CreateSolver("GLOP")
        self._columns = [self._engine.NumVar(0.0, 1.0, "") for _ in found.columns]
        self._rows = [self._row(*row) for row in found.each_row()]
        self._objective = self._engine.Objective()
        self._objective.SetMaximization()
        self._number = {int(column): at for at, column in enumerate(found.columns)}
        self._asked: frozenset[int] = frozenset()

    def relaxed(self, columns: Collection[int], seconds: float) -> Relaxed | None:
        """Return the relaxation with as many of these columns at 1 as can be; None if the time doesn't suffice."""
        asked = frozenset(column for column in columns if column in self._number)
        for column in asked ^ self._asked:
            self._objective.SetCoefficient(self._columns[self._number[column]], float(column in asked))
        self._asked = asked
        self._engine.SetTimeLimit(max(1, int(seconds * 1000)))
        if self._engine.Solve(_FROM_THE_LAST) != pywraplp.Solver.OPTIMAL:
            return None
        values, prices = self._program.least.astype(np.float64), np.zeros(self._program.rows)
        values[self._part.columns] = np.clip([column.solution_value() for column in self._columns], 0.0, 1.0)
        prices[self._part.rows] = [row.dual_value() for row in self._rows]
        return Relaxed(certified(self._program, counting(self._program, columns), prices), values)

    def _row(self, names: list[int], factors: list[int], low: int, high: int) -> pywraplp.Constraint:
        row = self._engine.Constraint(-inf if low <= -FREE else low, inf if high >= FREE else high)
        for name, factor in zip(names, factors, strict=True):
            row.SetCoefficient(self._columns[name], factor)
        return row


def counting(program: Program, columns: Collection[int]) -> Numbers:
    """Return weights that count these columns."""
    weights = np.zeros(program.columns, dtype=np.int64)
    weights[list(columns)] = 1
    return weights


def _parameters() -> pywraplp.MPSolverParameters:
    found = pywraplp.MPSolverParameters()
    found.SetIntegerParam(found.INCREMENTALITY, found.INCREMENTALITY_ON)
    # What was presolved can't be begun from.
    found.SetIntegerParam(found.PRESOLVE, found.PRESOLVE_OFF)
    return found


_FROM_THE_LAST = _parameters()
