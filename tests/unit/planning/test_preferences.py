"""Each soft term: the amount counted plainly, the solver's penalty and the referee say the same."""

from dataclasses import dataclass, replace

import pytest

from core.planning.check import audit
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Activity, Group, Problem, Role
from core.planning.rules import DEFAULT_RULES
from tests.unit.planning.builders import (
    TUESDAY,
    Exactly,
    a_person,
    a_plan,
    a_problem,
    a_room,
    a_session,
    an_activity,
    at,
    judged,
    solved,
)

NINE, TEN, NEXT_DAY = at("09:00"), at("10:00"), at("09:00", TUESDAY)


@dataclass(frozen=True)
class Case:
    """A plan that keeps the rules and the amount of one preference in it."""

    preference: str
    title: str
    problem: Problem
    plan: Plan
    amount: int


def staffed(*roles: Role) -> Activity:
    return an_activity(sessions=1, min_adults=0, roles=roles)


def with_staff(**staff: tuple[str, ...]) -> Plan:
    return a_plan(a_session(NINE, staff=staff))


SERIES = an_activity()
TWO = a_plan(a_session(NINE), a_session(TEN, index=1))
TWO_DAYS = a_plan(a_session(NINE), a_session(NEXT_DAY, index=1))
COMPACT = (Group("children", compact=True),)
OF_GROUP = an_activity(groups=("children",))
PUBLISHED = a_plan(a_session(NINE))
KEPT = a_problem(SERIES, incumbent=PUBLISHED)
FAITHFUL = replace(Role("lead", None, 1, 1), continuity=True)
LIKING = (a_person("an", likes={"reading": 3}), a_person("bo", likes={"reading": -1}), a_person("chen"))

CASES = [
    Case("unscheduled", "a session counts as its priority says", a_problem(an_activity(priority=3)), PUBLISHED, 3),
    Case("unscheduled", "nothing is missing", a_problem(SERIES), TWO, 0),
    Case(
        "required",
        "an empty required place counts",
        a_problem(staffed(Role("lead", None, 2, 3))),
        with_staff(lead=("an",)),
        1,
    ),
    Case("required", "a missing session has no places", a_problem(staffed(Role("lead", None, 2, 2))), a_plan(), 0),
    Case(
        "wanted",
        "only places beyond the required count",
        a_problem(staffed(Role("lead", None, 1, 3))),
        with_staff(lead=()),
        2,
    ),
    Case(
        "wanted",
        "people fill required places first",
        a_problem(staffed(Role("lead", None, 1, 3))),
        with_staff(lead=("an", "bo")),
        1,
    ),
    Case(
        "wanted",
        "a role that is full lacks nobody",
        a_problem(staffed(Role("lead", None, 1, 1))),
        with_staff(lead=("an",)),
        0,
    ),
    Case(
        "rooms",
        "each room beyond the first counts",
        a_problem(SERIES),
        a_plan(a_session(NINE), a_session(TEN, index=1, room="shed")),
        1,
    ),
    Case("rooms", "visits use no room", a_problem(an_activity(zones=())), a_plan(a_session(NINE, room=None)), 0),
    Case("rooms", "nothing held uses none", a_problem(SERIES), a_plan(), 0),
    Case("times", "each time of day beyond the first counts", a_problem(SERIES), TWO, 1),
    Case("times", "another day is no other time", a_problem(SERIES), TWO_DAYS, 0),
    Case(
        "staff",
        "each face beyond those wanted counts",
        a_problem(an_activity(roles=(FAITHFUL, Role("helper", None, 1, 1)))),
        a_plan(a_session(NINE), a_session(NEXT_DAY, "chen", "bo", index=1)),
        1,
    ),
    Case(
        "staff",
        "without continuity nobody counts",
        a_problem(SERIES),
        a_plan(a_session(NINE), a_session(TEN, "chen", "dai", index=1)),
        0,
    ),
    Case("days", "a full series on too few days counts", a_problem(an_activity(min_days=2)), TWO, 1),
    Case("days", "an unfinished series doesn't count", a_problem(an_activity(min_days=2)), PUBLISHED, 0),
    Case("days", "enough days are enough", a_problem(an_activity(min_days=2)), TWO_DAYS, 0),
    Case(
        "isolated",
        "a session alone on its day counts",
        a_problem(OF_GROUP, groups=COMPACT, compact_gap=30),
        TWO_DAYS,
        2,
    ),
    Case("isolated", "sessions that touch keep each other company", a_problem(OF_GROUP, groups=COMPACT), TWO, 0),
    Case(
        "isolated",
        "a gap may be as long as it says",
        a_problem(OF_GROUP, groups=COMPACT, compact_gap=30),
        a_plan(a_session(NINE), a_session(at("10:30"), index=1)),
        0,
    ),
    Case(
        "isolated",
        "a longer gap counts on both sides",
        a_problem(OF_GROUP, groups=COMPACT, compact_gap=29),
        a_plan(a_session(NINE), a_session(at("10:30"), index=1)),
        2,
    ),
    Case("isolated", "other groups don't count", a_problem(OF_GROUP, groups=(Group("children"),)), TWO_DAYS, 0),
    Case("trips", "a day counts once for each person", a_problem(SERIES), TWO, 2),
    Case("trips", "another day is another trip", a_problem(SERIES), TWO_DAYS, 4),
    Case("load", "two sessions of a person count four", a_problem(SERIES), TWO, 8),
    Case(
        "load",
        "shared they count two",
        a_problem(SERIES),
        a_plan(a_session(NINE), a_session(TEN, "chen", "dai", index=1)),
        4,
    ),
    Case("likes", "likes count against dislikes", a_problem(SERIES, people=LIKING), PUBLISHED, -2),
    Case(
        "overflow",
        "children without a place count",
        a_problem(
            an_activity(sessions=1, size=25), rooms=(a_room(), a_room("large", capacity=25)), weights={"overflow": 1}
        ),
        PUBLISHED,
        5,
    ),
    Case("moved", "another start counts", KEPT, a_plan(a_session(TEN)), 1),
    Case("moved", "a session that is no longer held doesn't", KEPT, a_plan(), 0),
    Case("moved", "an unmoved one doesn't", KEPT, a_plan(a_session(NINE, room="studio")), 0),
    Case("rehoused", "another room counts", KEPT, a_plan(a_session(NINE, room="studio")), 1),
    Case("rehoused", "another room at another start doesn't", KEPT, a_plan(a_session(TEN, room="studio")), 0),
    Case("restaffed", "who no longer serves counts", KEPT, a_plan(a_session(NINE, "chen", "dai")), 2),
    Case("restaffed", "another role is still serving", KEPT, a_plan(a_session(NINE, "bo", "an")), 0),
    Case("restaffed", "a move doesn't free anybody", KEPT, a_plan(a_session(TEN, "an", "chen")), 1),
    Case(
        "restaffed",
        "who is no longer available doesn't count",
        a_problem(
            SERIES,
            incumbent=PUBLISHED,
            people=(*(a_person(name) for name in ("an", "chen")), a_person("bo", available=())),
        ),
        a_plan(a_session(NINE, "an", "chen")),
        0,
    ),
]
NAMES = [f"{case.preference}: {case.title}" for case in CASES]
BY_NAME = {preference.name: preference for preference in DEFAULT_PREFERENCES}


