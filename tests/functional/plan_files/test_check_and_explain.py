"""`weibao plan check` and `weibao plan explain`: breaches, costs and reasons in words."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from core.planning.files import write_plan, write_problem
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.resources import Person
from tests.functional.plan_files.conftest import WEIGHTS, Run
from tests.unit.planning.builders import a_person, a_plan, a_problem, a_session, an_activity, at

NINE, TEN = at("09:00"), at("10:00")
GOOD = a_plan(a_session(NINE), a_session(TEN, "chen", "dai", index=1))


def a_plan_file(plan: Plan) -> Path:
    path = Path("plan.json")
    write_plan(path, plan)
    return path


def test_a_plan_that_keeps_every_rule_ends_with_zero(weibao: Run, problem_file: Path) -> None:
    done = weibao("plan", "check", problem_file, a_plan_file(GOOD))
    assert done.exit_code == 0
    assert "2 of 2 sessions are held" in done.stdout
    assert "The plan keeps every rule." in done.stdout


def test_each_breach_is_said_in_words_and_the_end_is_one(weibao: Run, problem_file: Path) -> None:
    plan = a_plan(a_session(NINE), a_session(NINE, "chen", "dai", index=1))
    done = weibao("plan", "check", problem_file, a_plan_file(plan))
    assert done.exit_code == 1
    assert done.stdout.startswith("Broken: ")
    assert "hall" in done.stdout.splitlines()[0]
    assert "The plan breaks rules in 1 places." in done.stderr


@pytest.mark.parametrize("content", ["{", '{"format": "weibao.plan/1", "problem": "other", "sessions": []}'])
def test_what_cant_be_read_ends_with_two(weibao: Run, problem_file: Path, content: str) -> None:
    Path("plan.json").write_text(content, encoding="utf-8")
    done = weibao("plan", "check", problem_file, "plan.json")
    assert done.exit_code == 2
    assert done.stderr.startswith("$")
    assert weibao("plan", "check", problem_file, "none.json").exit_code == 2


def test_a_rule_of_a_program_is_checked_without_a_database(
    weibao: Run, problem_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "WEIBAO_PLUGINS", "sst")
    write_problem(problem_file, a_problem(an_activity(), extensions={"sst": {"familiar_face": ["reading"]}}))
    done = weibao("plan", "check", problem_file, a_plan_file(GOOD))
    assert done.exit_code == 1
    assert "sst.familiar_face" in done.stdout
    assert "Nobody here knows" not in done.stderr


def a_problem_short_of(people: tuple[Person, ...]) -> Problem:
    return replace(a_problem(an_activity(), weights=WEIGHTS), people=people)


def test_what_is_missing_is_explained_with_what_would_help(weibao: Run, problem_file: Path) -> None:
    write_problem(problem_file, a_problem_short_of((a_person("an"),)))
    done = weibao("plan", "explain", problem_file, a_plan_file(a_plan()), "--seconds", 10, "--workers", 2)
    assert done.exit_code == 0
    assert done.stdout.count("reading, session ") == 2
    assert "Not held" in done.stdout
    assert "What would help: " in done.stdout


def test_where_nothing_is_missing_it_says_so(weibao: Run, problem_file: Path) -> None:
    done = weibao("plan", "explain", problem_file, a_plan_file(GOOD))
    assert done.stdout == "Every session is held, and every required place is filled.\n"


def test_a_plan_that_breaks_rules_is_not_explained(weibao: Run, problem_file: Path) -> None:
    plan = a_plan(a_session(NINE, "an", "an"))
    done = weibao("plan", "explain", problem_file, a_plan_file(plan))
    assert done.exit_code == 1
    assert "weibao plan check" in done.stderr
