"""What people ask beside their times is kept by every search: first fit, the walk, the solver, repairs."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.planning.check import audit
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Person, Problem
from core.planning.repair import repairs
from core.planning.rules import DEFAULT_RULES
from core.planning.search.construct import construct
from core.planning.search.modelling import Task
from core.planning.search.solve import solve
from tests.unit.planning.builders import Exactly, a_person, a_plan, a_problem, a_session, an_activity, solved
from tests.unit.planning.random_problems import VENUES, a_crew, a_random_problem
from tests.unit.planning.rule_cases import NINE, TEN

SEEDS = st.integers(0, 10**6)


def choosy(seed: int) -> Problem:
    """Return a random problem in which half of the people ask for something."""
    rng = random.Random(seed)  # noqa: S311 - nothing is secret
    problem = a_random_problem(rng)
    names = sorted(problem.person_of)
    return replace(problem, people=tuple(_asking(rng, person, names) for person in problem.people))


def _asking(rng: random.Random, person: Person, names: list[str]) -> Person:
    others = [name for name in names if name != person.id]
    changes = {
        "max_per_week": rng.randint(0, 3),
        "venues": tuple(rng.sample(VENUES, rng.randint(0, 2))),
        "never_with": tuple(rng.sample(others, min(len(others), 2))),
        "only_with": tuple(rng.sample(others, min(len(others), 2))),
    }
    asked = [name for name in changes if rng.random() < 0.2]
    return replace(person, **{name: changes[name] for name in asked})


def broken(problem: Problem, plan: Plan) -> set[str]:
    return {breach.rule for breach in audit(problem, plan).breaches}


@given(SEEDS)
@settings(max_examples=120, derandomize=True, deadline=None)
def test_a_walk_keeps_what_people_ask(seed: int) -> None:
    problem = choosy(seed)
    crew = a_crew(problem, seed=seed)
    crew.construct()
    crew.place(2_000, 50.0)
    crew.walk(3_000, 20.0)
    assert not broken(problem, crew.best.plan()) & {"willing_staff", "chosen_company", "bearable_load"}


@given(SEEDS)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_first_fit_keeps_what_people_ask(seed: int) -> None:
    problem = choosy(seed)
    plan = construct(Task(problem, DEFAULT_RULES, DEFAULT_PREFERENCES, seed, workers=1), seed)
    assert not broken(problem, plan) & {"willing_staff", "chosen_company", "bearable_load"}


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(1, 8))])
def test_a_whole_run_ends_with_a_plan_that_keeps_what_people_ask(seed: int) -> None:
    problem = choosy(seed)
    assert broken(problem, solve(problem, steps=3, seed=seed, workers=1).plan) == set()


def test_the_random_wishes_make_a_difference() -> None:
    hurt = set[str]()
    for seed in range(60):
        problem = choosy(seed)
        plain = [replace(one, max_per_week=None, venues=None, only_with=(), never_with=()) for one in problem.people]
        crew = a_crew(replace(problem, people=tuple(plain)), seed=seed)
        crew.construct()
        crew.place(1_000, 50.0)
        hurt |= broken(problem, crew.best.plan())
    assert {"willing_staff", "chosen_company", "bearable_load"} <= hurt


def test_a_repair_offers_nobody_who_would_not() -> None:
    people = (*(a_person(name) for name in ("an", "bo", "chen")), a_person("dai", never_with=("bo",)))
    problem, plan = a_problem(an_activity(sessions=1), people=people), a_plan(a_session(NINE))
    offered = {
        person
        for repair in repairs(problem, plan, ("reading", 0), role="lead").ranked
        for row in repair.plan.sessions
        for person in row.people()
    }
    assert "chen" in offered
    assert "dai" not in offered


def test_what_lies_behind_us_breaks_no_wish() -> None:
    people = (a_person("an", never_with=("bo",), max_per_week=1, venues=(), declines=("sst",)), a_person("bo"))
    past = a_plan(a_session(NINE))
    problem = a_problem(an_activity(sessions=1), people=people, incumbent=past, frozen_before=TEN)
    assert audit(problem, past).valid
    assert solved(problem, (*DEFAULT_RULES, Exactly(past))).plan is not None or audit(problem, past).valid


def test_wishes_survive_the_format_and_are_silent_where_there_are_none() -> None:
    person = a_person("an", max_per_week=2, venues=(), declines=("sst",), only_with=("bo",), never_with=("chen",))
    problem = a_problem(people=(person, a_person("bo")))
    written = problem.to_json()
    assert Problem.from_json(written).people == problem.people
    assert written["people"][1].keys() == {
        *("id", "adult", "household", "skills", "available", "max_sessions", "max_per_day", "likes")
    }