def weighed(case: Case) -> Problem:
    """Return the case's problem with its one preference at a price of 1."""
    return replace(case.problem, weights={**case.problem.weights, case.preference: 1})


def test_every_preference_has_a_case() -> None:
    assert {case.preference for case in CASES} == set(BY_NAME)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_amount_is_as_counted_by_hand_and_by_the_referee(case: Case) -> None:
    found = audit(weighed(case), case.plan)
    assert found.breaches == ()
    assert found.amounts[case.preference] == case.amount
    assert judged(weighed(case), case.plan)["amounts"].get(case.preference, 0) == case.amount


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_solver_pays_the_amount(case: Case) -> None:
    preferences = (BY_NAME[case.preference],)
    answer = solved(weighed(case), (*DEFAULT_RULES, Exactly(case.plan)), preferences)
    assert answer.optimal
    assert answer.objective == case.amount


@pytest.mark.parametrize("wanted", [0, 1, 5])
@pytest.mark.parametrize("required", [0, 1, 5])
def test_places_are_counted_alike_whichever_kind_is_dearer(required: int, wanted: int) -> None:
    problem = a_problem(staffed(Role("lead", None, 2, 4)), weights={"required": required, "wanted": wanted})
    for serving in ((), ("an",), ("an", "bo"), ("an", "bo", "chen")):
        plan = with_staff(lead=serving)
        answer = solved(problem, (*DEFAULT_RULES, Exactly(plan)), DEFAULT_PREFERENCES)
        assert answer.objective == audit(problem, plan).cost == judged(problem, plan)["cost"]


def test_a_weight_that_is_missing_is_nothing() -> None:
    assert audit(a_problem(SERIES), TWO).cost == 0
    assert audit(a_problem(SERIES, weights={"trips": 4}), TWO).costs["trips"] == 8
