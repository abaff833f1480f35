"""Bounds: never above what a plan costs, equal to the optimum where nothing is left out, and told as they rise."""

import random
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.planning.bounds import offers
from core.planning.bounds.lower import floor, lower_bound
from core.planning.bounds.offers import market
from core.planning.bounds.people import Burden
from core.planning.bounds.prices import ascend
from core.planning.bounds.sessions import sessions_of
from core.planning.files import read_plan, read_problem
from core.planning.moments import moment
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Group, Problem, Role
from core.planning.rules import DEFAULT_RULES
from core.planning.search.modelling import Task
from tests.unit.planning import referee
from tests.unit.planning.builders import MONDAY, TUESDAY, WEEK, a_person, a_problem, a_room, an_activity, at, solved

CASES = Path(__file__).parents[2] / "planner_cases"
WEIGHTS = {
    "unscheduled": 200,
    "required": 40,
    "wanted": 9,
    "rooms": 3,
    "times": 4,
    "staff": 6,
    "days": 8,
    "isolated": 5,
    "trips": 4,
    "load": 1,
    "likes": 3,
}


def a_task(problem: Problem, workers: int = 1) -> Task:
    return Task(problem, DEFAULT_RULES, DEFAULT_PREFERENCES, 1, workers)


def optimum(problem: Problem) -> int:
    answer = solved(problem, DEFAULT_RULES, DEFAULT_PREFERENCES)
    assert answer.optimal
    return round(answer.objective)


def a_random_problem(chance: random.Random) -> Problem:
    """Return a problem of a few sessions, people and rooms, in which anything may be short or in another's way."""
    names = ("an", "bo", "chen", "dai", "er")[: chance.randint(0, 5)]
    activities = ("reading", "talk", "care")[: chance.randint(1, 3)]
    people = [
        a_person(
            name,
            adult=chance.random() < 0.8,
            household=chance.choice((None, "li")),
            skills=("law",) if chance.random() < 0.5 else (),
            available=WEEK if chance.random() < 0.6 else ((at("08:00"), at("10:15")),),
            max_sessions=chance.randint(0, 4),
            max_per_day=chance.randint(1, 2),
            likes={activity: chance.randint(-3, 3) for activity in activities if chance.random() < 0.7},
        )
        for name in names
    ]
    sessions = [
        an_activity(
            name,
            sessions=chance.randint(1, 3),
            duration=chance.choice((30, 60, 90)),
            starts=tuple(sorted(chance.sample([*_half_hours(MONDAY), *_half_hours(TUESDAY)], chance.randint(1, 5)))),
            size=chance.randint(1, 30),
            groups=tuple(group for group in ("ants", "bees") if chance.random() < 0.5),
            zones=("activity",) if chance.random() < 0.9 else (),
            min_adults=chance.randint(0, 2),
            roles=(
                Role("lead", chance.choice((None, "law")), 1, 1, continuity=True),
                Role("helper", None, chance.randint(0, 1), chance.randint(1, 2)),
            ),
            ordered=chance.random() < 0.3,
            max_per_day=chance.randint(1, 2),
            min_days=chance.randint(0, 2),
            priority=chance.randint(1, 2),
        )
        for name in activities
    ]
    weights = {name: weight for name, weight in WEIGHTS.items() if chance.random() < 0.9}
    return a_problem(
        *sessions,
        people=tuple(people),
        groups=(Group("ants", compact=True), Group("bees", compact=chance.random() < 0.5)),
        rooms=(a_room(capacity=20), a_room("nook", capacity=8))[: chance.randint(1, 2)],
        compact_gap=30,
        weights=weights | ({"overflow": 2} if chance.random() < 0.5 else {}),
    )


def _half_hours(day: str) -> list[int]:
    return [moment(f"{day}T{hour:02}:{minute}") for hour in (8, 9, 10) for minute in ("00", "30")]


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from([0, 10, 60_000_000]))
def test_the_bound_is_never_above_the_best_plan_however_few_offers_it_looks_at(seed: int, most: int) -> None:
    problem = a_random_problem(random.Random(seed))  # noqa: S311 - chance, not secrets
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offers, "_MOST_OFFERS", most)
        assert lower_bound(a_task(problem), 0.5) <= optimum(problem)


def test_people_are_bought_first_for_the_roles_that_few_can_fill(monkeypatch: pytest.MonkeyPatch) -> None:
    lawyer, students = a_person("an", skills=("law",)), [a_person(f"student-{number}") for number in range(9)]
    roles = (Role("lawyer", "law", 2, 2), Role("helper", None, 11, 11))
    problem = a_problem(
        an_activity(roles=roles, starts=(at("09:00"),), sessions=1, min_adults=0),
        people=(lawyer, *students),
        weights={"unscheduled": 1000, "required": 100},
    )
    # The lawyer can't be both in the second lawyer's place and the eleventh helper; the bound finds most of that.
    assert 200 < lower_bound(a_task(problem), 1.0) <= optimum(problem) == 300
    monkeypatch.setattr(offers, "_MOST_OFFERS", 1)
    few = market(a_task(problem), 1, 1)
    assert few is not None
    assert few.openings.priced.tolist() == [True, False]
    assert 0 < lower_bound(a_task(problem), 1.0) <= 200
    monkeypatch.setattr(offers, "_MOST_OFFERS", 0)
    nobody = market(a_task(problem), 1, 1)
    assert nobody is not None
    assert nobody.crews == ()


