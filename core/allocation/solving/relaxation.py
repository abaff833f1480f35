"""Bounds by linear programming: what could be had if places could be shared, and a proof that trusts no solver."""

from dataclasses import dataclass
from math import inf

import numpy as np
from ortools.linear_solver.python import model_builder

from core.allocation.solving.part import Part, part
from core.allocation.solving.program import FREE, Flags, Numbers, Program, Reals

#: Prices are rounded to this fraction or a coarser one, so that all arithmetic after is in whole numbers.
_FINEST = 24
_WIDTH = 61
#: What is nearer to a whole number counts as one; whoever rounds it looks whether the rows are kept.
_WHOLE = 1e-6


@dataclass(frozen=True, eq=False)
class Certificate:
    """Prices of the rows that prove a bound: no values that keep the program have weights above `total / scale`.

    A column that is not on the side that `loss` favours costs at least `|loss|` of `total`; so does a row that isn't
    at the limit that `prices` favours, for each unit away from it.
    """

    scale: int
    total: int
    loss: Numbers
    prices: Numbers

    @property
    def bound(self) -> int:
        """Return the greatest whole number that isn't refuted."""
        return self.total // self.scale

    def face(self, program: Program, amount: int) -> Program:
        """Return the program with what is decided for all values whose weights are at least `amount`."""
        spare = self.total - amount * self.scale
        decided = np.abs(self.loss) > spare
        least = np.where(decided & (self.loss > 0), program.most, program.least)
        most = np.where(decided & (self.loss < 0), program.least, program.most)
        tight = np.abs(self.prices) > spare
        low = np.where(tight & (self.prices > 0), program.high, program.low)
        high = np.where(tight & (self.prices < 0), program.low, program.high)
        return program.narrowed(least, most, low, high)

    def held(self, program: Program, weights: Numbers, amount: int) -> Program:
        """Return the program with an amount of these weights that can't be given up again."""
        face = self.face(program, amount)
        return face if self.implies(face, amount) else face.with_row(weights, amount)

    def implies(self, face: Program, amount: int) -> bool:
        """Say whether all values that keep such a face have at least that amount, so that no row need say it."""
        undecided = face.least < face.most
        wrong = int(np.abs(self.loss[undecided]).sum())
        slack = np.minimum(face.high - face.low, FREE)
        loose = (self.prices != 0) & (slack > 0)
        if bool(loose.any()):
            return False
        return self.total - wrong > (amount - 1) * self.scale


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The best that could be had with shared places, how, and the proof."""

    certificate: Certificate
    values: Reals

    @property
    def whole(self) -> Flags:
        """Say, by column, whether its value is a whole number."""
        found: Flags = np.abs(self.values - np.rint(self.values)) < _WHOLE
        return found


def relaxed(program: Program, weights: Numbers, seconds: float) -> Relaxed | None:
    """Return the relaxation's optimum; None if the time doesn't suffice."""
    found = part(program)
    if found is None:
        return None
    values, prices = program.least.astype(np.float64), np.zeros(program.rows)
    if len(found.columns):
        solved = _solved(found, weights, seconds)
        if solved is None:
            return None
        values[found.columns], prices[found.rows] = solved
    return Relaxed(certified(program, weights, prices), values)


def certified(program: Program, weights: Numbers, prices: Reals) -> Certificate:
    """Return the proof that such prices give, whatever they are; the better they are, the closer it is."""
    room = int(np.abs(weights).sum()) + 1
    digits = max(0, min(_FINEST, _WIDTH - room.bit_length() - 8))
    whole = np.rint(prices * 2.0**digits).astype(np.int64)
    # A price on a side without a limit proves nothing.
    whole[(whole > 0) & (program.high >= FREE)] = 0
    whole[(whole < 0) & (program.low <= -FREE)] = 0
    loss = (weights << digits) - program.collected(whole)
    limits = np.where(whole > 0, program.high, np.where(whole < 0, program.low, 0))
    columns = np.where(loss > 0, program.most, program.least)
    total = int((limits * whole).sum()) + int((loss * columns).sum())
    return Certificate(2**digits, total, loss, whole)


def _solved(found: Part, weights: Numbers, seconds: float) -> tuple[Reals, Reals] | None:
    model = model_builder.Model()  # type: ignore[no-untyped-call]
    columns = [model.new_num_var(0.0, 1.0, "") for _ in found.columns]
    for names, factors, low, high in found.each_row():
        total = model_builder.LinearExpr.weighted_sum(
            [columns[each] for each in names], [float(each) for each in factors]
        )
        model.add_linear_constraint(total, -inf if low <= -FREE else low, inf if high >= FREE else high)
    model.maximize(model_builder.LinearExpr.weighted_sum(columns, weights[found.columns].tolist()))
    # HiGHS solves these as well, but gives prices of the other sign; `certified` would then prove nothing.
    engine = model_builder.Solver("glop")
    engine.set_time_limit_in_seconds(seconds)
    if engine.solve(model) != model_builder.SolveStatus.OPTIMAL:
        return None
    values = np.asarray(engine.values(model.get_variables()), dtype=np.float64)
    prices = np.asarray(engine.dual_values(model.get_linear_constraints()), dtype=np.float64)
    return np.clip(values, 0.0, 1.0), prices
