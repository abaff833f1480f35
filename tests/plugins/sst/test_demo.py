"""The demo is a stage for the rules of courses: a plan that knows none of them breaks them all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from core.conformance.databases import empty_database
from core.db.migrate import CORE, upgrade
from core.db.models import Installation, Station
from core.db.queries import planning as queries
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.hooks.calling import Hooks
from core.hooks.manager import load_hooks
from core.planning.check import audit
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from core.planning.search.construct import construct
from core.planning.search.modelling import Task
from core.services.demo.town import TOWN
from core.services.demo.workbook import DEMO_STATION, DEMO_TERM, demo_workbook
from core.services.planning.problem import term_problem
from core.services.workbook.importing import import_workbook
from plugins.sst.models import Answers, Question
from plugins.sst.rules import DaysBetween, QuietRoom, SameLead

NOW = datetime(2026, 11, 1)  # noqa: DTZ001 (the station's wall clock)


class _Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def hooks() -> Hooks:
    return load_hooks(only=["sst"])


@pytest.fixture(scope="module")
def demo(hooks: Hooks) -> Iterator[Database]:
    with empty_database() as database:
        for history in (CORE, *hooks.histories):
            upgrade(database.engine, history)
        with database.writing(EVERYTHING) as session:
            session.add(Installation(timezone="Asia/Shanghai", demo=True, created_at=_Clock().now()))
            import_workbook(session, SYSTEM, _Clock(), hooks, demo_workbook(hooks), demo=True)
            fill = hooks.demo_parts(TOWN)["sst"].fill
            assert fill is not None
            fill(session, session.scalars(select(Station.id).where(Station.slug == DEMO_STATION)).one())
        yield database


@pytest.fixture(scope="module")
def problem(demo: Database, hooks: Hooks) -> Problem:
    with demo.reading(EVERYTHING) as session:
        term = session.scalars(queries.term_named(DEMO_TERM)).one()
        return term_problem(session, hooks, term, timezone="Asia/Shanghai", now=NOW)


@pytest.mark.parametrize("rule", [SameLead(), DaysBetween(), QuietRoom()], ids=lambda rule: rule.name)
def test_a_plan_that_knows_no_program_breaks_each_rule_of_courses(problem: Problem, rule: Rule) -> None:
    free = replace(problem, relations=(), extensions={})
    careless = construct(Task(free, DEFAULT_RULES, DEFAULT_PREFERENCES, seed=0, workers=1), seed=0)
    assert audit(free, careless, DEFAULT_RULES).valid
    assert list(rule.breaches(problem, careless))


def test_the_demos_make_up_is_tied_to_the_second_module(problem: Problem) -> None:
    tied = [relation for relation in problem.relations if relation.a[0] != relation.b[0]]
    assert {(relation.kind, relation.a[1], relation.b[1]) for relation in tied} == {("before", 1, 0), ("needs", 0, 1)}


def test_the_demos_questionnaire_has_been_begun(demo: Database) -> None:
    with demo.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count(Question.id))) == 5
        assert session.scalar(select(func.count(Answers.id))) == 8
