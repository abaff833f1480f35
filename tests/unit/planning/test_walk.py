"""The compiled walk: what its memory says of a plan is true after any move, and fits in, whatever the problem."""

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.planning.anneal import layout as at
from core.planning.anneal.settling import roll_back
from core.planning.anneal.state import begin
from core.planning.anneal.walk import KINDS, make, walk
from core.planning.anneal.walker import Walker
from core.planning.files import read_problem
from core.planning.moments import MINUTES_A_DAY
from core.planning.plan import Plan
from core.planning.problem import Pin, Problem, Relation
from tests.unit.planning.builders import LEAD, WEEK, a_person, a_plan, a_problem, a_session, an_activity
from tests.unit.planning.builders import at as moment_at
from tests.unit.planning.memory import assert_honest, number, of_the_problem, picture, table
from tests.unit.planning.random_problems import a_crew, a_random_problem, a_wild_pin, with_decisions
from tests.unit.planning.wild_problems import a_wild_problem

CASES = Path(__file__).parents[2] / "planner_cases"
SEEDS = st.integers(0, 2**32)
PEOPLE_MOVES, TIME_MOVES, REBUILD, AMONG_RELATED, CHANGE_FACE = range(4), range(4, 10), 13, 14, 15


def a_walker(problem: Problem, seed: int = 1) -> Walker:
    """Return a walker with a first plan."""
    crew = a_crew(problem, seed=seed)
    crew.construct()
    return crew.walkers[0]


def a_bare_walker(problem: Problem, seed: int = 1) -> Walker:
    """Return a walker that holds nothing but the past."""
    found = a_crew(problem, seed=seed).walkers[0]
    found.load(Plan(problem.name, tuple(problem.frozen.values())))
    return found


def a_decided_problem(seed: int) -> Problem:
    """Return a random problem, most often with pins and a published plan; some pins can't be kept."""
    rng = random.Random(seed)  # noqa: S311 - nothing is secret
    found = with_decisions(rng, a_random_problem(rng))
    if rng.random() < 0.3:
        found = replace(found, pins=(*found.pins, *(a_wild_pin(rng, found) for _ in range(rng.randint(1, 2)))))
    return found


def kinds_for(walker: Walker) -> list[int]:
    """Return the kinds of moves for which there is anything to do."""
    kinds = set(range(KINDS))
    if not number(walker.memory, "SEATS"):
        kinds -= {*PEOPLE_MOVES, CHANGE_FACE}
    if table(walker.memory, "LOCKED", "SESSIONS").all():
        kinds -= set(TIME_MOVES)
    return sorted(kinds)


@given(SEEDS)
@settings(max_examples=150, derandomize=True, deadline=None)
def test_a_walker_and_the_referee_agree_on_every_plan_that_the_walker_has(seed: int) -> None:
    problem = a_decided_problem(seed)
    walker = a_walker(problem, seed)
    before = of_the_problem(walker.memory)
    assert_honest(problem, walker)
    walker.place(2_000, 50.0)
    assert_honest(problem, walker)
    walker.walk(3_000, 20.0)
    assert_honest(problem, walker)
    assert (of_the_problem(walker.memory) == before).all()


def test_the_random_problems_have_everything_and_most_of_them_valid_plans_with_sessions() -> None:
    problems = [a_decided_problem(seed) for seed in range(60)]
    walkers = [a_walker(problem) for problem in problems]
    assert sum(bool(problem.pins) for problem in problems) > 20
    assert sum(bool(problem.frozen) for problem in problems) > 5
    assert sum(bool(problem.relations) for problem in problems) > 20
    assert sum(problem.overflow_allowed for problem in problems) > 10
    assert {kind.kind for problem in problems for kind in problem.relations} == {
        *("together", "same_venue", "before", "apart", "needs")
    }
    assert sum(walker.is_valid for walker in walkers) > 30
    assert sum(bool(walker.plan().sessions) for walker in walkers) > 40


@given(SEEDS)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_a_plan_that_is_loaded_is_the_plan_that_one_gets_back(seed: int) -> None:
    problem = a_decided_problem(seed)
    walker = a_walker(problem, seed)
    walker.place(1_000, 50.0)
    plan, cost = walker.plan(), walker.best_cost
    walker.walk(1_000, 200.0)
    walker.load(plan)
    assert (walker.plan(), walker.best_cost) == (plan, cost)
    assert_honest(problem, walker)


