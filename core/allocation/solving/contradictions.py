"""Pins that can't all be kept, found by leaving out one after the other."""

from dataclasses import replace
from typing import NoReturn

import numpy as np

from core.allocation.errors import ContradictoryPinsError
from core.allocation.problem import Pin, Problem
from core.allocation.solving.branching import Effort, searched
from core.allocation.solving.compiling import compiled
from core.domain.errors import Message

_EFFORT = Effort(seconds=10.0, workers=1)


def refuse(problem: Problem) -> NoReturn:
    """Raise ContradictoryPinsError with pins that can't all be kept, and no more of them than that needs."""
    culprits = [at for at, pin in enumerate(problem.pins)]
    chunk = max(1, len(culprits) // 2)
    while chunk:
        at = 0
        while at < len(culprits):
            fewer = culprits[:at] + culprits[at + chunk :]
            if _refuted(replace(problem, pins=tuple(problem.pins[each] for each in fewer))):
                culprits = fewer
            else:
                at += chunk
        chunk //= 2
    named = ", ".join(_words(problem.pins[at]) for at in culprits)
    raise ContradictoryPinsError(
        Message("These decided places can't all be kept: %(pins)s.", {"pins": named}), tuple(culprits)
    )


def _refuted(problem: Problem) -> bool:
    program = compiled(problem).program
    nothing = np.zeros_like(program.least)
    found = searched(program, nothing, 0, _EFFORT)
    return found.values is None and found.bound is None


def _words(pin: Pin) -> str:
    return f"{pin.child} × {pin.activity}"
