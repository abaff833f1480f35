"""Small problems with defaults: a test names only what it is about."""

from datetime import datetime, timedelta
from typing import Any

from core.allocation.problem import Activity, Child, Interval, Problem, Settings
from core.allocation.result import Allocation

FIRST_DAY = datetime(2027, 7, 5)  # noqa: DTZ001 - local wall-clock time
SEED = "20270701"


def at(hour: int, *, day: int = 0, minutes: int = 90) -> Interval:
    """Return a meeting that starts at the hour, so many days after the first."""
    start = FIRST_DAY + timedelta(days=day, hours=hour)
    return start, start + timedelta(minutes=minutes)


def a_child(name: str = "c-1", *wishes: str, age: int = 8, **more: Any) -> Child:
    """Return a child of eight with one place to get."""
    return Child(id=name, age=age, wishes=wishes, **more)


def an_activity(name: str = "a-1", capacity: int = 10, **more: Any) -> Activity:
    """Return an activity for ten that opens with one."""
    return Activity(id=name, capacity=capacity, **more)


def a_problem(*parts: Child | Activity, settings: Settings | None = None, **more: Any) -> Problem:
    """Return a problem of these children and activities."""
    return Problem(
        term="summer",
        seed=SEED,
        settings=settings or Settings(),
        children=tuple(part for part in parts if isinstance(part, Child)),
        activities=tuple(part for part in parts if isinstance(part, Activity)),
        **more,
    )


def an_allocation(opened: str = "", **more: Any) -> Allocation:
    """Return an allocation of the problem; `opened` names the activities with spaces between, `places` who has what."""
    places = {child: tuple(got.split()) for child, got in more.pop("places", {}).items()}
    return Allocation(
        **{"problem": "summer", "seed": SEED, "places": places, "opened": frozenset(opened.split()), **more}
    )