@given(SEEDS, st.booleans())
@settings(max_examples=50, derandomize=True, deadline=None)
def test_a_move_that_is_rolled_back_leaves_no_trace(seed: int, bare: bool) -> None:  # noqa: FBT001 - drawn
    problem = a_decided_problem(seed)
    walker = a_bare_walker(problem, seed) if bare else a_walker(problem, seed)
    for kind in kinds_for(walker):
        before = picture(walker.memory)
        for _ in range(8):
            begin(walker.memory)
            make(walker.memory, walker._able, kind)
            assert_within_its_space(walker)
            roll_back(walker.memory)
        assert picture(walker.memory) == before, kind


def assert_within_its_space(walker: Walker) -> None:
    """See that the move just made has written no more than there is space for."""
    memory = walker.memory
    assert number(memory, "TRAIL_LENGTH") * at.TRAIL_ENTRY <= len(memory) - number(memory, "TRAIL")
    assert number(memory, "UNITS_LENGTH") <= number(memory, "LIFTED_LENGTH") <= number(memory, "LIFTED_SPACE")


@pytest.mark.parametrize("kind", range(KINDS))
def test_each_kind_of_move_alone_keeps_the_rules_and_the_count_of_costs(kind: int) -> None:
    weights, kept = np.cumsum(np.eye(KINDS, dtype=np.int64)[kind]), 0
    for seed in range(12):
        problem = a_decided_problem(seed)
        walker = (a_walker if seed % 2 else a_bare_walker)(problem, seed)
        if kind not in {10, 12, 14} and not seed % 2:
            walker.place(300, 50.0)
        if kind in kinds_for(walker):
            kept += walk(walker.memory, walker._able, weights, 200, 30.0, 3.0)
            assert_honest(problem, walker)
    assert kept > 0 or kind == AMONG_RELATED


def test_a_series_makes_room_for_one_that_must_come_before_it() -> None:
    early, late = moment_at("09:00"), moment_at("10:30")
    first = an_activity("first", sessions=1, starts=(early, late), groups=())
    second = an_activity("second", sessions=1, starts=(early, late), groups=())
    problem = a_problem(
        first, second, relations=(Relation("before", ("first", 0), ("second", 0)),), weights={"unscheduled": 1000}
    )
    walker = a_bare_walker(problem, 1)
    walker.load(a_plan(a_session(early, "an", "bo", activity="second")))
    weights = np.cumsum(np.eye(KINDS, dtype=np.int64)[AMONG_RELATED])
    assert walk(walker.memory, walker._able, weights, 500, 1.0, 1.0) > 0
    assert [(row.activity, row.start) for row in walker.plan().sessions] == [("first", early), ("second", late)]


@given(SEEDS)
@settings(max_examples=250, derandomize=True, deadline=None)
def test_no_problem_is_too_wild(seed: int) -> None:
    problem = a_wild_problem(random.Random(seed))  # noqa: S311 - nothing is secret
    walker = a_walker(problem, seed)
    before = of_the_problem(walker.memory)
    walker.place(500, 50.0)
    walker.walk(500, 1e6)
    assert_honest(problem, walker)
    assert (of_the_problem(walker.memory) == before).all()


def test_however_many_starts_are_tried_the_trail_holds_them() -> None:
    starts = tuple(range(WEEK[0][0], WEEK[0][0] + 3 * MINUTES_A_DAY))
    series = an_activity(sessions=5, duration=1, starts=starts, zones=(), min_adults=0, roles=(LEAD,), max_per_day=9)
    problem = a_problem(series, people=(a_person("an", max_sessions=0),))
    walker = a_walker(problem)
    for _ in range(3):
        begin(walker.memory)
        make(walker.memory, walker._able, REBUILD)
        assert_within_its_space(walker)
        roll_back(walker.memory)


def test_a_long_chain_of_sessions_that_need_one_another_has_space() -> None:
    names = [f"series-{n}" for n in range(40)]
    activities = [an_activity(name, sessions=1, zones=(), min_adults=0, roles=()) for name in names]
    chain = tuple(Relation("needs", (one, 0), (two, 0)) for one, two in pairwise(names))
    together = tuple(Relation("together", ("series-0", 0), (name, 0)) for name in names[1:20])
    problem = a_problem(*activities, relations=(*chain, *together), weights={"unscheduled": 10})
    walker = a_bare_walker(problem)
    for kind in (10, 13):
        begin(walker.memory)
        make(walker.memory, walker._able, kind)
        assert_within_its_space(walker)
        roll_back(walker.memory)
    walker.place(500, 1.0)
    assert assert_honest(problem, walker)["held"] == 40


