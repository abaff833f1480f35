"""Outings need a guardian's consent, and what is for classes is for their children; what calendars say of it."""

from typing import Any

import pytest

from core.domain.capabilities import Capability
from core.domain.vocabulary import ConsentPurpose
from core.hooks.joining import Applicant
from core.hooks.types import ActivityOutline, Audience, SessionOutline
from plugins.school_link.eligibility import obstacles
from plugins.school_link.texts import describe

OUTING, CLASS, ROOM = "school_link.outing", "school_link.school_class", "school_link.homework_room"


def an_outline(type_key: str, **settings: Any) -> ActivityOutline:
    return ActivityOutline("a", type_key, "走进未保站", 2, 20, ("group-1",), settings)


def an_applicant(**changes: Any) -> Applicant:
    values = {"audience": Audience.CHILDREN, "age": 9, "consents": frozenset({ConsentPurpose.OUTING}), **changes}
    return Applicant(**values)


@pytest.mark.parametrize(
    ("type_key", "applicant", "codes"),
    [
        (OUTING, an_applicant(), []),
        (OUTING, an_applicant(consents=frozenset({ConsentPurpose.PHOTO})), ["no_consent"]),
        (CLASS, an_applicant(consents=frozenset()), []),
        (OUTING, an_applicant(groups=frozenset({"group-1", "group-2"})), []),
        (OUTING, an_applicant(groups=frozenset({"group-2"})), ["not_of_class"]),
        (CLASS, an_applicant(groups=frozenset()), ["not_of_class"]),
        (ROOM, an_applicant(groups=frozenset(), consents=frozenset()), []),
        (OUTING, an_applicant(audience=Audience.GUARDIANS, age=None, consents=frozenset()), []),
    ],
)
def test_who_may_take_part(type_key: str, applicant: Applicant, codes: list[str]) -> None:
    assert [one.code for one in obstacles(applicant, an_outline(type_key))] == codes


def test_what_is_not_for_classes_is_for_everybody() -> None:
    assert obstacles(an_applicant(groups=frozenset()), an_outline(CLASS, for_classes=False)) == ()


def test_each_obstacle_has_a_cure_and_nobody_waives_a_guardians_consent() -> None:
    found = obstacles(an_applicant(consents=frozenset(), groups=frozenset()), an_outline(OUTING))
    assert all(one.cure is not None for one in found)
    assert {one.code: one.waived_by for one in found} == {
        "no_consent": None,
        "not_of_class": Capability.PLAN,
    }


@pytest.mark.parametrize(
    ("type_key", "settings", "said"),
    [
        (OUTING, {}, "A teacher goes with us."),
        (OUTING, {"meeting_point": "校门口"}, "A teacher goes with us. We meet here: 校门口."),
        (OUTING, {"bring": "水壶"}, "A teacher goes with us. Please bring: 水壶"),
        (OUTING, {"bring": "水壶", "meeting_point": "校门口"}, "We meet here: 校门口. Please bring: 水壶"),
        (CLASS, {"topic": "交通安全"}, "In class: 交通安全. Session 2 of 3; a teacher of the school is there."),
        ("school_link.open_campus", {"school": "an-id"}, "The school opens its doors."),
        (ROOM, {}, "Bring your homework and a book."),
    ],
)
def test_calendars_say_what_to_bring_and_where_to_meet(type_key: str, settings: dict[str, str], said: str) -> None:
    text = describe(SessionOutline(type_key, "走进未保站", 1, 3, settings))
    assert text is not None
    assert str(text.description).endswith(said)
    assert text.category is not None
    assert "an-id" not in str(text.description)


def test_sessions_of_other_programs_are_left_to_them() -> None:
    assert describe(SessionOutline("toy.game", "游戏", 0, 1, {})) is None
