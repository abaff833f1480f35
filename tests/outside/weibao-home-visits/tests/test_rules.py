"""The program's rules: what each allows and refuses, the same by its constraint and by its plain check."""

from itertools import product

import pytest
from core.plugin_api import Message, Plan, Problem, Rule
from terms import a_plan, a_series, a_term, broken, is_allowed, written

from weibao_home_visits.preferences import TimeToMakeUp
from weibao_home_visits.rules.by_daylight import ByDaylight
from weibao_home_visits.rules.once_a_month import OnceAMonth
from weibao_home_visits.rules.time_for_the_way import TimeForTheWay

ANN, BOTH, OTHERS = ("ann",), ("ann", "bo"), ("cy", "di")
ONE, OTHER = "home_visits.one", "home_visits.other"


def agree(rule: Rule, problem: Problem, plan: Plan, *, good: bool) -> None:
    found = broken(rule, problem, plan)
    assert bool(found) is not good, found
    assert is_allowed(rule, problem, plan) is good


# --- Once a month --------------------------------------------------------------

SPREAD = ("12-01 09:00", "12-21 09:00", "12-22 09:00", "12-31 09:00")


@pytest.mark.parametrize(
    ("first", "second", "good"),
    [
        ("11-28 09:00", "12-19 09:00", True),
        ("11-28 09:00", "12-18 09:00", False),
        ("12-01 09:00", "12-31 09:00", False),
        ("12-05 09:00", "12-05 14:00", False),
    ],
    ids=["three weeks", "a day less", "one month", "one day"],
)
def test_visits_lie_apart_and_in_months_of_their_own(first: str, second: str, *, good: bool) -> None:
    problem = a_term(a_series(ONE, (first, second)))
    agree(OnceAMonth(), problem, a_plan((ONE, 0, first, BOTH), (ONE, 1, second, BOTH)), good=good)


def test_the_breach_names_both_visits_and_says_why() -> None:
    problem = a_term(a_series(ONE, SPREAD))
    plan = a_plan((ONE, 0, SPREAD[0], BOTH), (ONE, 1, SPREAD[3], BOTH))
    (breach,) = OnceAMonth().breaches(problem, plan)
    assert breach.rule == "home_visits.once_a_month"
    assert breach.sessions == ((ONE, 0), (ONE, 1))
    assert breach.message == Message(
        "Visit %(number)s of %(activity)s is the second in its month.", {"activity": ONE, "number": 2, "days": 21}
    )


def test_other_children_are_visited_on_the_same_days() -> None:
    problem = a_term(a_series(ONE, SPREAD), a_series(OTHER, SPREAD), people=(*BOTH, *OTHERS))
    plan = a_plan((ONE, 0, SPREAD[0], BOTH), (OTHER, 0, SPREAD[0], OTHERS))
    agree(OnceAMonth(), problem, plan, good=True)


@pytest.mark.parametrize(("third", "good"), [("12-28 09:00", False), ("01-09 09:00", True)])
def test_what_lies_behind_us_is_not_judged_but_kept_away_from(third: str, *, good: bool) -> None:
    year = "2027" if third.startswith("01") else "2026"
    made = (ONE, 0, "12-05 09:00", BOTH), (ONE, 1, "12-12 09:00", BOTH)
    series = a_series(ONE, ("12-05 09:00", "12-12 09:00"), sessions=3)
    series["starts"].append(f"{year}-{third.replace(' ', 'T')}")
    problem = a_term(series, incumbent=written(*made), frozen_before="2026-12-13T00:00")
    document = written(*made, (ONE, 2, third, BOTH))
    document["sessions"][2]["start"] = series["starts"][-1]
    agree(OnceAMonth(), problem, Plan.from_json(document), good=good)


# --- By daylight ---------------------------------------------------------------


@pytest.mark.parametrize(("hour", "good"), [("16:00", True), ("16:01", False)])
def test_a_visit_is_over_by_the_hour_of_its_form(hour: str, *, good: bool) -> None:
    start = f"12-05 {hour}"
    agree(ByDaylight(), a_term(a_series(ONE, (start,))), a_plan((ONE, 0, start, BOTH)), good=good)