def test_more_that_need_each_other_than_a_move_may_lift_are_left_alone() -> None:
    names = [f"series-{n}" for n in range(60)]
    activities = [an_activity(name, sessions=1, zones=(), min_adults=0, roles=()) for name in names]
    tie = tuple(Relation("together", (one, 0), (two, 0)) for one, two in pairwise(names))
    problem = a_problem(*activities, relations=tie, weights={"unscheduled": 10})
    walker = a_walker(problem)
    assert assert_honest(problem, walker)["held"] == 60
    walker.memory[at.LIFTED_SPACE] = 59
    before = picture(walker.memory)
    walker.walk(300, 1.0)
    assert picture(walker.memory) == before


def test_years_between_two_starts_cost_no_memory() -> None:
    far = moment_at("09:00", "2190-01-25")
    near = an_activity(starts=(moment_at("09:00"), moment_at("10:00")), max_per_day=1)
    both = replace(near, starts=(*near.starts, far))
    sizes = [len(a_walker(a_problem(one)).memory) for one in (near, both)]
    assert sizes[1] < 2 * sizes[0]
    problem = a_problem(both, people=[a_person(n, available=((0, far + 60),)) for n in ("an", "bo")])
    assert_honest(problem, a_walker(problem))


@pytest.mark.parametrize("like", [-10_000, 10_000])
def test_no_dislike_is_strong_enough_to_break_a_pin(like: int) -> None:
    pins = (Pin("reading", 0, staff={"lead": ("an",)}), Pin("reading", 1, staff={"lead": ("an",)}))
    weights = {"unscheduled": 1, "likes": 10**9}
    people = (a_person("an", likes={"reading": like}), *(a_person(name) for name in ("bo", "chen")))
    problem = a_problem(an_activity(), people=people, pins=pins, weights=weights)
    walker = a_walker(problem)
    walker.place(2_000, 1e13)
    walker.walk(2_000, 1e13)
    assert walker.is_valid
    assert assert_honest(problem, walker)["held"] == 2


def test_a_dearer_plan_that_keeps_its_pins_is_remembered_rather_than_a_cheap_one_that_does_not() -> None:
    problem = a_problem(an_activity(), pins=(Pin("reading", 0, room="studio"),), weights={"unscheduled": 10})
    walker = a_bare_walker(problem)
    walker.memory[at.BROKEN_PRICE] = 0
    walker.memory[at.COST] = walker.memory[at.BEST_COST] = -1_000_000
    assert not walker.is_valid
    walker.place(500, 1.0)
    assert walker.is_valid
    assert next(row.room for row in walker.plan().sessions if row.index == 0) == "studio"


@pytest.mark.parametrize("name", ["winter-1", "winter-3-replan", "summer-2-tight"])
def test_a_real_term_is_placed_by_the_rules(name: str) -> None:
    problem = read_problem(CASES / f"{name}.problem.json.gz")
    walker = first_valid(problem)
    assert walker.is_valid
    walker.resume()
    walker.walk(2_000, 5.0)
    verdict = assert_honest(problem, walker)
    assert verdict["held"] > 0.95 * verdict["sessions"]


def first_valid(problem: Problem) -> Walker:
    """Return the first walker of some crews that keeps all pins, or one of the last crew."""
    for seed in range(0, 400, 100):
        crew = a_crew(problem, count=6, seed=seed)
        with crew.at_work():
            crew.construct()
            for _ in range(80):
                if crew.best.is_valid:
                    return crew.best
                crew.place(1_000, 3.5 * crew.grain)
    return crew.best


def test_a_role_that_one_person_keeps_is_handed_over_whole_and_sessions_move_for_it() -> None:
    """One session after another it can't be: a second lead meanwhile would be one too many."""
    nine, ten, tuesday = moment_at("09:00"), moment_at("10:00"), moment_at("09:00", "2027-01-26")
    only = replace(LEAD, max_people=1)
    series = an_activity(starts=(nine, ten, tuesday), min_adults=0, roles=(only,), max_per_day=1)
    fond = a_person("bo", likes={"reading": 9}, available=((ten, ten + 60), (tuesday, tuesday + 60)))
    weights = {"unscheduled": 1000, "required": 100, "likes": 1}
    problem = a_problem(series, people=(a_person("an"), fond), weights=weights)
    walker = a_bare_walker(problem)
    rows = (a_session(nine), a_session(tuesday, index=1))
    walker.load(a_plan(*(replace(row, staff={"lead": ("an",)}) for row in rows)))
    added = np.cumsum(np.eye(KINDS, dtype=np.int64)[CHANGE_FACE])
    assert walk(walker.memory, walker._able, added, 200, 1.0, 1.0) > 0
    assert [(row.start, row.staff["lead"]) for row in walker.plan().sessions] == [(ten, ("bo",)), (tuesday, ("bo",))]
