"""The demo needs each of the program's rules: a plan that is made without them breaks every one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.migrate import CORE, upgrade
from core.db.models import Station, Term
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import FixedClock
from core.hooks.manager import load_hooks
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.search.construct import construct
from core.planning.search.modelling import Task
from core.security.keys import Keys
from core.security.vault import Vault
from core.services.demo.town import TOWN
from core.services.demo.workbook import DEMO_STATION, demo_workbook
from core.services.planning.problem import term_problem
from core.services.workbook.importing import import_workbook
from core.testing import TEST_MOMENT

HOOKS = load_hooks(only=["school_link"])
NOW = datetime.fromisoformat("2026-11-26T09:00")


@contextmanager
def filled(path: Path) -> Iterator[Session]:
    database = Database(f"sqlite:///{path}", Vault(Keys.fresh()))
    for history in (CORE, *HOOKS.histories):
        upgrade(database.engine, history)
    with database.writing(EVERYTHING) as session:
        import_workbook(session, SYSTEM, FixedClock(TEST_MOMENT), HOOKS, demo_workbook(HOOKS), demo=True)
        station = session.scalars(select(Station).where(Station.slug == DEMO_STATION)).one()
        fill = HOOKS.demo_parts(TOWN)["school_link"].fill
        assert fill is not None
        fill(session, station.id)
        yield session
    database.dispose()


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> Problem:
    """Return the demo's problem with this program alone."""
    with filled(tmp_path_factory.mktemp("demo") / "weibao.db") as session:
        term = session.scalars(select(Term)).one()
        return term_problem(session, HOOKS, term, timezone="Asia/Shanghai", now=NOW)


@pytest.fixture(scope="module")
def careless(problem: Problem) -> Plan:
    """Return a plan of the same season made as if there were no rules of the program; no chance is in it."""
    free = replace(problem, relations=(), extensions={})
    return construct(Task(free, DEFAULT_RULES, DEFAULT_PREFERENCES, seed=0, workers=1), seed=0)


@pytest.mark.parametrize("name", [rule.name for rule in HOOKS.planning_rules()])
def test_a_plan_made_without_the_rules_breaks_each(problem: Problem, careless: Plan, name: str) -> None:
    (rule,) = (rule for rule in HOOKS.planning_rules() if rule.name == name)
    assert list(rule.breaches(problem, careless))


def test_a_plan_made_with_them_keeps_all(problem: Problem) -> None:
    rules = HOOKS.planning_rules()
    task = Task(problem, (*DEFAULT_RULES, *rules), DEFAULT_PREFERENCES, seed=0, workers=1)
    plan = construct(task, seed=0)
    assert task.audit(plan).valid
    assert len(plan.sessions) > 40
