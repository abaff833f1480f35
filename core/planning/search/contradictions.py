"""Pins that can't all be kept: the proof, and a smallest set of them that clashes."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from core.domain.errors import Message
from core.planning.errors import ContradictoryPinsError
from core.planning.moments import iso
from core.planning.plan import Plan
from core.planning.problem import Pin
from core.planning.search.modelling import Task
from core.planning.search.units import families


def contradiction(task: Task, left: Callable[[], float]) -> ContradictoryPinsError | None:
    """Return the error that names pins which clash, or None if it isn't proved in time that some do.

    Every pin of the set is needed for the clash: each was left out once, and then no clash of the rest was proved.
    """
    everything = tuple(range(len(task.problem.pins)))
    if not _clash(task, everything, left() / 2):
        return None
    if _clash(task, (), left() / 4):
        return _past(task)
    needed = list(everything)
    each = left() / (2 * max(1, len(needed)))
    for pin in everything:
        rest = [other for other in needed if other != pin]
        if _clash(task, rest, each):
            needed = rest
    named = ", ".join(_name(task.problem.pins[at]) for at in needed)
    return ContradictoryPinsError(
        Message("These pins can't all be kept: %(pins)s. Take one of them back.", {"pins": named}), tuple(needed)
    )


def _clash(task: Task, pins: Iterable[int], seconds: float) -> bool:
    """Say whether it is proved that no plan keeps the past and these pins, whatever else is held or left out."""
    problem = replace(task.problem, pins=tuple(task.problem.pins[at] for at in pins))
    part = replace(task, problem=problem)
    fixed = {pin.activity for pin in problem.pins} | {activity for activity, _ in problem.frozen}
    wanted = [name for family in families(problem) if fixed & set(family) for name in family]
    if not wanted:
        return False
    model = part.model(part.free(wanted), Plan(problem.name), penalties=False)
    return model.solve(seconds=seconds, seed=task.seed, workers=task.workers, minimize=False).infeasible


def _past(task: Task) -> ContradictoryPinsError:
    """Return the error for a past that breaks a rule by itself."""
    past = Plan(task.problem.name, tuple(task.problem.frozen.values()))
    guilty = {key for breach in task.audit(past).breaches for key in breach.sessions if key in task.problem.frozen}
    named = ", ".join(f"{activity} #{index + 1}" for activity, index in sorted(guilty))
    return ContradictoryPinsError(
        Message(
            "What has been held already breaks a rule: %(sessions)s. Correct the record first.", {"sessions": named}
        ),
        frozen=tuple(sorted(guilty)),
    )


def _name(pin: Pin) -> str:
    when = "" if pin.start is None else f" {iso(pin.start)}"
    where = "" if pin.room is None else f" {pin.room}"
    return f"{pin.activity} #{pin.index + 1}{when}{where}"