def test_the_bound_is_the_optimum_where_people_alone_count() -> None:
    problem = a_problem(an_activity(), weights={"unscheduled": 1000, "required": 100, "trips": 4, "load": 1})
    # Four places on one day or on two: two people in both sessions, or four people in one each.
    assert lower_bound(a_task(problem), 2.0) == optimum(problem) == 16


def test_the_bound_counts_likes_that_can_be_followed_and_no_others() -> None:
    fond = a_person("an", likes={"reading": 3}, available=((at("09:00"), at("10:00")),))
    calm = (a_person("bo"), a_person("chen"))
    problem = a_problem(an_activity(), people=(fond, *calm), weights={"unscheduled": 1000, "required": 100, "likes": 2})
    assert lower_bound(a_task(problem), 2.0) == optimum(problem) == -6
    assert floor(a_task(problem)) == -54


def test_the_bound_counts_who_is_missing() -> None:
    problem = a_problem(
        an_activity(roles=(Role("lead", "law", 1, 1), Role("helper", None, 1, 2)), min_adults=0),
        weights={"unscheduled": 1000, "required": 100, "wanted": 10},
        people=(a_person("an"),),
    )
    assert lower_bound(a_task(problem), 2.0) == optimum(problem) == 220


def test_the_bound_counts_groups_rooms_and_days() -> None:
    starts = (at("09:00"), at("10:00"), at("15:00"))
    tutoring = an_activity(groups=("ants",), starts=starts, min_days=2, size=15, min_adults=0, roles=())
    lecture = an_activity("talk", groups=("bees",), starts=starts[:1], sessions=1, size=18, min_adults=0, roles=())
    problem = a_problem(
        tutoring,
        lecture,
        people=(),
        rooms=(a_room(capacity=20), a_room("nook", capacity=10)),
        groups=(Group("ants", compact=True), Group("bees", compact=True)),
        compact_gap=30,
        weights={"unscheduled": 1000, "isolated": 7, "days": 20, "overflow": 2},
    )
    # The lecture stands alone; tutoring shares no day; at nine one of both is crowded, later it would stand alone.
    assert lower_bound(a_task(problem), 2.0) == optimum(problem) == 37


def test_a_bound_rises_and_the_last_one_told_is_returned() -> None:
    told: list[int] = []
    bound = lower_bound(a_task(read_problem(CASES / "winter-1.problem.json.gz"), 2), 2.0, told.append)
    assert all(low < high for low, high in pairwise(told))
    assert told[-1] == bound


def test_a_cancelled_bound_is_still_one_and_comes_at_once() -> None:
    task = a_task(read_problem(CASES / "winter-1.problem.json.gz"))
    started = monotonic()
    bound = lower_bound(task, 60.0, cancelled=lambda: True)
    assert monotonic() - started < 3
    assert floor(task) <= bound <= 2176


@pytest.mark.parametrize(("name", "least", "known"), [("winter-1", 900, 2176), ("winter-2-tight", 1900, 3178)])
def test_prices_alone_bound_a_station_well_in_few_rounds(name: str, least: int, known: int) -> None:
    problem = read_problem(CASES / f"{name}.problem.json.gz")
    found = market(a_task(problem), like_price=3, face_price=15)
    assert found is not None
    sessions = sessions_of(a_task(problem), found)
    rounds = iter(range(250))
    priced = ascend(sessions, Burden(trip=4, load=1), lambda _: next(rounds, None) is not None)
    planted = referee.judge(problem.to_json(), read_plan(CASES / f"{name}.planted.json.gz").to_json())
    assert least <= priced.bound <= known <= planted["cost"]


@pytest.mark.parametrize("name", ["weekends-1", "winter-3-replan", "itc2007/comp11"])
def test_known_plans_cost_no_less_than_the_bound(name: str) -> None:
    known = {"weekends-1": 4720, "winter-3-replan": 7233, "itc2007/comp11": 0}
    assert lower_bound(a_task(read_problem(CASES / f"{name}.problem.json.gz"), 2), 1.0) <= known[name]


def test_crowded_lecture_rooms_are_counted() -> None:
    task = a_task(read_problem(CASES / "itc2007" / "comp01.problem.json.gz"), 2)
    assert 0 <= lower_bound(task, 1.5) <= 5


def test_a_problem_without_anything_costs_nothing() -> None:
    assert lower_bound(a_task(a_problem(weights=WEIGHTS)), 1.0) == 0
    assert lower_bound(a_task(a_problem(an_activity(starts=()), weights=WEIGHTS)), 1.0) == 400
