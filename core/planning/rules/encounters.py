"""Being in two places: who can't get from one session to another, as constraints and as plain reading."""

from collections.abc import Iterator, Mapping, Sequence

from core.planning.model.choices import Slot
from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.problem import Problem
from core.planning.seating import Meeting


def keep_apart(model: Model, presence: Mapping[str, Mapping[Slot, Sequence[Literal]]]) -> None:
    """Let each of these be at one session at a time, with time to travel; `presence` says where they could be."""
    slots = model.variables.all_slots()
    crowds = crowded(slots, [model.variables.end(slot) for slot in slots])
    near = list(_near_pairs(model, slots))
    for where in presence.values():
        for crowd in crowds:
            model.at_most_one(literal for slot in crowd for literal in where.get(slot, ()))
        for one, other, far in near:
            for here in where.get(one, ()):
                for there in where.get(other, ()):
                    model.forbid(here, there, far)


def crowded(slots: Sequence[Slot], ends: Sequence[int]) -> list[list[Slot]]:
    """Return the largest sets of slots, sorted by start, that all run at one moment."""
    found: list[list[Slot]] = []
    running: list[tuple[Slot, int]] = []
    for slot, end in zip(slots, ends, strict=True):
        still = [entry for entry in running if entry[1] > slot.start]
        if len(still) < len(running):
            found.append([entry[0] for entry in running])
        running = [*still, (slot, end)]
    return [*found, [entry[0] for entry in running]]


def _near_pairs(model: Model, slots: Sequence[Slot]) -> Iterator[tuple[Slot, Slot, Literal]]:
    """Yield the pairs that follow one another so soon that the way between them counts."""
    reach = model.problem.travel.farthest
    for at, one in enumerate(slots):
        end = model.variables.end(one)
        for other in slots[at + 1 :]:
            if other.start >= end + reach:
                break
            far = model.variables.too_far(one, other) if other.start >= end else 0
            if not isinstance(far, int) or far:
                yield one, other, far


def collisions(problem: Problem, meetings: Sequence[Meeting]) -> Iterator[tuple[Meeting, Meeting]]:
    """Yield the pairs of meetings, sorted by start, that nobody can attend both."""
    for at, one in enumerate(meetings):
        for other in meetings[at + 1 :]:
            if other.start >= one.end + problem.travel.farthest:
                break
            if other.start < one.end + problem.travel.between(one.venue, other.venue):
                yield one, other
