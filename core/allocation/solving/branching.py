"""Whole-number search by CP-SAT over what is open of a program."""

from dataclasses import dataclass
from math import floor

import numpy as np
from ortools.sat.python import cp_model

from core.allocation.solving.part import Part, part
from core.allocation.solving.program import FREE, Numbers, Program

#: CP-SAT tells a bound, which is a whole number, as a real one.
_ALMOST = 1e-6
_SEARCHES = 8


@dataclass(frozen=True, eq=False)
class Found:
    """The best values found, if any, and the greatest sum that isn't refuted, None if there are no values at all."""

    values: Numbers | None
    bound: int | None


@dataclass(frozen=True)
class Effort:
    """What a search may take."""

    seconds: float
    workers: int


def searched(
    program: Program, weights: Numbers, bound: int, effort: Effort, hint: Numbers | None = None, *, reach: bool = False
) -> Found:
    """Return values that keep the program and make the weights' sum great, at most `bound`.

    With `reach` only values whose sum is the bound count. The hint is where the search begins; it may break rows.
    """
    found = part(program)
    if found is None:
        return Found(None, None)
    if not len(found.columns):
        return _decided(program, weights, bound if reach else None)
    base = int(weights @ np.where(program.least == program.most, program.least, 0))
    model = cp_model.CpModel()
    columns = [model.new_bool_var("") for _ in found.columns]
    _add_rows(model, columns, found)
    total = cp_model.LinearExpr.weighted_sum(columns, weights[found.columns].tolist())
    if reach:
        model.add_linear_constraint(total, bound - base, bound - base)
    else:
        model.add_linear_constraint(total, -(2**60), bound - base)
        model.maximize(total)
    if hint is not None:
        for column, value in zip(columns, hint[found.columns].tolist(), strict=True):
            model.add_hint(column, value)
    return _solved(model, columns, found, effort, bound, base)


def _decided(program: Program, weights: Numbers, wanted: int | None) -> Found:
    amount = int(weights @ program.least)
    return Found(program.least.copy(), amount) if wanted in {None, amount} else Found(None, None)


def _solved(
    model: cp_model.CpModel, columns: list[cp_model.IntVar], found: Part, effort: Effort, bound: int, base: int
) -> Found:
    engine = cp_model.CpSolver()
    engine.parameters.max_time_in_seconds = max(0.01, effort.seconds)
    if effort.workers == 1:
        engine.parameters.num_workers, engine.parameters.linearization_level = 1, 2
    else:
        # With fewer than eight searches it has none that proves such bounds, even where two cores share them.
        engine.parameters.num_workers = max(_SEARCHES, effort.workers)
    status = engine.solve(model)
    if status == cp_model.INFEASIBLE:
        return Found(None, None)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Found(None, bound)
    if model.has_objective():
        bound = min(bound, base + floor(engine.best_objective_bound + _ALMOST))
    return Found(found.whole(np.array(engine.values(columns), dtype=np.int64)), bound)


def _add_rows(model: cp_model.CpModel, columns: list[cp_model.IntVar], found: Part) -> None:
    for names, factors, low, high in found.each_row():
        members = [columns[each] for each in names]
        if high == 1 and low <= -FREE and set(factors) == {1}:
            model.add_at_most_one(members)
        elif high == 0 and low <= -FREE and sorted(factors) == [-1, 1]:
            model.add_implication(members[factors.index(1)], members[factors.index(-1)])
        else:
            model.add_linear_constraint(cp_model.LinearExpr.weighted_sum(members, factors), low, high)
