"""What an allocation is worth: the value of every aim, by plain reading, as the format's document defines it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.allocation.checking.joining import together_in
from core.allocation.lottery import ticket
from core.allocation.problem import Aim, Child, Problem

#: What the dearest wishes that there is room for count for together.
FULL = 1000

Places = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Worth:
    """The value of an aim; `rank` is None but for `Aim.FAIR`."""

    aim: Aim
    rank: int | None
    value: int


def worth(problem: Problem, places: Places) -> tuple[Worth, ...]:
    """Return the value of every aim of the settings in their order, and of the lottery."""
    return tuple(found for aim in (*problem.settings.aims, Aim.LOTTERY) for found in _values(aim, problem, places))


def points(child: Child) -> tuple[int, ...]:
    """Return what each wish of the child counts for, the dearest first."""
    count = len(child.wishes)
    weights = range(count, 0, -1)
    full = sum(weights[: child.most])
    return tuple(FULL * weight // full if full else 0 for weight in weights)


def asking(problem: Problem) -> tuple[Child, ...]:
    """Return the children who have a wish or a pinned place."""
    pinned = {pin.child for pin in problem.pins if pin.place}
    return tuple(child for child in problem.children if child.wishes or child.id in pinned)


def best_rank(child: Child, places: Places) -> int | None:
    """Return the rank of the child's dearest wish that came true, counted from 1, None if none did."""
    got = places.get(child.id, ())
    return next((rank for rank, wish in enumerate(child.wishes, 1) if wish in got), None)


def satisfaction(problem: Problem, places: Places) -> float:
    """Return the mean over children who ask of their points' share of a full list, from 0 to about 1."""
    children = asking(problem)
    return _wishes(problem, places) / FULL / len(children) if children else 0.0


def _values(aim: Aim, problem: Problem, places: Places) -> Iterator[Worth]:
    if aim is Aim.FAIR:
        yield from _fair(problem, places)
        return
    value = {
        Aim.MOST_CHILDREN: _most_children,
        Aim.WISHES: _wishes,
        Aim.EARLIER_LOSERS: _earlier_losers,
        Aim.TOGETHER: _split,
        Aim.LOTTERY: _lottery,
    }[aim]
    yield Worth(aim, None, value(problem, places))


def _most_children(_problem: Problem, places: Places) -> int:
    return sum(1 for got in places.values() if got)


def _fair(problem: Problem, places: Places) -> Iterator[Worth]:
    ranks = [best_rank(child, places) for child in asking(problem)]
    for upto in range(max((len(child.wishes) for child in problem.children), default=0), 0, -1):
        yield Worth(Aim.FAIR, upto, sum(1 for rank in ranks if rank is None or rank > upto))


def _wishes(problem: Problem, places: Places) -> int:
    return sum(
        value
        for child in problem.children
        for wish, value in zip(child.wishes, points(child), strict=True)
        if wish in places.get(child.id, ())
    )


def _earlier_losers(problem: Problem, places: Places) -> int:
    return sum(child.empty_terms for child in problem.children if places.get(child.id))


def _split(problem: Problem, places: Places) -> int:
    return sum(1 for each in together_in(problem) if 0 < each.placed(places) < len(each.children))


def _lottery(problem: Problem, places: Places) -> int:
    return sum(
        ticket(problem.seed, child.id, wish)
        for child in problem.children
        for wish in child.wishes
        if wish in places.get(child.id, ())
    )
