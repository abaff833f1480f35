"""The bound that is sought beside the walkers: who waits for it, and what becomes of a run if it fails."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.planning.anneal.crew import Crew
from core.planning.files import read_problem
from core.planning.search import campaign
from core.planning.search.solve import solve

CASES = Path(__file__).parents[2] / "planner_cases"


def test_where_nobody_serves_the_walkers_wait_for_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = read_problem(CASES / "itc2007/comp04.problem.json.gz")
    happened = list[str]()
    walk = Crew.walk

    def walked(crew: Crew, moves: int, temperature: float) -> None:
        happened.append("walk")
        walk(crew, moves, temperature)

    def bounded(*_: Any) -> int:
        time.sleep(0.3)
        happened.append("bound")
        return 0

    monkeypatch.setattr(Crew, "walk", walked)
    monkeypatch.setattr(campaign, "lower_bound", bounded)
    solve(problem, seconds=60, cancelled=lambda: "walk" in happened)
    assert happened[:2] == ["bound", "walk"]


def test_a_failure_beside_the_walkers_ends_the_run_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = read_problem(CASES / "winter-1.problem.json.gz")

    def failing(*_: Any) -> int:
        message = "the bound fell over"
        raise ValueError(message)

    monkeypatch.setattr(campaign, "lower_bound", failing)
    with pytest.raises(ValueError, match="the bound fell over"):
        solve(replace(problem, pins=()), seconds=60, workers=1)
