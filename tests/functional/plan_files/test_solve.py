"""`weibao plan solve`: the plan's file, what is said meanwhile, and refusals that leave nothing behind."""

import gzip
import json
from pathlib import Path

import pytest

from core.planning.files import read_plan, read_problem, write_problem
from core.planning.outcome import VERSION
from core.planning.problem import Problem
from tests.functional.plan_files.conftest import WEIGHTS, Run
from tests.unit.planning.builders import a_problem, an_activity, judged


def test_the_plan_is_valid_and_its_file_says_how_it_was_made(weibao: Run, problem_file: Path) -> None:
    done = weibao("plan", "solve", problem_file, "-o", "plan.json", "--seconds", 20, "--seed", 7, "--workers", 2)
    assert done.exit_code == 0
    plan = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    verdict = judged(read_problem(problem_file), read_plan(Path("plan.json")))
    assert verdict["valid"]
    assert verdict["cost"] == plan["cost"]
    told = {key: plan[key] for key in ("version", "seed", "workers", "limits", "status", "bound")}
    assert told == {
        "version": VERSION,
        "seed": 7,
        "workers": 2,
        "limits": {"seconds": 20.0, "steps": None, "gap": 0.0},
        "status": "optimal",
        "bound": plan["cost"],
    }
    assert plan["placed"] >= 0
    assert [cost for _seconds, cost, _bound in plan["history"]][-1] == plan["cost"]


def test_the_summary_counts_sessions_places_and_what_the_terms_cost(weibao: Run, problem_file: Path) -> None:
    done = weibao("plan", "solve", problem_file, "-o", "plan.json", "--seconds", 20, "--workers", 2)
    assert "2 of 2 sessions are held; 0 required staff places are empty" in done.stdout
    assert "Cost 8; no plan costs less than 8: a gap of 0 %." in done.stdout
    assert any(line.split()[-3:] == ["4", "1", "4"] for line in done.stdout.splitlines() if "Days on which" in line)
    assert "cost 8" in done.stderr


def test_quiet_says_nothing(weibao: Run, problem_file: Path) -> None:
    done = weibao("plan", "solve", problem_file, "-o", "plan.json.gz", "--steps", 5, "--workers", 1, "--quiet")
    assert (done.exit_code, done.output) == (0, "")
    assert json.loads(gzip.decompress(Path("plan.json.gz").read_bytes()))["problem"] == "tiny"


def test_with_steps_one_worker_and_a_seed_the_plan_is_the_same_again(weibao: Run, problem_file: Path) -> None:
    for name in ("a.json", "b.json"):
        weibao("plan", "solve", problem_file, "-o", name, "--steps", 3, "--workers", 1, "--seed", 3)
    assert read_plan(Path("a.json")) == read_plan(Path("b.json"))


def test_a_malformed_problem_is_refused_with_place_and_reason_and_nothing_is_written(
    weibao: Run, problem_file: Path
) -> None:
    body = json.loads(problem_file.read_text(encoding="utf-8"))
    body["rooms"][1]["capacity"] = "many"
    problem_file.write_text(json.dumps(body), encoding="utf-8")
    done = weibao("plan", "solve", problem_file, "-o", "plan.json", "--seconds", 5)
    assert done.exit_code == 1
    assert done.stderr == "$.rooms[1].capacity: A whole number is expected.\n"
    assert not Path("plan.json").exists()


@pytest.mark.parametrize(
    "args",
    [
        ("problem.json", "-o", "plan.json"),
        ("none.json", "-o", "plan.json", "--seconds", 5),
        ("problem.json", "-o", "plan.json", "--seconds", 0),
        ("problem.json", "-o", "plan.json", "--seconds", 5, "--gap", 2),
    ],
    ids=["no limit", "no such problem", "no time", "a gap beyond the whole"],
)
def test_wrong_usage_ends_with_two(weibao: Run, problem_file: Path, args: tuple[object, ...]) -> None:
    assert weibao("plan", "solve", *args).exit_code == 2


def test_the_problem_is_never_written_over(weibao: Run, problem_file: Path, tiny: Problem) -> None:
    done = weibao("plan", "solve", problem_file, "-o", problem_file.name, "--seconds", 5)
    assert done.exit_code == 1
    assert read_problem(problem_file).to_json() == tiny.to_json()


def test_rules_of_programs_that_are_not_installed_are_named(weibao: Run, problem_file: Path) -> None:
    write_problem(problem_file, a_problem(an_activity(), weights=WEIGHTS, extensions={"drama": {"props": []}}))
    done = weibao("plan", "solve", problem_file, "-o", "plan.json", "--seconds", 5, "--workers", 2)
    assert done.exit_code == 0
    assert "Nobody here knows the rules of drama: they are not checked." in done.stderr
