"""The audit and the referee agree on any plan, and models of parts of a problem on what a change costs."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.planning.check import audit
from core.planning.files import read_plan, read_problem
from core.planning.plan import Plan, PlannedSession
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.search.construct import construct
from core.planning.search.modelling import Task
from tests.unit.planning import referee
from tests.unit.planning.builders import Exactly

CASES = Path(__file__).parents[2] / "planner_cases"
PLANTED = sorted(path.name.removesuffix(".planted.json.gz") for path in CASES.glob("*.planted.json.gz"))


def body_of(name: str) -> Any:
    return json.loads(gzip.decompress((CASES / f"{name}.problem.json.gz").read_bytes()))


def assert_agreement(body: Any, problem: Problem, plan: Plan) -> bool:
    """Compare the audit with the referee's verdict; return whether the plan is valid."""
    verdict, found = referee.judge(body, plan.to_json()), audit(problem, plan)
    assert {name: amount for name, amount in found.amounts.items() if amount} == verdict["amounts"]
    assert found.cost == verdict["cost"]
    assert found.valid == verdict["valid"], (verdict["first_broken"], found.breaches)
    return found.valid


@pytest.mark.parametrize("name", PLANTED)
def test_the_audit_agrees_with_the_referee_on_planted_plans(name: str) -> None:
    valid = assert_agreement(
        body_of(name), read_problem(CASES / f"{name}.problem.json.gz"), read_plan(CASES / f"{name}.planted.json.gz")
    )
    assert valid == ("replan" not in name)


BODY = body_of("winter-1")
PROBLEM = Problem.from_json(BODY)
PLAN = read_plan(CASES / "winter-1.planted.json.gz")
STARTS = sorted({start for activity in PROBLEM.activities for start in activity.starts})
PEOPLE = st.lists(st.sampled_from([*sorted(PROBLEM.person_of), "nobody"]), max_size=4).map(tuple)


@st.composite
def broken_sessions(draw: st.DrawFn) -> PlannedSession:
    """A planted session with one thing changed."""
    row = draw(st.sampled_from(PLAN.sessions))
    change = draw(st.sampled_from(["activity", "index", "start", "room", "lead", "assistant", "ghost", "nothing"]))
    staff = dict(row.staff)
    if change in {"lead", "assistant", "ghost"}:
        staff[change] = draw(PEOPLE)
    return PlannedSession(
        draw(st.sampled_from(sorted(PROBLEM.activity_of))) if change == "activity" else row.activity,
        draw(st.integers(-1, 9)) if change == "index" else row.index,
        draw(st.sampled_from(STARTS)) if change == "start" else row.start,
        draw(st.sampled_from([*sorted(PROBLEM.room_of), None, "nowhere"])) if change == "room" else row.room,
        staff,
    )


@given(
    st.lists(broken_sessions(), max_size=6),
    st.sets(st.sampled_from(PLAN.sessions).map(lambda row: row.key), max_size=3),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_audit_agrees_with_the_referee_on_broken_plans(
    changed: list[PlannedSession], gone: set[tuple[str, int]]
) -> None:
    changes = {row.key: row for row in changed}
    rows = tuple(changes.pop(row.key, row) for row in PLAN.sessions if row.key not in gone)
    assert_agreement(BODY, PROBLEM, Plan(PLAN.problem, (*rows, *changes.values())))


def test_broken_plans_are_really_broken_in_many_ways() -> None:
    rng, rules = random.Random(5), set[str]()  # noqa: S311 - nothing is secret
    for _ in range(60):
        row = rng.choice(PLAN.sessions)
        other = PlannedSession(
            row.activity, row.index, rng.choice(STARTS), rng.choice(sorted(PROBLEM.room_of)), row.staff
        )
        plan = Plan(PLAN.problem, tuple(other if found is row else found for found in PLAN.sessions))
        assert_agreement(BODY, PROBLEM, plan)
        rules |= {breach.rule for breach in audit(PROBLEM, plan).breaches}
    assert len(rules) >= 8


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_model_of_a_part_says_what_a_change_costs_in_the_whole(seed: int) -> None:
    task = Task(PROBLEM, DEFAULT_RULES, DEFAULT_PREFERENCES, seed, workers=2)
    part = random.Random(seed).sample(sorted(PROBLEM.activity_of), 3)  # noqa: S311 - nothing is secret
    other = construct(task, seed, PLAN.without(part))
    assert audit(PROBLEM, other).valid
    difference = audit(PROBLEM, PLAN).cost - audit(PROBLEM, other).cost
    assert difference == objective(task, part, PLAN) - objective(task, part, other)
    assert difference != 0


def objective(task: Task, part: list[str], plan: Plan) -> float:
    """Return what the model of a part says that a plan costs."""
    model = task.model(task.free(part), plan)
    Exactly(plan).constrain(model)
    answer = model.solve(seconds=20, seed=1, workers=2)
    assert answer.optimal
    return answer.objective
