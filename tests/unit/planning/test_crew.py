"""Walkers side by side: alike whatever runs beside them, and going on together from one plan."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from core.planning.anneal.crew import Crew
from core.planning.anneal.numbering import Numbering
from core.planning.anneal.walker import Walker
from core.planning.files import read_problem
from core.planning.model.choices import Choices
from core.planning.plan import Plan
from core.planning.problem import Problem, Relation
from core.planning.rules.base import Breach, Rule
from core.planning.units import families
from tests.unit.planning.builders import (
    TUESDAY,
    a_person,
    a_plan,
    a_problem,
    a_room,
    a_session,
    an_activity,
    at,
    judged,
)
from tests.unit.planning.memory import assert_honest
from tests.unit.planning.random_problems import a_crew, a_random_problem, with_decisions

CASES = Path(__file__).parents[2] / "planner_cases"
WINTER = read_problem(CASES / "winter-1.problem.json.gz")
WEIGHTS = {"unscheduled": 1000, "required": 100, "trips": 1, "load": 1}


def walked(crew: Crew) -> tuple[Plan, ...]:
    """Return the plans of the walkers after a short search, each in a thread of its own."""
    with crew.at_work():
        return walked_in_turn(crew)


def walked_in_turn(crew: Crew) -> tuple[Plan, ...]:
    crew.construct()
    crew.place(1_000, 30.0)
    crew.walk(5_000, 5.0)
    return tuple(walker.plan() for walker in crew.walkers)


def test_walkers_find_the_same_plans_in_turn_and_side_by_side() -> None:
    both = walked(a_crew(WINTER, count=2, seed=1))
    assert both == walked_in_turn(a_crew(WINTER, count=2, seed=1))
    assert both[:1] == walked(a_crew(WINTER, seed=1))
    assert both[0] != both[1]


def test_no_two_seeds_share_a_walker() -> None:
    plans = {*walked(a_crew(WINTER, count=2, seed=1)), *walked(a_crew(WINTER, count=2, seed=2))}
    assert len(plans) == 4


def test_the_walker_that_is_behind_starts_again() -> None:
    crew = a_crew(WINTER, count=2, seed=1)
    plans = walked(crew)
    best = plans[crew.walkers.index(crew.best)]
    crew.start_again()
    (other,) = (walker for walker in crew.walkers if walker is not crew.best)
    assert crew.best.plan() == best
    assert other.plan() not in plans
    assert_honest(WINTER, other)


@pytest.mark.parametrize("seed", [-1, 0, 2**63])
def test_any_seed_will_do(seed: int) -> None:
    crew = a_crew(WINTER, seed=seed)
    walked(crew)
    assert crew.best.is_valid


def test_the_best_walker_is_the_one_whose_valid_plan_costs_least() -> None:
    crew = a_crew(WINTER, count=3)
    plans = walked(crew)
    costs = [judged(WINTER, plan)["cost"] for plan in plans]
    assert crew.best.best_cost == min(costs)
    assert crew.best is crew.walkers[costs.index(min(costs))]


def test_all_walkers_go_on_from_the_plan_that_is_gathered() -> None:
    crew = a_crew(WINTER, count=2)
    plan = walked(crew)[1]
    crew.gather(plan)
    assert [walker.plan() for walker in crew.walkers] == [plan, plan]
    assert [walker.shortage() for walker in crew.walkers] == [crew.best.shortage()] * 2


def test_what_is_left_alone_stays_as_it_is_while_the_rest_gets_better() -> None:
    crew = a_crew(WINTER)
    crew.construct()
    plan, alone = crew.best.plan(), {name for family in families(WINTER)[::2] for name in family}
    cost = judged(WINTER, plan)["cost"]
    crew.leave_alone(alone, plan)
    crew.place(2_000, 30.0)
    crew.walk(200_000, 2.0)
    found = crew.best.plan()
    assert [row for row in found.sessions if row.activity in alone] == [
        row for row in plan.sessions if row.activity in alone
    ]
    assert assert_honest(WINTER, crew.best)["cost"] < cost


def test_a_crew_is_complete_when_all_is_held_and_staffed_as_pinned() -> None:
    easy = a_crew(a_problem(an_activity(), weights=WEIGHTS))
    easy.construct()
    assert easy.is_complete
    short = a_crew(a_problem(an_activity(), weights=WEIGHTS, people=(a_person("an"),)))
    short.construct()
    assert not short.is_complete
    assert short.best.shortage() == (2, 0, 0)


def test_an_empty_problem_can_be_walked() -> None:
    crew = a_crew(Problem("empty"))
    assert walked(crew) == (Plan("empty"),)
    assert crew.best.is_valid


def a_walked_winter() -> Walker:
    crew = a_crew(WINTER)
    walked(crew)
    return crew.walkers[0]


def test_fixed_times_keep_starts_and_rooms_and_staff_them_anew() -> None:
    published = a_plan(a_session(at("10:30")), a_session(at("10:00", TUESDAY), "an", "bo", index=1, room="studio"))
    weights = {**WEIGHTS, "times": 500, "rooms": 500}
    problem = a_problem(an_activity(), weights=weights, incumbent=published)
    free, fixed = a_crew(problem), a_crew(problem, fixed=published)
    for crew in (free, fixed):
        crew.construct()
        crew.place(500, 30.0)
        crew.walk(5_000, 30.0)
    assert shape(fixed.best.plan()) == shape(published)
    assert shape(free.best.plan()) != shape(published)
    assert {person for row in fixed.best.plan().sessions for person in row.people()} == {"an", "bo", "chen", "dai"}


def shape(plan: Plan) -> set[tuple[str, int, int, str | None]]:
    return {(row.activity, row.index, row.start, row.room) for row in plan.sessions}


def test_what_was_published_is_kept_as_far_as_the_rules_allow() -> None:
    published = a_plan(a_session(at("09:00")), a_session(at("10:00"), "gone", "bo", index=1, room="torn down"))
    problem = a_problem(an_activity(), weights={**WEIGHTS, "moved": 400}, incumbent=published)
    crew = a_crew(problem)
    crew.construct()
    rows = crew.best.plan().sessions
    assert (rows[0].start, rows[0].room, set(rows[0].people())) == (at("09:00"), "hall", {"an", "bo"})
    assert (rows[1].start, rows[1].room in problem.room_of) == (at("10:00"), True)


def test_a_session_without_the_one_that_it_needs_is_let_go() -> None:
    published = a_plan(a_session(at("09:00")), a_session(at("09:00"), "chen", "dai", activity="talk", room="studio"))
    needs = (Relation("needs", ("reading", 0), ("talk", 0)),)
    closed = (a_room(), a_room("studio", open=()))
    problem = a_problem(
        an_activity(sessions=1, rooms=("hall",)),
        an_activity("talk", sessions=1, rooms=("studio",)),
        relations=needs,
        rooms=closed,
        incumbent=published,
        weights=WEIGHTS,
    )
    crew = a_crew(problem)
    crew.construct()
    assert crew.best.is_valid
    assert crew.best.plan().sessions == ()


def test_the_past_stays_as_it_was_whatever_is_done_to_the_rest() -> None:
    seen = 0
    for seed in range(80):
        rng = random.Random(seed)  # noqa: S311 - nothing is secret
        problem = with_decisions(rng, a_random_problem(rng))
        crew = a_crew(replace(problem, pins=()), seed=seed)
        walked(crew)
        rows = {row.key: row for row in crew.best.plan().sessions}
        for key, row in problem.frozen.items():
            assert (rows[key].start, rows[key].room) == (row.start, row.room)
            assert {role: set(ids) for role, ids in rows[key].staff.items()} == {
                role: set(ids) for role, ids in row.staff.items()
            }
            seen += 1
    assert seen > 10


class Striking(Rule):
    """Strikes out the starts that it is given."""

    name = "striking"

    def __init__(self, *starts: int) -> None:
        self._starts = starts

    def narrow(self, choices: Choices) -> None:
        """Strike the starts out of every activity."""
        for activity in choices.activities:
            choices.keep_starts(activity, set(choices.starts(activity)) - set(self._starts))

    def breaches(self, problem: Problem, plan: Plan) -> tuple[Breach, ...]:  # noqa: ARG002 - nothing is broken here
        """Return nothing."""
        return ()


def test_walkers_count_with_what_rules_of_programs_strike_out_and_with_nothing_else() -> None:
    problem = a_problem(an_activity())
    numbered = [Numbering(problem, problem.weights, (Striking(*starts),)) for starts in ((), (at("09:00"),))]
    assert [numbering.choices is None for numbering in numbered] == [True, False]
    assert {slot.start for slot in numbered[0].slots} - {slot.start for slot in numbered[1].slots} == {at("09:00")}
