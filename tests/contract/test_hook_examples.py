"""The examples of the contract's prose are one plugin that loads, and whose hooks answer as it says."""

import re
from datetime import datetime, time
from pathlib import Path
from types import ModuleType
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from core.domain.vocabulary import ActivityLine
from core.hooks import specs
from core.hooks.calling import Hooks, Plugin
from core.hooks.joining import Applicant, Standing
from core.hooks.manager import build_hooks
from core.hooks.reports import Period
from core.hooks.types import ActivityOutline, Audience, PlannedOutline, SessionOutline
from core.hooks.validation import NO_TERM
from core.planning.activities import Activity
from core.planning.check import audit
from core.planning.moments import moment
from core.planning.plan import Plan, PlannedSession
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.search.solve import solve
from core.services.demo.town import TOWN as A_TOWN

README = Path(specs.__file__).with_name("README.md")
PARTS = re.split(r"^### (\w+)\(.*$", README.read_text(), flags=re.MULTILINE)
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = {name: CODE.findall(part) for name, part in zip(PARTS[1::2], PARTS[2::2], strict=True)}
PRELUDE = CODE.findall(PARTS[0])[-1]
SPINACH = ActivityOutline("a", "garden.planting", "种菜", 2, 20, (), {"plant": "菠菜"}, ActivityLine.LEARNING)
NIGHT, DAWN = moment("2026-12-05T11:00"), moment("2026-12-05T07:00")


@pytest.fixture(scope="module")
def garden() -> Hooks:
    module = ModuleType("garden_plugin")
    module.__file__ = __file__
    code = "\n".join([PRELUDE, *(block for blocks in EXAMPLES.values() for block in blocks)])
    exec(compile(code, README.name, "exec"), vars(module))  # noqa: S102 - our own prose
    hooks = build_hooks([Plugin("garden", module)])
    assert hooks.broken == ()
    return hooks


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_hook_has_one_example_that_implements_it(name: str) -> None:
    assert len(EXAMPLES[name]) == 1
    assert f"@hookimpl\ndef {name}(" in EXAMPLES[name][0]


def test_who_may_take_part(garden: Hooks) -> None:
    def asked(age: int) -> list[str]:
        return [each.code for each in garden.eligibility(Applicant(Audience.CHILDREN, age), SPINACH, Standing(0, 0))]

    assert (asked(6), asked(7)) == (["too_young"], [])


def test_rules_and_preferences_count(garden: Hooks) -> None:
    (contribution,) = garden.planning_contributions((SPINACH,), NO_TERM, Session())
    activity = Activity("a", "garden", 1, 60, (DAWN, NIGHT), 20, zones=())
    problem = Problem(
        "garden", activities=(activity,), weights={"unscheduled": 100}, extensions={"garden": contribution.extension}
    )
    rules, preferences = garden.planning_rules(), garden.planning_preferences()
    found = {
        start: audit(problem, Plan("garden", (PlannedSession("a", 0, start, None, {}),)), rules, preferences)
        for start in (DAWN, NIGHT)
    }
    assert (found[DAWN].valid, found[DAWN].cost, found[NIGHT].valid, found[NIGHT].cost) == (True, 0, False, 1)
    outcome = solve(
        problem, seconds=1, rules=(*DEFAULT_RULES, *rules), preferences=(*DEFAULT_PREFERENCES, *preferences)
    )
    assert [row.start for row in outcome.plan.sessions] == [DAWN]


def test_what_must_be_settled(garden: Hooks) -> None:
    def objections(settings: dict[str, str]) -> int:
        outline = ActivityOutline("a", "garden.planting", "种菜", 2, 20, (), settings)
        start = A_TOWN.autumn.first

        begins = datetime.combine(start, time(9))
        return len(
            garden.publishing_objections(NO_TERM, (PlannedOutline(outline, 0, begins, begins, None, {}),), Session())
        )

    assert (objections({}), objections({"plant": "菠菜"})) == (1, 0)


def test_what_is_told(garden: Hooks) -> None:
    text = garden.session_text(SessionOutline("garden.planting", "种菜", 0, 2, {"plant": "菠菜"}))
    assert text is not None
    assert str(text.description) == "We plant: 菠菜."
    assert garden.session_text(SessionOutline("sst.circle", "圈", 0, 2, {})) is None
    (section,) = garden.report_sections()["garden"]
    table = section.count(Session(), Period(UUID(int=0), A_TOWN.autumn.first, A_TOWN.autumn.last))
    assert len(table.headings) == len(table.rows[0])


def test_pages_commands_and_demo(garden: Hooks) -> None:
    (part,) = garden.web_parts()
    assert set(part.permissions) == {"garden.page"}
    (command,) = garden.commands()["garden"]
    assert [str(line) for line in command.run(Session(), None, {"bed": "A"})] == ["Watered: A."]  # type: ignore[arg-type]
    assert [each.title for each in garden.demo_parts(A_TOWN)["garden"].activities] == ["种菜"]
