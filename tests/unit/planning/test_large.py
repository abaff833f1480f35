"""A problem larger than any county's: planned in a minute, in memory that any server has."""

import gzip
import json
import multiprocessing
import re
import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from core.planning.problem import Problem
from core.planning.search.solve import solve
from tests.unit.planning import referee

CASES = Path(__file__).parents[2] / "planner_cases"
SESSIONS, SECONDS, MOST_KIBIBYTES = 5_000, 60.0, 4 << 20
#: What things are called in the county's problem.
NAME = re.compile(r'"((?:room|person|activity|group|venue|home)-[0-9]+)"')


def copies() -> Iterator[dict[str, Any]]:
    """Yield a county's summer again and again, each time with other names; people's skills stay the same."""
    text = gzip.decompress((CASES / "county-1.problem.json.gz").read_bytes()).decode()
    for number in count():
        yield json.loads(NAME.sub(rf'"\1-{number}"', text))


def a_large_body() -> dict[str, Any]:
    """Return a problem of so many sessions: copies of a county side by side, whose people may serve in all of them."""
    found: dict[str, Any] = {}
    for copy in copies():
        if not found:
            found = copy
            continue
        for key in ("rooms", "people", "groups", "activities", "relations", "pins"):
            found[key] = found[key] + copy[key]
        found["travel"]["pairs"] = found["travel"]["pairs"] + copy["travel"]["pairs"]
        if sum(activity["sessions"] for activity in found["activities"]) >= SESSIONS:
            break
    return found


def planned(body: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Return the plan that is found in the time, and the memory that was needed at most, in KiB."""
    outcome = solve(Problem.from_json(body), seconds=SECONDS, seed=1)
    return outcome.to_json(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.verify
def test_five_thousand_sessions_are_planned_in_a_minute_and_four_gibibytes() -> None:
    body = a_large_body()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        plan, memory = process.submit(planned, body).result()
    verdict = referee.judge(body, plan)
    print(f"{memory >> 10} MiB, {plan['seconds']} s, {verdict}")  # noqa: T201 - figures for whoever runs it
    assert verdict["valid"]
    assert verdict["cost"] == plan["cost"]
    assert verdict["sessions"] >= SESSIONS
    assert verdict["held"] > 0.95 * verdict["sessions"]
    assert plan["seconds"] < 1.5 * SECONDS
    assert memory <= MOST_KIBIBYTES
