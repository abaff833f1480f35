"""Counting how many different things a series uses."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from core.planning.model.model import Model
from core.planning.model.variables import Linear, Literal

_Thing = TypeVar("_Thing", bound=Hashable)


def count_used(model: Model, name: str, used: Mapping[_Thing, Sequence[Literal]], free: int) -> Linear:
    """Return how many of the things are used, beyond `free` of them; a thing is used if one of its decisions is so."""
    counts = []
    for thing, literals in used.items():
        count = model.new_decision(f"{name}: {thing}")
        for literal in literals:
            model.implies(literal, count)
        counts.append(count)
    if len(counts) <= free:
        return 0
    excess = model.new_amount(len(counts) - free, f"{name} beyond {free}")
    model.at_most(excess + free, counts)
    return excess
