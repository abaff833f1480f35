"""The planner's benchmark: what it keeps, what it counts as the best, and how its table sums up."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.benchmarks.planner import results
from tests.benchmarks.planner.contenders import Trial
from tests.benchmarks.planner.report import report
from tests.benchmarks.planner.results import Measurement, Results, best_known, keep_best

TODAY = date(2027, 1, 25)
TRIAL = Trial("weibao", "winter-1", 10.0, 1, 2)


def a_measurement(cost: int | None = 100, **fields: object) -> Measurement:
    figures = Measurement(
        *("weibao", "winter-1", 10.0, 1, 2, "1"),
        wall=12.0,
        memory=300,
        placed=0.5,
        valid=True,
        held=9,
        sessions=9,
        cost=cost,
        bound=80,
        amounts={"required": 0},
    )
    return replace(figures, **fields)  # type: ignore[arg-type]


def line(rows: list[Measurement], best: dict[str, dict[str, int]]) -> list[str]:
    return [cell.strip() for cell in report(rows, best, [1.5]).splitlines()[-1].strip("|").split("|")]


def test_results_are_taken_up_again_where_they_were_interrupted(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    first = Results(path)
    assert not first.has(TRIAL)
    first.calibrated(2.345)
    first.add(a_measurement())
    again = Results(path)
    assert (list(again), again.calibration, again.has(TRIAL)) == ([a_measurement()], [2.35], True)
    assert not again.has(replace(TRIAL, seed=2))


def test_only_a_valid_and_better_plan_becomes_the_best_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "BEST", tmp_path / "best.json")
    assert keep_best(a_measurement(100), TODAY)
    assert not keep_best(a_measurement(90, valid=False), TODAY)
    assert not keep_best(a_measurement(100), TODAY)
    assert keep_best(a_measurement(90), TODAY)
    assert best_known() == {
        "winter-1": {"cost": 90, "seconds": 10.0, "by": "weibao", "version": "1", "date": "2027-01-25"}
    }


def test_the_table_shows_medians_and_the_distance_to_the_best_and_to_the_bound() -> None:
    rows = [a_measurement(cost, seed=seed) for seed, cost in enumerate((130, 100, 110))]
    cells = line(rows, {"winter-1": {"cost": 100}})
    assert cells[:9] == ["winter-1", "10", "weibao", "3", "yes", "9/9", "0", "0.5", "110"]
    assert cells[10:14] == ["80", "100", "10 (+10.0 %)", "30 (+37.5 %)"]


def test_one_invalid_plan_shows_and_a_run_that_never_placed_everything_counts_as_the_slowest() -> None:
    rows = [a_measurement(seed=1), a_measurement(seed=2, valid=False, placed=None), a_measurement(seed=3, placed=None)]
    cells = line(rows, {})
    assert (cells[4], cells[7]) == ("**no**", "–")


def test_a_contender_without_a_plan_is_no_zero() -> None:
    cells = line([a_measurement(None, valid=False, bound=None, placed=None, held=0)], {})
    assert (cells[4], cells[8], cells[13]) == ("no plan", "–", "–")