def test_in_summer_a_visit_may_last_longer() -> None:
    start = "07-05 18:00"
    agree(ByDaylight(), a_term(a_series(ONE, (start,)), home_by=19), a_plan((ONE, 0, start, BOTH)), good=True)


def test_a_late_visit_that_was_made_is_not_judged() -> None:
    made = (ONE, 0, "12-05 18:00", BOTH)
    problem = a_term(a_series(ONE, (made[2],)), incumbent=written(made), frozen_before="2026-12-06T00:00")
    agree(ByDaylight(), problem, a_plan(made), good=True)


# --- Time for the way ----------------------------------------------------------


def visits(second: str, *people: tuple[str, ...], way: int = 30) -> tuple[Problem, Plan]:
    first, second = "12-05 09:00", f"12-05 {second}"
    problem = a_term(a_series(ONE, (first,)), a_series(OTHER, (second,)), people=(*BOTH, *OTHERS), way=way)
    return problem, a_plan((ONE, 0, first, people[0]), (OTHER, 0, second, people[1]))


@pytest.mark.parametrize(("second", "good"), [("10:29", False), ("10:30", True), ("09:30", False)])
def test_a_visitor_has_time_for_the_way(second: str, *, good: bool) -> None:
    problem, plan = visits(second, BOTH, ("bo", "cy"))
    agree(TimeForTheWay(), problem, plan, good=good)


def test_other_visitors_need_no_time() -> None:
    agree(TimeForTheWay(), *visits("10:00", BOTH, OTHERS), good=True)


def test_a_term_without_ways_lets_visits_follow_one_another() -> None:
    agree(TimeForTheWay(), *visits("10:00", BOTH, BOTH, way=0), good=True)


@pytest.mark.parametrize("decided", [ONE, OTHER])
def test_a_visit_that_is_held_fixed_is_kept_away_from(decided: str) -> None:
    problem, plan = visits("10:15", BOTH, BOTH)
    assert not is_allowed(TimeForTheWay(), problem, plan, (decided,))
    problem, plan = visits("10:15", BOTH, OTHERS)
    assert is_allowed(TimeForTheWay(), problem, plan, (decided,))


def test_a_visit_that_was_made_is_kept_away_from() -> None:
    made, next_ones = (ONE, 0, "12-05 09:00", BOTH), ("12-05 10:15", "12-05 10:30")
    series = a_series(ONE, (made[2],)), a_series(OTHER, next_ones)
    problem = a_term(*series, incumbent=written(made), frozen_before="2026-12-05T09:30")
    for start, good in zip(next_ones, (False, True), strict=True):
        agree(TimeForTheWay(), problem, a_plan(made, (OTHER, 0, start, ANN)), good=good)


def test_constraint_and_check_agree_on_every_plan() -> None:
    starts = ("12-05 09:00", "12-05 10:20", "12-05 11:00")
    problem = a_term(a_series(ONE, starts), a_series(OTHER, starts), people=BOTH)
    options = [None, *product(starts, ((), ANN, BOTH))]
    verdicts = []
    for one, other in product(options, options):
        held = [(name, 0, *chosen) for name, chosen in ((ONE, one), (OTHER, other)) if chosen is not None]
        plan = a_plan(*held)
        verdicts.append(not broken(TimeForTheWay(), problem, plan))
        assert is_allowed(TimeForTheWay(), problem, plan) is verdicts[-1], held
    assert {True, False} == set(verdicts)


# --- Time to make up -----------------------------------------------------------


def test_late_visits_are_counted_and_cost_nothing_where_nobody_is_visited() -> None:
    problem = a_term(a_series(ONE, ("12-20 09:00", "12-21 09:00")))
    late, early = a_plan((ONE, 0, "12-21 09:00", BOTH)), a_plan((ONE, 0, "12-20 09:00", BOTH))
    assert [TimeToMakeUp().amount(problem, plan) for plan in (early, late)] == [0, 1]
    assert TimeToMakeUp().weight(problem) > 0
    assert TimeToMakeUp().weight(Problem("empty")) == 0
