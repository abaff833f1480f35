"""How good plans are after how long: `python -m tests.benchmarks.planner [SECONDS [INSTANCE …]]` prints a table.

Costs are the referee's. “placed” is when every session was held and every required place filled.
"""

import argparse
import os
from pathlib import Path
from time import monotonic

from core.planning.files import read_problem
from core.planning.outcome import Progress
from core.planning.search.solve import solve
from tests.unit.planning import referee

CASES = Path(__file__).parents[1] / "planner_cases"
USUAL = ("winter-1", "winter-2-tight", "weekends-1", "winter-3-replan", "summer-1", "summer-2-tight", "summer-3-replan")


def row(name: str, seconds: float, seed: int) -> str:
    """Return the line of the table for one instance."""
    problem = read_problem(CASES / f"{name}.problem.json.gz")
    placed: list[float] = []

    def note(news: Progress) -> None:
        if not news.amounts["unscheduled"] and not news.amounts["required"]:
            placed.append(news.seconds)

    started = monotonic()
    outcome = solve(problem, seconds=seconds, seed=seed, on_progress=note)
    took = monotonic() - started
    verdict = referee.judge(problem.to_json(), outcome.plan.to_json())
    held, valid = f"{verdict['held']}/{verdict['sessions']}", "yes" if verdict["valid"] else "NO"
    when, empty = f"{placed[0]:.1f}" if placed else "–", verdict["amounts"].get("required", 0)
    return f"| {name} | {took:.1f} | {valid} | {held} | {empty} | {when} | {verdict['cost']} | {outcome.bound} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=20.0)
    parser.add_argument("instances", nargs="*", default=USUAL)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(f"{os.cpu_count()} processors, seed {args.seed}")
    print("| instance | seconds | valid | held | required places empty | placed after | cost | bound |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in args.instances:
        print(row(name, args.seconds, args.seed), flush=True)


if __name__ == "__main__":
    main()
