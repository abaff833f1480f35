"""What explanations take: `python -m tests.benchmarks.explanations [INSTANCE …]` prints a table.

A third of the people are taken out of each instance, it is planned, and every shortfall is explained. “cured” counts
those with a cure that was verified by solving again; the referee, which shares no code with the planner, judges the
plan behind each cure before the cure counts.
"""

import argparse
import os
import random
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from time import monotonic

# Run as a file, only its own folder would be searched.
sys.path.insert(0, str(Path(__file__).parents[2]))

from core.planning.explain import explain
from core.planning.files import read_problem
from core.planning.outcome import Shortfall
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.search.solve import solve
from tests.unit.planning import referee

CASES = Path(__file__).parents[1] / "planner_cases"
USUAL = ("winter-2-tight",)


def with_fewer_people(problem: Problem, seed: int) -> Problem:
    """Return the problem without a third of its people, nor pins on them."""
    gone = set(random.Random(seed).sample([person.id for person in problem.people], len(problem.people) // 3))  # noqa: S311 - no secret
    people = tuple(person for person in problem.people if person.id not in gone)
    pins = tuple(
        replace(pin, staff={role: tuple(who for who in ids if who not in gone) for role, ids in pin.staff.items()})
        for pin in problem.pins
    )
    return replace(problem, people=people, pins=pins)


def shortage(problem: Problem, plan: Plan) -> int:
    """Return the price of what is short by the referee; more than any for a plan that isn't valid."""
    verdict = referee.judge(problem.to_json(), plan.to_json())
    weighed = (problem.weights.get(name, 0) * verdict["amounts"].get(name, 0) for name in ("unscheduled", "required"))
    return sum(weighed) if verdict["valid"] else 10**9


def cured(problem: Problem, plan: Plan, found: Iterable[Shortfall]) -> int:
    """Return how many shortfalls have cures, all of which the referee confirms."""
    before = shortage(problem, plan)
    return sum(
        bool(short.remedies)
        and all(cure.plan is not None and shortage(cure.apply(problem), cure.plan) < before for cure in short.remedies)
        for short in found
    )


def row(name: str, plan_seconds: float, seconds: float, seed: int) -> str:
    """Return the line of the table for one instance."""
    problem = with_fewer_people(read_problem(CASES / f"{name}.problem.json.gz"), seed)
    plan = solve(problem, seconds=plan_seconds, seed=seed).plan
    started = monotonic()
    found = explain(problem, plan, seconds=seconds, seed=seed)
    took = monotonic() - started
    reasons, verified = sum(bool(str(short.reason)) for short in found), sum(short.verified for short in found)
    not_held = sum(short.role is None for short in found)
    remedies = sum(len(short.remedies) for short in found)
    counts = f"{len(found)} | {not_held} | {reasons} | {cured(problem, plan, found)} | {remedies} | {verified}"
    return f"| {name} | {counts} | {took:.1f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instances", nargs="*", default=USUAL)
    parser.add_argument("--plan-seconds", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(
        f"{os.cpu_count()} processors, seed {args.seed}, planned for {args.plan_seconds:g} s, a third of the people out"
    )
    print("| instance | shortfalls | of these not held | with reason | cured | cures | verified | seconds |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in args.instances:
        print(row(name, args.plan_seconds, args.seconds, args.seed), flush=True)


if __name__ == "__main__":
    main()
