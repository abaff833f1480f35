"""Answers to an activity type's questions are read, completed and refused with everything that is wrong."""

from typing import Any

import pytest

from core.domain.errors import Message
from core.domain.vocabulary import ActivityLine
from core.hooks.types import ActivityType, FieldKind, SettingField
from core.services.settings import InvalidSettingsError, check_settings
from core.services.wording import ENGLISH, Wording


def a_field(kind: FieldKind, **changes: Any) -> SettingField:
    return SettingField(**{"key": "answer", "label": Message("The question"), "kind": kind, **changes})


def a_type(*fields: SettingField) -> ActivityType:
    return ActivityType(
        key="toy.game",
        name=Message("Game"),
        line=ActivityLine.LEARNING,
        description=Message("A game."),
        form=fields,
        zones=(),
        roles=(),
    )


@pytest.mark.parametrize(
    ("field", "raw", "stored"),
    [
        (a_field(FieldKind.TEXT), "  honesty \n first ", "honesty first"),
        (a_field(FieldKind.TEXT), 2027, "2027"),
        (a_field(FieldKind.LONG_TEXT), " one\ntwo \n", "one\ntwo"),
        (a_field(FieldKind.TEXT, minimum=2, maximum=3), "abc", "abc"),
        (a_field(FieldKind.INTEGER, minimum=3, maximum=5), 3, 3),
        (a_field(FieldKind.INTEGER, minimum=3, maximum=5), " 5 ", 5),
        (a_field(FieldKind.INTEGER), "-2", -2),
        (a_field(FieldKind.INTEGER), 4.0, 4),
        (a_field(FieldKind.CHOICE, choices=(("law", Message("Law")),)), " law", "law"),
        (a_field(FieldKind.FLAG, default=True), False, False),
    ],
)
def test_an_answer_is_stored_in_the_kind_of_its_field(field: SettingField, raw: object, stored: object) -> None:
    answer = check_settings(a_type(field), {"answer": raw})["answer"]
    assert answer == stored
    assert type(answer) is type(stored)


@pytest.mark.parametrize(
    ("field", "raw", "sentence"),
    [
        (a_field(FieldKind.TEXT, maximum=3), "abcd", "Shorten “The question” to 3 characters."),
        (a_field(FieldKind.LONG_TEXT, minimum=2), "a", "Write at least 2 characters for “The question”."),
        (a_field(FieldKind.INTEGER), "two", "Write a whole number for “The question”."),
        (a_field(FieldKind.INTEGER), 1.5, "Write a whole number for “The question”."),
        (a_field(FieldKind.INTEGER), True, "Write a whole number for “The question”."),
        (a_field(FieldKind.INTEGER), "--1", "Write a whole number for “The question”."),
        (a_field(FieldKind.INTEGER, minimum=3), 2, "Write 3 or more for “The question”."),
        (a_field(FieldKind.INTEGER, maximum=5), "6", "Write 5 or less for “The question”."),
        (
            a_field(FieldKind.CHOICE, choices=(("law", Message("Law")), ("art", Message("Art")))),
            "sport",
            "Choose one of these for “The question”: law, art.",
        ),
        (a_field(FieldKind.FLAG), "perhaps", "Answer “The question” with yes or no."),
        (a_field(FieldKind.FLAG), 1, "Answer “The question” with yes or no."),
        (a_field(FieldKind.TEXT, required=True), "  ", "Answer “The question”."),
        (a_field(FieldKind.CHOICE, required=True, choices=(("law", Message("Law")),)), None, "Answer “The question”."),
    ],
)
def test_an_answer_that_does_not_fit_says_what_to_do(field: SettingField, raw: object, sentence: str) -> None:
    with pytest.raises(InvalidSettingsError) as caught:
        check_settings(a_type(field), {"answer": raw})
    assert str(caught.value) == sentence


def test_what_is_not_answered_takes_the_default_or_is_left_away() -> None:
    kind = a_type(
        a_field(FieldKind.INTEGER, key="days", default=3),
        a_field(FieldKind.FLAG, key="open", default=False),
        a_field(FieldKind.TEXT, key="note"),
    )
    assert check_settings(kind, {"days": " "}) == {"days": 3, "open": False}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    kind = a_type(
        a_field(FieldKind.TEXT, key="topic", label=Message("Topic"), required=True),
        a_field(FieldKind.INTEGER, key="days", label=Message("Days"), minimum=1),
    )
    with pytest.raises(InvalidSettingsError) as caught:
        check_settings(kind, {"days": 0, "colour": "red"})
    assert caught.value.reasons.keys() == {"topic", "days", "colour"}
    said = Wording(ENGLISH).say(caught.value.message)
    assert "Answer “Topic”." in said
    assert "Write 1 or more for “Days”." in said
    assert "no setting “colour”" in said
