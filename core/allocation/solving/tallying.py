"""How many of each kind have which places: the best shares, with prices that prove a bound, or in whole families."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from ortools.linear_solver.python import model_builder

from core.allocation.solving.census import Census
from core.allocation.solving.program import FREE, Numbers, Program, Reals
from core.allocation.solving.relaxation import certified

#: Of amounts so much less is asked for, or this share of them: an engine takes room without any breadth for none.
_SLACK = 0.5
_SLACK_SHARE = 1e-6
#: The prices of amounts are rounded to this fraction.
_GRAIN = 2**16


@dataclass(frozen=True, eq=False)
class Shares:
    """At which prices the best could be had with shared places and given amounts before.

    `amounts` are the prices of the amounts before, `rows` those of the program's rows.
    """

    program: Program
    amounts: Reals
    rows: Reals

    def bound(self, weights: Numbers, before: Sequence[Numbers], amounts: Sequence[int]) -> int:
        """Return what the weights come to at most with these amounts before, proved in whole numbers."""
        whole = np.rint(self.amounts * _GRAIN).astype(np.int64).tolist()
        summed = weights * _GRAIN + sum((price * one for price, one in zip(whole, before, strict=True)), 0)
        proof = certified(self.program, summed, self.rows * _GRAIN)
        spent = sum(int(price) * amount for price, amount in zip(whole, amounts, strict=True))
        bound: int = (proof.total - spent * proof.scale) // (proof.scale * _GRAIN)
        return bound


class Tally:
    """A census as a model of linear programming, or in whole families."""

    def __init__(self, census: Census) -> None:
        self._census = census

    def shared(
        self, weights: Numbers, before: Sequence[Numbers], amounts: Sequence[int], seconds: float
    ) -> Shares | None:
        """Return the best shares with at least these amounts of the weights before; None if time is over."""
        model, columns = self._model(whole=False)
        kinds = self._census
        for each, amount in zip(before, amounts, strict=True):
            least = amount - max(_SLACK, _SLACK_SHARE * abs(amount)) - kinds.base(each)
            model.add_linear_constraint(_sum(columns, kinds.weights(each)), least, inf)
        model.maximize(_sum(columns, kinds.weights(weights)))
        engine = model_builder.Solver("glop")
        engine.set_time_limit_in_seconds(seconds)
        if engine.solve(model) != model_builder.SolveStatus.OPTIMAL:
            return None
        prices = np.asarray(engine.dual_values(model.get_linear_constraints()), dtype=np.float64)
        count = kinds.program.rows
        # What is asked for at least has a price below zero; it is paid for each that there is.
        return Shares(kinds.net.found.program, np.maximum(0.0, -prices[count:]), kinds.prices(prices[:count]))

    def whole(self, weights: Reals, gap: float, seconds: float) -> Reals | None:
        """Return how many of each kind make the weights great, in whole families and activities, but for that share."""
        model, columns = self._model(whole=True)
        model.maximize(_sum(columns, weights))
        engine = model_builder.Solver("highs")
        engine.set_time_limit_in_seconds(seconds)
        engine.set_solver_specific_parameters(f"threads=1,mip_rel_gap={gap},output_flag=false")
        if engine.solve(model) not in {model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE}:
            return None
        values = np.asarray(engine.values(model.get_variables()), dtype=np.float64)
        # Where time was over before anything was found, there is a status, but no values.
        return values if values.shape == (len(columns),) else None

    def _model(self, *, whole: bool) -> tuple[model_builder.Model, list[Any]]:
        program, odd = self._census.program, self._census.odd.tolist()
        model = model_builder.Model()  # type: ignore[no-untyped-call]
        columns = [
            model.new_int_var(0, most, "") if whole and either else model.new_num_var(0, most, "")
            for most, either in zip(program.most.tolist(), odd, strict=True)
        ]
        starts, names, factors = program.start.tolist(), program.column.tolist(), program.factor.astype(float).tolist()
        limits = zip(starts, starts[1:], program.low.tolist(), program.high.tolist(), strict=False)
        for start, end, low, high in limits:
            total = model_builder.LinearExpr.weighted_sum([columns[at] for at in names[start:end]], factors[start:end])
            model.add_linear_constraint(total, -inf if low <= -FREE else low, inf if high >= FREE else high)
        return model, columns


def _sum(columns: Sequence[Any], weights: Numbers | Reals) -> model_builder.LinearExprT:
    named = np.flatnonzero(weights).tolist()
    return model_builder.LinearExpr.weighted_sum([columns[at] for at in named], weights[named].astype(float).tolist())
