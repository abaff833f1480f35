"""For each rule a problem with an allocation that keeps it and one that breaks it and no other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.allocation.check import Rule
from core.allocation.problem import Aim, Pin, Problem, Settings, Shared, Together, Togetherness, Way
from core.allocation.result import AimValue, Allocation
from tests.unit.allocation.builders import a_child, a_problem, an_activity, an_allocation, at

ONE = a_child("c-1", "a-1")
TWO = a_child("c-2", "a-1")
BOTH = a_child("c-1", "a-1", "a-2", most=2)
NOBODY: Allocation = an_allocation()
FIRST = an_allocation("a-1", places={"c-1": "a-1"})
TWICE = an_allocation("a-1 a-2", places={"c-1": "a-1 a-2"})
PAIR = an_allocation("a-1", places={"c-1": "a-1", "c-2": "a-1"})


@dataclass(frozen=True)
class Case:
    """A problem, an allocation that is right, one that is wrong, and the ids that the violation is about."""

    problem: Problem
    right: Allocation
    wrong: Allocation
    ids: tuple[str, ...]


def _claiming(*aims: AimValue) -> Allocation:
    return an_allocation("a-1", places={"c-1": "a-1"}, aims=aims)


CASES: Mapping[str, tuple[Rule, Case]] = {
    "the allocation of another term": (
        Rule.OTHER_PROBLEM,
        Case(a_problem(), NOBODY, an_allocation(problem="winter"), ("winter",)),
    ),
    "the allocation of another seed": (
        Rule.OTHER_PROBLEM,
        Case(a_problem(), NOBODY, an_allocation(seed="1"), ("summer",)),
    ),
    "a child that nobody knows": (
        Rule.UNKNOWN,
        Case(a_problem(ONE, an_activity()), FIRST, an_allocation("a-1", places={"c-9": "a-1"}), ("c-9",)),
    ),
    "an activity that nobody knows": (
        Rule.UNKNOWN,
        Case(a_problem(ONE, an_activity()), FIRST, an_allocation("a-1", places={"c-1": "a-9"}), ("a-9",)),
    ),
    "an activity that nobody knows is held": (
        Rule.UNKNOWN,
        Case(a_problem(ONE, an_activity()), FIRST, an_allocation("a-1 a-9", places={"c-1": "a-1"}), ("a-9",)),
    ),
    "more children than places": (
        Rule.PLACES,
        Case(a_problem(ONE, TWO, an_activity(capacity=1)), FIRST, PAIR, ("a-1",)),
    ),
    "more children than staff can look after": (
        Rule.PLACES,
        Case(a_problem(ONE, TWO, an_activity(staffed=1)), FIRST, PAIR, ("a-1",)),
    ),
    "fewer children than the minimum": (
        Rule.MINIMUM,
        Case(a_problem(ONE, TWO, an_activity(minimum=2)), PAIR, FIRST, ("a-1",)),
    ),
    "held with nobody": (Rule.MINIMUM, Case(a_problem(ONE, an_activity()), NOBODY, an_allocation("a-1"), ("a-1",))),
    "a place in what is not held": (
        Rule.NOT_OPEN,
        Case(a_problem(ONE, an_activity()), NOBODY, an_allocation(places={"c-1": "a-1"}), ("a-1",)),
    ),
    "held without a room": (
        Rule.NO_ROOM,
        Case(a_problem(ONE, an_activity(room_ready=False)), NOBODY, FIRST, ("a-1",)),
    ),
    "two of which one can be held": (
        Rule.SHARED,
        Case(
            a_problem(BOTH, an_activity(), an_activity("a-2"), shared=(Shared("s-1", ("a-1", "a-2"), 1),)),
            FIRST,
            TWICE,
            ("s-1", "a-1", "a-2"),
        ),
    ),
    "the same place twice": (
        Rule.TWICE,
        Case(
            a_problem(a_child("c-1", "a-1", most=2), an_activity()),
            FIRST,
            an_allocation("a-1", places={"c-1": "a-1 a-1"}),
            ("c-1", "a-1"),
        ),
    ),
    "a place without a wish": (
        Rule.NOT_WISHED,
        Case(
            a_problem(ONE, an_activity(), an_activity("a-2")),
            FIRST,
            an_allocation("a-2", places={"c-1": "a-2"}),
            ("c-1", "a-2"),
        ),
    ),
    "too young": (
        Rule.AGE,
        Case(a_problem(ONE, an_activity(ages=(9, 12), times=(at(9),))), NOBODY, FIRST, ("c-1", "a-1")),
    ),
    "too old by the birthday": (
        Rule.AGE,
        Case(
            a_problem(
                a_child("c-1", "a-1", "a-2", older_from=date(2027, 7, 8)),
                an_activity(ages=(6, 8), times=(at(9, day=2), at(9, day=3))),
                an_activity("a-2", ages=(6, 8), times=(at(9, day=3),)),
            ),
            FIRST,
            an_allocation("a-2", places={"c-1": "a-2"}),
            ("c-1", "a-2"),
        ),
    ),
    "a grade that nobody told": (
        Rule.GRADE,
        Case(
            a_problem(a_child("c-1", "a-1"), a_child("c-2", "a-1", grade=2), an_activity(grades=(1, 2))),
            an_allocation("a-1", places={"c-2": "a-1"}),
            FIRST,
            ("c-1", "a-1"),
        ),
    ),
    "another community": (
        Rule.COMMUNITY,
        Case(
            a_problem(
                a_child("c-1", "a-1", community="east"),
                a_child("c-2", "a-1", community="west"),
                an_activity(communities=frozenset({"west"})),
            ),
            an_allocation("a-1", places={"c-2": "a-1"}),
            FIRST,
            ("c-1", "a-1"),
        ),
    ),
    "at the same time": (
        Rule.CLASH,
        Case(
            a_problem(BOTH, an_activity(times=(at(9), at(9, day=7))), an_activity("a-2", times=(at(10, day=7),))),
            FIRST,
            TWICE,
            ("c-1", "a-1", "a-2"),
        ),
    ),
    "no time for the way": (
        Rule.CLASH,
        Case(
            a_problem(
                BOTH,
                an_activity(times=(at(9, minutes=60),), place="hall"),
                an_activity("a-2", times=(at(10),), place="park"),
                settings=Settings(minutes_between=15),
            ),
            FIRST,
            TWICE,
            ("c-1", "a-1", "a-2"),
        ),
    ),
    "no time for the way that is listed": (
        Rule.CLASH,
        Case(
            a_problem(
                BOTH,
                an_activity(times=(at(11),), place="hall"),
                an_activity("a-2", times=(at(10, minutes=55),), place="park"),
                ways=(Way("park", "hall", 6),),
            ),
            FIRST,
            TWICE,
            ("c-1", "a-1", "a-2"),
        ),
    ),
    "twice in one series": (
        Rule.SERIES,
        Case(
            a_problem(BOTH, an_activity(series="chess"), an_activity("a-2", series="chess")),
            FIRST,
            TWICE,
            ("c-1", "a-1", "a-2"),
        ),
    ),
    "too many places": (
        Rule.LIMIT,
        Case(a_problem(a_child("c-1", "a-1", "a-2"), an_activity(), an_activity("a-2")), FIRST, TWICE, ("c-1",)),
    ),
    "too many places a day": (
        Rule.LIMIT_PER_DAY,
        Case(
            a_problem(
                a_child("c-1", "a-1", "a-2", most=2, most_per_day=1),
                an_activity(times=(at(9), at(9, day=1))),
                an_activity("a-2", times=(at(14, day=1),)),
            ),
            FIRST,
            TWICE,
            ("c-1",),
        ),
    ),
    "siblings of whom one has a place": (
        Rule.TOGETHER,
        Case(
            a_problem(ONE, TWO, an_activity(), together=(Together("t-1", ("c-1", "c-2")),)),
            PAIR,
            FIRST,
            ("t-1", "a-1"),
        ),
    ),
    "a place that was decided is not given": (
        Rule.PIN,
        Case(
            a_problem(a_child("c-1", age=15), an_activity(ages=(6, 8)), pins=(Pin("c-1", "a-1"),)),
            FIRST,
            NOBODY,
            ("c-1", "a-1"),
        ),
    ),
    "a place that was decided against is given": (
        Rule.PIN,
        Case(
            a_problem(ONE, an_activity(), pins=(Pin("c-1", "a-1", place=False),)),
            NOBODY,
            FIRST,
            ("c-1", "a-1"),
        ),
    ),
    "the held back place is given to another": (
        Rule.HELD_BACK,
        Case(
            a_problem(ONE, TWO, a_child("c-3", "a-1", held_back=True), an_activity(capacity=2, held_back=1)),
            FIRST,
            PAIR,
            ("a-1",),
        ),
    ),
    "the held back share is given to others": (
        Rule.HELD_BACK,
        Case(
            a_problem(
                ONE,
                TWO,
                a_child("c-3", "a-1", held_back=True),
                an_activity(capacity=2),
                settings=Settings(held_back_percent=1),
            ),
            an_allocation("a-1", places={"c-1": "a-1", "c-3": "a-1"}),
            PAIR,
            ("a-1",),
        ),
    ),
    "a value that isn't true": (
        Rule.VALUE,
        Case(
            a_problem(ONE, an_activity()),
            _claiming(AimValue(Aim.MOST_CHILDREN, 1, 1), AimValue(Aim.FAIR, 0, 0, rank=1)),
            _claiming(AimValue(Aim.MOST_CHILDREN, 2, 2)),
            ("most_children",),
        ),
    ),
    "a value of no aim": (
        Rule.VALUE,
        Case(
            a_problem(ONE, an_activity(), settings=Settings(together=Togetherness.SOFT)),
            _claiming(),
            _claiming(AimValue(Aim.TOGETHER, 0, 0)),
            ("together",),
        ),
    ),
    "better than its bound, where more is better": (
        Rule.BOUND,
        Case(
            a_problem(ONE, an_activity()),
            _claiming(AimValue(Aim.MOST_CHILDREN, 1, 2)),
            _claiming(AimValue(Aim.MOST_CHILDREN, 1, 0)),
            ("most_children",),
        ),
    ),
    "better than its bound, where less is better": (
        Rule.BOUND,
        Case(
            a_problem(ONE, an_activity()),
            _claiming(AimValue(Aim.FAIR, 0, 0, rank=1)),
            _claiming(AimValue(Aim.FAIR, 0, 1, rank=1)),
            ("fair",),
        ),
    ),
}
