"""The demo needs each of the program's rules: a plan that is made as if there were none breaks every one of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import monotonic

import pytest

from core.db.migrate import CORE, upgrade
from core.db.queries import planning as queries
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import SystemClock
from core.hooks.calling import Hooks
from core.hooks.manager import load_hooks
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from core.planning.search.construct import construct
from core.planning.search.first import first_plan
from core.planning.search.modelling import Task
from core.security.keys import Keys
from core.security.vault import Vault
from core.services.demo.town import TOWN
from core.services.demo.workbook import DEMO_TERM, demo_workbook
from core.services.planning.problem import term_problem
from core.services.workbook.importing import import_workbook
from plugins.character_ed.mix import line_of
from plugins.character_ed.rules import RULES

BEFORE = datetime(2026, 11, 26, 9)  # noqa: DTZ001 - the station's wall-clock time


@pytest.fixture(scope="module")
def hooks() -> Hooks:
    """Return the hooks of character education alone."""
    return load_hooks(only=["character_ed"])


@pytest.fixture(scope="module")
def problem(hooks: Hooks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Problem]:
    """Yield the planning problem of the demo's season with this program alone, its own rows written."""
    path: Path = tmp_path_factory.mktemp("demo") / "demo.db"
    database = Database(f"sqlite:///{path}", Vault(Keys.fresh()))
    for history in (CORE, *hooks.histories):
        upgrade(database.engine, history)
    with database.writing(EVERYTHING) as session:
        import_workbook(session, SYSTEM, SystemClock(), hooks, demo_workbook(hooks), demo=True)
        (part,) = hooks.demo_parts(TOWN).values()
        term = session.scalars(queries.term_named(DEMO_TERM)).one()
        assert part.fill is not None
        part.fill(session, term.station_id)
    with database.reading(EVERYTHING) as session:
        term = session.scalars(queries.term_named(DEMO_TERM)).one()
        yield term_problem(session, hooks, term, timezone="Asia/Shanghai", now=BEFORE)
    database.dispose()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_plan_made_without_the_rule_breaks_it(problem: Problem, rule: Rule) -> None:
    others = tuple(other for other in RULES if other is not rule)
    task = Task(problem, (*DEFAULT_RULES, *others), DEFAULT_PREFERENCES, seed=0, workers=1)
    assert list(rule.breaches(problem, construct(task, seed=0)))


@pytest.mark.verify
def test_with_the_rules_all_that_the_demo_describes_is_held(problem: Problem) -> None:
    task = Task(problem, (*DEFAULT_RULES, *RULES), DEFAULT_PREFERENCES, seed=0, workers=4)
    until = monotonic() + 20
    plan = first_plan(task, lambda: max(0.0, until - monotonic()))
    assert task.audit(plan).valid
    assert len(plan.sessions) == sum(activity.sessions for activity in problem.activities)


def test_the_demo_has_every_line_and_a_class_that_two_places_repeat(problem: Problem, hooks: Hooks) -> None:
    assert len(set(line_of(problem).values())) == 5
    (part,) = hooks.demo_parts(TOWN).values()
    courses = [activity.settings.get("course") for activity in part.activities if "course" in activity.settings]
    assert courses == ["写春联", "写春联"]
    assert len({activity.rooms for activity in part.activities if "course" in activity.settings}) == 2
    assert replace(problem, extensions={}).extension("character_ed").get("lines") is None
