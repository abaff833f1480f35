"""What programs answer, prefer, count and do on the command line: what is planted wrong is named."""

from collections.abc import Sequence
from typing import Any

import pytest

from core.domain.errors import Message
from core.hooks.commands import PluginCommand
from core.hooks.joining import Applicant, Obstacle
from core.hooks.reports import ReportSection, ReportTable
from core.hooks.types import ActivityTemplate, Audience, FieldKind, RoleNeed
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from tests.contract.test_conformance import Planted, a_kind, a_question, planted

__all__ = ["planted"]


class Prefers(Preference):
    """Games are better."""

    def __init__(self, name: str, weight: int = 0, amount: int = 0, odd: str = "") -> None:
        self.name = name  # type: ignore[misc]
        self._weight, self._amount, self._odd = weight, amount, odd

    def weight(self, problem: Problem) -> int:
        """Return what was planted, once it is asked for."""
        if problem.extensions:
            return self._weight + len(problem.extensions["toy"].get(self._odd, ()) if self._odd else ())
        return 0

    def penalize(self, model: Model) -> None:
        """Add nothing."""

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Return what was planted."""
        del problem, plan
        return self._amount


class Unasked(Prefers):
    """It always counts."""

    def weight(self, problem: Problem) -> int:
        """Return a price whoever asks."""
        del problem
        return 1


@pytest.mark.parametrize(
    ("check", "preference", "named"),
    [
        ("names", Prefers("nameless"), "must begin with “toy.”"),
        ("preferences", Prefers("toy.less", weight=-1), "must be 0 or more"),
        ("preferences", Prefers("toy.few", amount=-1), "must be 0 or more"),
        ("preferences", Prefers("toy.credulous", odd="x"), "AttributeError for the extension 7"),
        ("preferences", Unasked("toy.unasked"), "nobody has asked for it"),
    ],
)
def test_what_is_wrong_with_a_preference_is_named(
    planted: Planted, check: str, preference: Preference, named: str
) -> None:
    found = planted(check, planning_preferences=lambda: [preference])
    assert any(named in complaint for complaint in found), found


def no(code: str, reason: str) -> Sequence[Obstacle]:
    return (Obstacle(code, Message(reason)),)


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (lambda _: no("too young", "Come later."), "is not made of small letters"),
        (lambda age: no("age", f"{age} is too young."), "would be “None is too young.”"),
        (lambda _: no("age", " "), "the reason of “age” would be"),
        (lambda age: no("age", str(age + 1)), "eligibility raises TypeError"),
    ],
)
def test_what_is_wrong_with_an_answer_to_an_applicant_is_named(planted: Planted, answer: Any, named: str) -> None:
    def asked(applicant: Applicant) -> Sequence[Obstacle]:
        found: Sequence[Obstacle] = answer(applicant.age)
        return found

    sound = planted("joining", activity_types=lambda: [a_kind()], eligibility=lambda: no("full", "It is full."))
    assert sound == ()
    found = planted("joining", activity_types=lambda: [a_kind()], eligibility=asked)
    assert any(named in complaint for complaint in found), found


def a_section(key: str, *rows: Sequence[int]) -> ReportSection:
    return ReportSection(key, Message("Games"), lambda *_: ReportTable((Message("Games"),), rows))


@pytest.mark.parametrize(
    ("check", "section", "named"),
    [
        ("names", a_section("games"), "the report section “games” must begin with “toy_”"),
        ("reports", a_section("toy_games", (1, 2)), "as many cells"),
        ("reports", ReportSection("toy_games", Message("Games"), lambda *_: 1 // 0), "ZeroDivisionError"),  # type: ignore[arg-type,return-value]
    ],
)
def test_what_is_wrong_with_a_report_is_named(planted: Planted, check: str, section: ReportSection, named: str) -> None:
    assert planted("reports", report_sections=lambda: [a_section("toy_games", (1,))]) == ()
    found = planted(check, report_sections=lambda: [section])
    assert any(named in complaint for complaint in found), found


def test_a_command_with_an_odd_name_and_one_given_twice_are_named(planted: Planted) -> None:
    def named(*names: str) -> tuple[str, ...]:
        commands = [PluginCommand(name, Message("Play."), lambda *_: []) for name in names]
        return planted("names", commands=lambda: commands)

    assert named("play-a-game") == ()
    assert "is not made of small letters" in named("Play it")[0]
    assert "is there 2 times" in named("play", "play")[0]


def test_one_adult_is_enough_only_where_a_parent_is_present(planted: Planted) -> None:
    alone = {"roles": (RoleNeed("adviser", Message("Adviser"), None, 1, 1),), "safe_with_one": Message("A parent.")}
    families = a_kind(audience=Audience.FAMILIES, **alone)
    assert planted("safety", activity_types=lambda: [families]) == ()
    assert "only where a parent is present" in planted("safety", activity_types=lambda: [a_kind(**alone)])[0]


def test_a_reference_needs_something_to_refer_to(planted: Planted) -> None:
    offered = a_question(FieldKind.REFERENCE, options=lambda *_: ())
    assert planted("forms", activity_types=lambda: [a_kind(form=(offered,))]) == ()
    for form in ((a_question(FieldKind.REFERENCE),), (a_question(FieldKind.TEXT, options=lambda *_: ()),)):
        found = planted("forms", activity_types=lambda form=form: [a_kind(form=form)])
        assert "options are for fields of the kind REFERENCE" in found[0]


def test_a_template_that_its_form_refuses_is_named(planted: Planted) -> None:
    def found(settings: dict[str, object]) -> tuple[str, ...]:
        kind = a_kind(
            form=(a_question(FieldKind.INTEGER, maximum=3),),
            templates=(ActivityTemplate(Message("Chess"), settings),),
        )
        return planted("templates of kinds", activity_types=lambda: [kind])

    assert found({"question": 3}) == ()
    assert "the template “Chess” can't be filled in" in found({"question": 4})[0]
    assert "the template “Chess” can't be filled in" in found({"answer": 1})[0]
