"""The demo needs what the program keeps: a plan made without it breaks it, and one made with it holds everything."""

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
from core.planning.check import audit
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
from plugins.parent_school.preferences import AdviceInARow
from plugins.parent_school.queries import ratios_of
from plugins.parent_school.ratios import USUAL
from plugins.parent_school.rules import RULES

HOOKS = load_hooks(only=["parent_school"])
NOW = datetime.fromisoformat("2026-11-26T09:00")
#: Sessions for which there is no counsellor, as the demo is meant to show.
SHORT = 2


@contextmanager
def filled(path: Path) -> Iterator[Session]:
    database = Database(f"sqlite:///{path}", Vault(Keys.fresh()))
    for history in (CORE, *HOOKS.histories):
        upgrade(database.engine, history)
    with database.writing(EVERYTHING) as session:
        import_workbook(session, SYSTEM, FixedClock(TEST_MOMENT), HOOKS, demo_workbook(HOOKS), demo=True)
        station = session.scalars(select(Station).where(Station.slug == DEMO_STATION)).one()
        fill = HOOKS.demo_parts(TOWN)["parent_school"].fill
        assert fill is not None
        fill(session, station.id)
        assert ratios_of(session, station.id) == USUAL
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
    """Return a plan made as if there were no program."""
    free = replace(problem, relations=(), extensions={})
    return construct(Task(free, DEFAULT_RULES, DEFAULT_PREFERENCES, seed=0, workers=1), seed=0)


@pytest.mark.parametrize(
    "rule",
    [
        "begin_together",
        "same_venue",
        "one_before_the_other",
        "parent_school.evening_or_weekend",
        "parent_school.enough_carers",
    ],
)
def test_a_plan_made_without_the_program_breaks_what_it_keeps(problem: Problem, careless: Plan, rule: str) -> None:
    found = audit(problem, careless, (*DEFAULT_RULES, *RULES))
    assert rule in {breach.rule for breach in found.breaches}


def test_careless_plans_scatter_appointments(problem: Problem, careless: Plan) -> None:
    assert AdviceInARow().amount(problem, careless) > 0


def test_a_first_plan_with_the_rules_keeps_them_and_holds_all_but_the_planted_shortage(problem: Problem) -> None:
    rules = (*DEFAULT_RULES, *RULES)
    plan = construct(Task(problem, rules, DEFAULT_PREFERENCES, seed=0, workers=1), seed=0)
    assert audit(problem, plan, rules).valid
    sessions = sum(activity.sessions for activity in problem.activities)
    assert sessions - len(plan.sessions) == SHORT
