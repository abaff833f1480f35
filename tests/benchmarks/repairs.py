"""What repair suggestions take: `python -m tests.benchmarks.repairs [INSTANCE …]` prints a table.

Each instance is planned first. “desk” are questions to a plan that lies on the desk already, as while dragging on a
board; “cold” ones begin with reading the plan into memory. The walk is compiled beforehand, which isn't counted.
"""

import argparse
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from time import monotonic

# Run as a file, only its own folder would be searched.
sys.path.insert(0, str(Path(__file__).parents[2]))

from core.planning.files import read_problem
from core.planning.plan import Plan, PlannedSession
from core.planning.problem import Problem
from core.planning.repair import RepairDesk, repairs
from core.planning.search.solve import solve

CASES = Path(__file__).parents[1] / "planner_cases"
USUAL = ("winter-1", "summer-1")


def some_role(problem: Problem, row: PlannedSession, rng: random.Random) -> str:
    """Return a role of a session."""
    return rng.choice(problem.activity_of[row.activity].roles).role


def timed(question: Callable[[], object]) -> float:
    """Return how long a question takes, in milliseconds."""
    started = monotonic()
    question()
    return 1000 * (monotonic() - started)


def rows(name: str, problem: Problem, plan: Plan, questions: int, rng: random.Random) -> list[str]:
    """Return the lines of the table for one instance."""
    asked = [(row.key, some_role(problem, row, rng)) for row in rng.choices(plan.sessions, k=questions)]
    desk = RepairDesk(problem, plan)
    took = {
        "session, desk": [timed(lambda key=key: desk.session(key)) for key, _ in asked],
        "place, desk": [timed(lambda key=key, role=role: desk.place(key, role)) for key, role in asked],
        "session, cold": [timed(lambda key=key: repairs(problem, plan, key)) for key, _ in asked],
        "place, cold": [timed(lambda key=key, at=role: repairs(problem, plan, key, role=at)) for key, role in asked],
    }
    return [
        f"| {name} | {kind} | {len(ms)} | {median(ms):.0f} | {quantiles(ms, n=20)[-1]:.0f} | {max(ms):.0f} |"
        for kind, ms in took.items()
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instances", nargs="*", default=USUAL)
    parser.add_argument("--plan-seconds", type=float, default=5.0)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)  # noqa: S311 - no secret hangs on it
    problems = {name: read_problem(CASES / f"{name}.problem.json.gz") for name in args.instances}
    first = next(iter(problems.values()))
    plan = solve(first, seconds=1, workers=1).plan
    role = first.activity_of[plan.sessions[0].activity].roles[0].role
    took = sum(timed(lambda at=at: repairs(first, plan, plan.sessions[0].key, role=at)) for at in (None, role)) / 1000
    print(f"{os.cpu_count()} processors, seed {args.seed}, planned for {args.plan_seconds:g} s")
    print(f"compiling, which is not counted, took {took:.1f} s")
    print("| instance | question | asked | median ms | p95 ms | longest ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, problem in problems.items():
        plan = solve(problem, seconds=args.plan_seconds, seed=args.seed, workers=2).plan
        print("\n".join(rows(name, problem, plan, args.questions, rng)), flush=True)


if __name__ == "__main__":
    main()
