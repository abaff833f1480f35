"""`weibao plan repair` and `plan solve --fixed-times`: one session elsewhere, and staff around announced times."""

import json
from pathlib import Path

import pytest

from core.planning import what_if
from core.planning.files import read_plan, write_plan, write_problem
from core.planning.problem import Problem
from tests.functional.plan_files.conftest import Run
from tests.unit.planning.builders import a_plan, a_session, at, judged

NINE, TEN = at("09:00"), at("10:00")
PLAN = a_plan(a_session(NINE), a_session(TEN, "chen", "dai", index=1))


@pytest.fixture(autouse=True)
def _plan_file(weibao: Run) -> None:
    write_plan(Path("plan.json"), PLAN)


def test_alternatives_are_ranked_with_what_they_cost_and_whom_they_disturb(weibao: Run, problem_file: Path) -> None:
    done = weibao("plan", "repair", problem_file, "plan.json", "--session", "reading#2", "--limit", 40)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "reading, session 2: so far 2027-01-25T10:00, hall; chen, dai"
    assert lines[1].split() == ["What", "could", "be", "instead", "Cost", "difference"]
    assert lines[2].split()[-1] == "+0"
    assert "     At another time in reading, session 2: chen, dai" in lines


def test_for_a_place_people_are_ranked(weibao: Run, problem_file: Path) -> None:
    done = weibao("plan", "repair", problem_file, "plan.json", "--session", "reading#1", "--role", "lead")
    assert "     Also serving in reading, session 1: chen" in done.stdout.splitlines()
    assert "     No longer serving in reading, session 1: an" in done.stdout.splitlines()


def test_the_one_that_is_taken_is_written(weibao: Run, problem_file: Path, tiny: Problem) -> None:
    args = ("plan", "repair", problem_file, "plan.json", "--session", "reading#1", "-o", "other.json")
    assert weibao(*args, "--take", 3).exit_code == 0
    found = json.loads(weibao(*args, "--take", 3, "--json").stdout)
    plan = read_plan(Path("other.json"))
    assert plan.sessions[0].to_json() == found["repairs"][2]["session"]
    assert judged(tiny, plan)["cost"] - judged(tiny, PLAN)["cost"] == found["repairs"][2]["difference"]


def test_what_cant_be_taken_is_refused_and_nothing_written(weibao: Run, problem_file: Path) -> None:
    args = ("plan", "repair", problem_file, "plan.json", "--session", "reading#1")
    assert weibao(*args, "-o", "other.json").exit_code == 2
    assert weibao(*args, "-o", "other.json", "--take", 999).exit_code == 1
    assert weibao(*args, "-o", "plan.json", "--take", 1).exit_code == 1
    assert weibao("plan", "repair", problem_file, "plan.json", "--session", "reading").exit_code == 2
    assert weibao("plan", "repair", problem_file, "plan.json", "--session", "cooking#1").exit_code == 1
    assert not Path("other.json").exists()


def test_where_there_is_no_alternative_it_says_why(weibao: Run, tiny: Problem) -> None:
    write_problem(Path("past.json"), a_past(tiny))
    done = weibao("plan", "repair", "past.json", "plan.json", "--session", "reading#1")
    assert done.stdout.splitlines()[1:] == ["It lies behind us and stays as it was.", "There is no alternative."]


def a_past(problem: Problem) -> Problem:
    return Problem.from_json({**problem.to_json(), "incumbent": PLAN.to_json(), "frozen_before": "2027-01-26T00:00"})


def test_announced_times_stay_while_staff_are_planned_again(weibao: Run, tiny: Problem) -> None:
    problem = what_if.with_person_away(tiny, "dai", TEN // 1440, TEN // 1440)
    problem = Problem.from_json({**problem.to_json(), "incumbent": PLAN.to_json()})
    write_problem(Path("announced.json"), problem)
    done = weibao("plan", "solve", "announced.json", "-o", "again.json", "--fixed-times", "--steps", 2, "--workers", 1)
    assert done.exit_code == 0
    plan = read_plan(Path("again.json"))
    assert judged(problem, plan)["valid"]
    assert [(row.start, row.room) for row in plan.sessions] == [(row.start, row.room) for row in PLAN.sessions]
