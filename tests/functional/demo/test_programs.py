"""The programs' planner rules on the demo's own problem, and the demo without any program."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from core.hooks.manager import load_hooks
from core.planning.check import audit
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from core.planning.search.construct import construct
from core.planning.search.modelling import Task
from tests.functional.demo.conftest import weibao
from tests.unit.planning.referee import judge

#: Rules that guard against an organizer's mistake, which the demo doesn't make.
GUARDS = {"parent_school.care_in_parallel"}
PROGRAMS = ("character_ed", "parent_school", "school_link", "sst")


def name(rule: Rule) -> str:
    return rule.name


@pytest.fixture(scope="module")
def problem(demo: Path) -> Problem:
    """Return the demo's planning problem, with what all programs contribute."""
    return Problem.from_json(json.loads((demo / "problem.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def careless(problem: Problem) -> Callable[[int], Plan]:
    """Return what plans the same season by a seed as if there were no programs' rules, each plan but once."""
    free = replace(problem, relations=(), extensions={})

    def planned(seed: int) -> Plan:
        return construct(Task(free, DEFAULT_RULES, DEFAULT_PREFERENCES, seed=seed, workers=1), seed=seed)

    return cache(planned)


def only(problem: Problem, program: str) -> Problem:
    """Return the problem with the contributions of one program."""
    mine = {activity.id for activity in problem.activities if activity.program == program}
    return replace(
        problem,
        relations=tuple(relation for relation in problem.relations if {relation.a[0], relation.b[0]} & mine),
        extensions={key: value for key, value in problem.extensions.items() if key == program},
    )


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_programs_rule_changes_the_demos_plan(
    demo: Path, problem: Problem, careless: Callable[[int], Plan], program: str
) -> None:
    rules = (*DEFAULT_RULES, *load_hooks((program,)).planning_rules())
    asked = only(problem, program)
    assert asked.relations or asked.extensions
    published = Plan.from_json(json.loads((demo / "plan.json").read_text(encoding="utf-8")))
    assert audit(asked, published, rules).valid, "With the rule it is kept."
    assert not audit(asked, careless(0), rules).valid, "Without the rule it is broken."
    assert audit(only(problem, "no program"), careless(0), DEFAULT_RULES).valid, "Nothing else is broken in that plan."


def test_every_rule_of_every_program_is_kept_by_the_published_plan(demo: Path, problem: Problem) -> None:
    published = Plan.from_json(json.loads((demo / "plan.json").read_text(encoding="utf-8")))
    rules = load_hooks().planning_rules()
    assert {rule.name.partition(".")[0] for rule in rules} == set(PROGRAMS)
    assert audit(problem, published, (*DEFAULT_RULES, *rules)).breaches == ()


@pytest.mark.parametrize("rule", [rule for rule in load_hooks().planning_rules() if rule.name not in GUARDS], ids=name)
def test_a_plan_made_without_a_rule_breaks_it(problem: Problem, careless: Callable[[int], Plan], rule: Rule) -> None:
    assert any(True for plan in map(careless, range(5)) for _ in rule.breaches(problem, plan)), rule.name


def test_the_demo_runs_without_any_program(tmp_path: Path) -> None:
    done = weibao("demo", "--no-serve", "--dir", tmp_path / "bare", "--seconds", "1", WEIBAO_PLUGINS="")
    assert done.returncode == 0, done.stderr
    written = {
        name: json.loads((tmp_path / "bare" / name).read_text(encoding="utf-8"))
        for name in ("problem.json", "plan.json")
    }
    assert judge(written["problem.json"], written["plan.json"])["valid"]
    assert written["problem.json"]["relations"] == written["problem.json"]["activities"] == []
