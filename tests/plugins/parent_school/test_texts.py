"""Calendars say what parents need to know of talks, courses and child care, and nothing of advice."""

import pytest

from core.hooks.types import SessionOutline
from plugins.parent_school.activities import ACTIVITY_TYPES, COUNSELLING
from plugins.parent_school.texts import describe


def said(kind: str, **settings: object) -> tuple[str, str]:
    text = describe(SessionOutline(f"parent_school.{kind}", "标题", 1, 4, settings))
    assert text is not None
    return str(text.description), str(text.category)


@pytest.mark.parametrize(
    ("kind", "settings", "text", "category"),
    [
        ("lecture", {"topic": "手机"}, "Topic: 手机.", "Talk"),
        (
            "lecture",
            {"topic": "手机", "alongside": "托管"},
            "Topic: 手机. Children are looked after meanwhile in “托管”.",
            "Talk",
        ),
        ("course", {}, "Topic: 标题. Part 2 of 4.", "Course"),
        (
            "course",
            {"alongside": "托管"},
            "Topic: 标题. Part 2 of 4. Children are looked after meanwhile in “托管”.",
            "Course",
        ),
        ("care", {"youngest": 4}, "For children of 4 to 12 while their parents are at the talk.", "Child care"),
    ],
)
def test_each_kind_has_its_sentence_and_category(
    kind: str, settings: dict[str, object], text: str, category: str
) -> None:
    assert said(kind, **settings) == (text, category)


def test_of_advice_and_of_other_programs_nothing_is_said() -> None:
    for key in (COUNSELLING.key, "sst.companionship"):
        assert describe(SessionOutline(key, "标题", 0, 1, {})) is None


def test_behind_a_closed_door_one_family_is_with_one_adviser() -> None:
    assert COUNSELLING.closed
    assert COUNSELLING.safe_with_one is not None
    assert sum(role.wanted for role in COUNSELLING.roles) == 1
    assert all(kind is COUNSELLING or kind.safe_with_one is None for kind in ACTIVITY_TYPES)
