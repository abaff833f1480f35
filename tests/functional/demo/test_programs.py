"""The programs' planner rules on the demo's own problem, and the demo without any program."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.hooks.manager import load_hooks
from core.planning.check import audit
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.search.construct import construct
from core.planning.search.modelling import Task
from tests.functional.demo.conftest import weibao
from tests.unit.planning.referee import judge

PROGRAMS = ("character_ed", "parent_school", "school_link", "sst")


@pytest.fixture(scope="module")
def problem(demo: Path) -> Problem:
    """Return the demo's planning problem, with what all programs contribute."""
    return Problem.from_json(json.loads((demo / "problem.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def careless(problem: Problem) -> Plan:
    """Return a plan of the same season made as if there were no programs' rules; no chance is in it."""
    free = replace(problem, relations=(), extensions={})
    return construct(Task(free, DEFAULT_RULES, DEFAULT_PREFERENCES, seed=0, workers=1), seed=0)


def only(problem: Problem, program: str) -> Problem:
    """Return the problem with the contributions of one program."""
    mine = {activity.id for activity in problem.activities if activity.program == program}
    return replace(
        problem,
        relations=tuple(relation for relation in problem.relations if {relation.a[0], relation.b[0]} & mine),
        extensions={key: value for key, value in problem.extensions.items() if key == program},
    )


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_programs_rule_changes_the_demos_plan(demo: Path, problem: Problem, careless: Plan, program: str) -> None:
    rules = (*DEFAULT_RULES, *load_hooks((program,)).planning_rules())
    asked = only(problem, program)
    assert asked.relations or asked.extensions
    published = Plan.from_json(json.loads((demo / "plan.json").read_text(encoding="utf-8")))
    assert audit(asked, published, rules).valid, "With the rule it is kept."
    assert not audit(asked, careless, rules).valid, "Without the rule it is broken."
    assert audit(only(problem, "no program"), careless, DEFAULT_RULES).valid, "Nothing else is broken in that plan."


def test_the_demo_runs_without_any_program(tmp_path: Path) -> None:
    done = weibao("demo", "--no-serve", "--dir", tmp_path / "bare", "--seconds", "4", WEIBAO_PLUGINS="")
    assert done.returncode == 0, done.stderr
    written = {
        name: json.loads((tmp_path / "bare" / name).read_text(encoding="utf-8"))
        for name in ("problem.json", "plan.json")
    }
    assert judge(written["problem.json"], written["plan.json"])["valid"]
    assert written["problem.json"]["relations"] == written["problem.json"]["activities"] == []
