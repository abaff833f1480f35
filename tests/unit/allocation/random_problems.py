"""Small problems of every kind: whatever the format can say, in any mixture."""

from datetime import date
from itertools import permutations

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
    Way,
)
from tests.unit.allocation.builders import at

_COMMUNITIES = ("east", "west")
_LENGTHS = st.sampled_from((30, 45, 60))


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
        ways=draw(_ways({each.place for each in activities} - {None})),
    )


def _ways(places: set[str | None]) -> st.SearchStrategy[tuple[Way, ...]]:
    """Return ways of which some take no time and some longer than the hour between two meetings, there or back."""
    pairs = sorted(permutations(filter(None, places), 2))
    minutes = st.sampled_from((100, 45, 20, 0, None))
    return st.tuples(*(minutes for _ in pairs)).map(
        lambda took: tuple(Way(*pair, each) for pair, each in zip(pairs, took, strict=True) if each is not None)
    )


def _groups(ids: list[str], *, fewest: int, most: int) -> st.SearchStrategy[list[list[str]]]:
    if len(ids) < fewest:
        return st.just([])
    return st.lists(st.lists(st.sampled_from(ids), min_size=fewest, max_size=3, unique=True), max_size=most)


@st.composite
def two_at_different_places(draw: st.DrawFn) -> Problem:
    """Return a problem of two activities of one day, with or without ways between their places."""
    meeting = st.builds(lambda hour, minutes: at(hour, minutes=minutes), st.integers(9, 11), _LENGTHS)
    times = st.lists(meeting, min_size=1, max_size=2)
    one, two = (Activity(place, 1, times=tuple(draw(times)), place=place) for place in ("hall", "park"))
    return Problem(
        term="random",
        seed="1",
        settings=Settings(minutes_between=draw(st.sampled_from((45, 20, 0)))),
        children=(Child("c-0", 8, ("hall", "park"), most=2),),
        activities=(one, two),
        ways=draw(_ways({"hall", "park"})),
    )


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
        place=draw(st.sampled_from((None, "hall", "park", "pool"))),
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
