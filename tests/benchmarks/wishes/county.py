"""A generated city's summer care, of the size that Shanghai had in 2023: 579 sites of 104 places, 90,000 children.

Sites lie on a plane, more of them in the middle, where even more of the children live. Each site has four classes of
26: two terms of three weeks, each for younger and for older children.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.allocation.problem import Activity, Child, Interval, Problem, Settings, Together

SITES = 579
CHILDREN = 90_000

_CLASS = 26
_BANDS = ((6, 8), (9, 12))
_TERMS = (datetime(2027, 7, 5), datetime(2027, 7, 26))  # noqa: DTZ001 - local wall-clock time
_NEAR = 3
_REACH = 12
_CELL = 4.0


@dataclass(frozen=True)
class _Site:
    """A site in the plane, kilometres from the middle."""

    name: str
    x: float
    y: float


def a_city(sites: int = SITES, children: int = CHILDREN, seed: int = 1) -> Problem:
    """Return a city of that size; the same numbers give the same city."""
    rng = random.Random(f"{sites} {children} {seed}")  # noqa: S311 - a made-up city
    reach = math.sqrt(sites)
    found = [_Site(f"site-{number:03}", *_somewhere(rng, reach)) for number in range(sites)]
    activities = tuple(each for site in found for each in _classes(rng, site))
    pupils, groups = _families(rng, children, found, reach * 0.9)
    return Problem(
        term=f"city-{sites}-{children}",
        seed=f"{rng.getrandbits(64):016x}",
        settings=Settings(held_back_percent=5),
        children=tuple(pupils),
        activities=activities,
        together=tuple(groups),
    )


def _somewhere(rng: random.Random, reach: float) -> tuple[float, float]:
    return rng.gauss(0, reach), rng.gauss(0, reach)


def _classes(rng: random.Random, site: _Site) -> Iterator[Activity]:
    for term, start in enumerate(_TERMS):
        for band, ages in enumerate(_BANDS):
            yield Activity(
                id=_class(site, term, band),
                capacity=_CLASS,
                minimum=15,
                times=_weekdays(start),
                ages=ages,
                staffed=rng.choice((0, 18, 22)) if rng.random() < 0.04 else None,
            )


def _class(site: _Site, term: int, band: int) -> str:
    return f"{site.name}-{term}-{band}"


def _weekdays(start: datetime) -> tuple[Interval, ...]:
    days = (start + timedelta(days=day, hours=8, minutes=30) for day in range(21))
    return tuple((day, day + timedelta(hours=8)) for day in days if day.isoweekday() <= 5)


def _families(
    rng: random.Random, number: int, sites: Sequence[_Site], reach: float
) -> tuple[list[Child], list[Together]]:
    near = _Neighbourhood(sites)
    children: list[Child] = []
    groups: list[Together] = []
    while len(children) < number:
        chosen = near.sites(*_somewhere(rng, reach))[: rng.choices((1, 2, 3), (1, 2, 4))[0]]
        child = _child(rng, chosen)
        children.append(child)
        if rng.random() < 0.12 and len(children) < number:
            sibling = replace(_child(rng, chosen), wishes=child.wishes, age=child.age)
            children.append(sibling)
            groups.append(Together(f"t-{len(groups):05}", (child.id, sibling.id)))
    return children, groups


def _child(rng: random.Random, chosen: Sequence[_Site]) -> Child:
    """Return a child that wishes for the sites in their order, at each for one term or for both."""
    age = rng.randint(_BANDS[0][0], _BANDS[-1][1])
    band = next(at for at, (low, high) in enumerate(_BANDS) if low <= age <= high)
    terms = rng.choice(((0,), (1,), (0, 1), (1, 0)))
    return Child(
        id=f"c-{rng.getrandbits(48):012x}",
        age=age,
        wishes=tuple(_class(site, term, band) for site in chosen for term in terms),
        held_back=rng.random() < 0.05,
        empty_terms=rng.choices((0, 1, 2), (80, 15, 5))[0],
    )


class _Neighbourhood:
    """Finds the nearest sites of a point by a grid of cells."""

    def __init__(self, sites: Sequence[_Site]) -> None:
        self._sites = sites
        self._known: dict[tuple[int, int], list[_Site]] = {}

    def sites(self, x: float, y: float) -> list[_Site]:
        """Return the nearest sites, the nearest first; exact up to the size of a cell."""
        cell = (round(x / _CELL), round(y / _CELL))
        if cell not in self._known:
            middle = (cell[0] * _CELL, cell[1] * _CELL)
            self._known[cell] = sorted(self._sites, key=lambda each: math.dist(middle, (each.x, each.y)))[:_REACH]
        return sorted(self._known[cell], key=lambda each: math.dist((x, y), (each.x, each.y)))[:_NEAR]
