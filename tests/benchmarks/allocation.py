"""Places by this project and by deferred acceptance: `python -m tests.benchmarks.allocation` prints a table.

Nine generated terms of 200, 500 and 1,000 children are given both ways. Deferred acceptance knows neither who wants to
be together nor what is held back, so it may break those rules, and this project may not. “Wishes first” is a run of
this project with that aim alone. Then comes whether an id brings luck: over many seeds, places are counted by
the quartile of the children's ids.

The run fails where more children have nothing than by deferred acceptance, or not fewer in sum, where the mean
satisfaction is lower with the wishes first, where the first aim isn't proved, where a whole isn't proved within a
minute, where a wish that didn't come true isn't explained, where any rule is broken, or where the quartiles differ
by more than chance.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

# Run as a file, only its own folder would be searched.
sys.path.insert(0, str(Path(__file__).parents[2]))

from core.allocation.allocate import allocate
from core.allocation.check import check
from core.allocation.compare import Figures
from core.allocation.explain import explain
from core.allocation.problem import Aim, Problem
from core.allocation.result import Allocation
from core.allocation.why import Why
from tests.benchmarks.wishes.deferred import deferred_acceptance
from tests.benchmarks.wishes.luck import LEAST_CHANCE, luck
from tests.benchmarks.wishes.terms import SEEDS, SIZES, a_term

_SECONDS = 60.0
_WHY_SECONDS = 180.0
_WORKERS = 2
_HEADINGS = (
    *("children / activities", "with nothing", "places", "mean satisfaction", "the same, wishes first"),
    *("aims proved", "seconds", "wishes explained", "seconds for it"),
)


@dataclass(frozen=True)
class Match:
    """A term, given in each way."""

    problem: Problem
    ours: Allocation
    wishes_first: Allocation
    theirs: Figures
    whys: tuple[Why, ...]
    whys_seconds: float

    @property
    def figures(self) -> Figures:
        """Return what this project's allocation gives."""
        return Figures.of(self.problem, self.ours)

    @property
    def happiest(self) -> Figures:
        """Return what it gives with the wishes first."""
        return Figures.of(self.problem, self.wishes_first)

    def faults(self) -> Iterator[str]:
        """Yield in words what isn't as promised."""
        for name, found in (("usual aims", self.ours), ("wishes first", self.wishes_first)):
            if violations := check(self.problem, found).violations:
                yield f"{self.problem.term}, {name}: {len(violations)} rules broken"
            if not found.aims[0].proved:
                yield f"{self.problem.term}, {name}: the first aim is not proved"
        if not self.ours.proved:
            yield f"{self.problem.term}: not proved as a whole"
        if self.figures.with_nothing > self.theirs.with_nothing:
            yield f"{self.problem.term}: more children with nothing"
        if not all(why.verified for why in self.whys):
            yield f"{self.problem.term}: not all wishes are explained"
        if self.happiest.satisfaction < self.theirs.satisfaction:
            yield f"{self.problem.term}: less satisfied with the wishes first"

    def row(self) -> str:
        """Return the line of the table."""
        ours, happiest, theirs = self.figures, self.happiest, self.theirs
        cells = (
            f"{len(self.problem.children):,} / {len(self.problem.activities)}",
            f"{theirs.with_nothing} → {ours.with_nothing}",
            f"{theirs.places:,} → {ours.places:,}",
            f"{theirs.satisfaction:.3f} → {ours.satisfaction:.3f}",
            f"{happiest.satisfaction:.3f}",
            "all" if self.ours.proved else f"{sum(each.proved for each in self.ours.aims)} of {len(self.ours.aims)}",
            f"{self.ours.seconds:.1f}",
            f"{sum(why.verified for why in self.whys)} of {len(self.whys)}",
            f"{self.whys_seconds:.1f}",
        )
        return f"| {' | '.join(cells)} |"


def main() -> int:
    """Print the table; return 1 where something isn't as promised."""
    asked = _arguments()
    matches = []
    print(f"| {' | '.join(_HEADINGS)} |", f"|{' --- |' * len(_HEADINGS)}", sep="\n")
    for children, activities in SIZES[: asked.sizes]:
        for seed in SEEDS:
            matches.append(_match(a_term(children, activities, seed)))
            print(matches[-1].row(), flush=True)
    faults = [*_faults(matches), *_luck(asked.seeds)]
    for fault in faults:
        print(f"NOT AS PROMISED: {fault}")
    return 1 if faults else 0


def _match(problem: Problem) -> Match:
    wishes_first = replace(problem, settings=replace(problem.settings, aims=(Aim.WISHES,)))
    theirs = Figures.of(problem, deferred_acceptance(problem))
    ours, happiest = _given(problem), _given(wishes_first)
    began = monotonic()
    whys = explain(problem, ours, seconds=_WHY_SECONDS, workers=_WORKERS)
    return Match(problem, ours, happiest, theirs, whys, monotonic() - began)


def _given(problem: Problem) -> Allocation:
    return allocate(problem, seconds=_SECONDS, workers=_WORKERS)


def _faults(matches: Iterable[Match]) -> Iterator[str]:
    ours, theirs = 0, 0
    for each in matches:
        yield from each.faults()
        ours += each.figures.with_nothing
        theirs += each.theirs.with_nothing
    print(f"\nWith nothing in sum: {theirs} by deferred acceptance, {ours} here.\n")
    if ours >= theirs:
        yield "not fewer children with nothing in sum"


def _luck(seeds: int) -> Iterator[str]:
    """Print the places by quartile of the ids over the seeds, and yield a fault if they differ by more than chance."""
    found = luck(a_term(100, 30, 1), lambda problem: _given(problem).places, range(seeds))
    print(f"Places by quartile of the ids, over {seeds} seeds: {', '.join(f'{each:,}' for each in found.places)};")
    print(f"chi-squared {found.statistic:.2f} with 3 degrees of freedom, p = {found.chance:.3f}.")
    if found.chance < LEAST_CHANCE:
        yield "ids bring luck"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="how many of the sizes, from the smallest")
    parser.add_argument("--seeds", type=int, default=200, help="seeds of the question whether ids bring luck")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
