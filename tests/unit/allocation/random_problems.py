"""Small problems of every kind: whatever the format can say, in any mixture."""

from datetime import date

from hypothesis import strategies as st

from core.allocation.problem import (
    DEFAULT_AIMS,
    Activity,
    Aim,
    Child,
    Interval,
    Pin,
    Problem,
    Settings,
    Shared,
    Together,
    Togetherness,
)
from tests.unit.allocation.builders import at

_COMMUNITIES = ("east", "west")


@st.composite
def problems(draw: st.DrawFn, *, pins: bool = True) -> Problem:
    """Return a problem of up to seven children and five activities."""
    activities = [draw(_activities(f"a-{number}")) for number in range(draw(st.integers(1, 5)))]
    names = [each.id for each in activities]
    children = [draw(_children(f"c-{number}", names)) for number in range(draw(st.integers(1, 7)))]
    ids = [child.id for child in children]
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(names))
    decided = draw(st.dictionaries(pairs, st.booleans(), max_size=2)) if pins else {}
    return Problem(
        term="random",
        seed=draw(st.sampled_from(("1", "2", "ff"))),
        settings=draw(_settings()),
        children=tuple(children),
        activities=tuple(activities),
        together=tuple(
            Together(f"t-{at}", tuple(members)) for at, members in enumerate(draw(_groups(ids, fewest=2, most=2)))
        ),
        shared=tuple(
            Shared(f"s-{at}", tuple(members), draw(st.integers(0, 2)))
            for at, members in enumerate(draw(_groups(names, fewest=1, most=1)))
        ),
        pins=tuple(Pin(child, activity, place) for (child, activity), place in decided.items()),
    )


def _groups(ids: list[str], *, fewest: int, most: int) -> st.SearchStrategy[list[list[str]]]:
    if len(ids) < fewest:
        return st.just([])
    return st.lists(st.lists(st.sampled_from(ids), min_size=fewest, max_size=3, unique=True), max_size=most)


@st.composite
def _settings(draw: st.DrawFn) -> Settings:
    together = draw(st.sampled_from(Togetherness))
    usual = [*DEFAULT_AIMS, *([Aim.TOGETHER] if together is Togetherness.SOFT else [])]
    aims = draw(st.permutations(usual))[: draw(st.integers(1, len(usual)))]
    between = draw(st.sampled_from((0, 45)))
    return Settings(tuple(aims), together, between, draw(st.sampled_from((0, 30))))


@st.composite
def _activities(draw: st.DrawFn, name: str) -> Activity:
    capacity = draw(st.integers(0, 4))
    seldom = st.integers(0, 5).map(lambda drawn: drawn == 0)
    return Activity(
        id=name,
        capacity=capacity,
        minimum=draw(st.integers(1, 3)),
        times=tuple(draw(st.lists(_times(), max_size=2))),
        ages=(7, draw(st.integers(7, 9))) if draw(seldom) else None,
        grades=(1, 2) if draw(seldom) else None,
        communities=frozenset({"east"}) if draw(seldom) else None,
        place=draw(st.sampled_from((None, "hall", "park"))),
        series="series" if draw(seldom) else None,
        room_ready=not draw(seldom),
        staffed=draw(st.integers(0, 4)) if draw(seldom) else None,
        held_back=draw(st.integers(0, capacity)) if draw(seldom) else None,
    )


def _times() -> st.SearchStrategy[Interval]:
    return st.builds(lambda hour, day: at(hour, day=day), st.integers(9, 13), st.integers(0, 2))


@st.composite
def _children(draw: st.DrawFn, name: str, activities: list[str]) -> Child:
    return Child(
        id=name,
        age=draw(st.integers(7, 9)),
        wishes=tuple(draw(st.lists(st.sampled_from(activities), max_size=4, unique=True))),
        grade=draw(st.sampled_from((None, 1, 2, 3))),
        older_from=draw(st.sampled_from((None, date(2027, 7, 6)))),
        community=draw(st.sampled_from((None, *_COMMUNITIES))),
        most=draw(st.integers(0, 3)),
        most_per_day=draw(st.sampled_from((None, None, 1))),
        held_back=draw(st.booleans()),
        empty_terms=draw(st.integers(0, 2)),
    )
