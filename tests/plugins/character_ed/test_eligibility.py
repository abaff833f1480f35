"""Open classes are for children of an age, and a class that several places repeat is for each child once."""

from typing import Any

import pytest

from core.domain.capabilities import Capability
from core.hooks.joining import Applicant, Obstacle
from core.hooks.types import ActivityOutline, Audience
from plugins.character_ed.plugin import eligibility
from tests.plugins.small_terms import an_activity, an_outline


def a_class(name: str = "character_ed.here", type_key: str = "character_ed.open_class", **settings: Any) -> Any:
    answers = {"age_from": 9, "age_to": 11, **settings}
    return an_outline(an_activity(name, ("12-05 09:00",)), type_key, **answers)


def a_child(age: int | None = 10, *joined: ActivityOutline) -> Applicant:
    return Applicant(Audience.CHILDREN, age, joined=joined)


def met(applicant: Applicant, activity: ActivityOutline) -> list[str]:
    return [obstacle.code for obstacle in found(applicant, activity)]


def found(applicant: Applicant, activity: ActivityOutline) -> list[Obstacle]:
    return list(eligibility(applicant, activity))


@pytest.mark.parametrize(("age", "may"), [(8, False), (9, True), (11, True), (12, False), (None, True)])
def test_the_ages_of_the_class_are_the_first_and_the_last(age: int | None, *, may: bool) -> None:
    assert (met(a_child(age), a_class()) == []) is may


def test_the_reason_names_both_the_age_and_the_ages_and_organizers_may_decide_otherwise() -> None:
    (obstacle,) = found(a_child(7), a_class())
    assert obstacle.code == "outside_age_band"
    assert str(obstacle.reason) == "This class is for children of 9 to 11, and the child is 7."
    assert str(obstacle.cure) == "Choose an open class for children of 7."
    assert obstacle.waived_by is Capability.PLAN


def test_ages_that_were_entered_the_wrong_way_round_are_understood() -> None:
    assert met(a_child(10), a_class(age_from=11, age_to=9)) == []


def test_who_is_in_the_same_class_elsewhere_is_told_where() -> None:
    there = a_class("character_ed.there", course="写 春联")
    (obstacle,) = found(a_child(10, there), a_class(course="写春联"))
    assert obstacle.code == "already_took_part"
    assert "character_ed.there" in str(obstacle.reason)
    assert obstacle.cure is not None
    assert obstacle.waived_by is Capability.PLAN


@pytest.mark.parametrize(
    "other",
    [
        a_class("character_ed.here", course="写春联"),
        a_class("character_ed.there", course="包饺子"),
        a_class("character_ed.there", type_key="character_ed.service_day", course="写春联"),
    ],
    ids=["this very class", "another course", "another kind of activity"],
)
def test_other_activities_do_not_stand_in_the_way(other: ActivityOutline) -> None:
    assert met(a_child(10, other), a_class(course="写春联")) == []


def test_classes_without_a_course_are_classes_of_their_own() -> None:
    assert met(a_child(10, a_class("character_ed.there"), a_class("x", course=" ")), a_class()) == []


def test_workshops_and_grown_ups_are_not_asked() -> None:
    assert met(a_child(3), a_class(type_key="character_ed.virtue_workshop")) == []
    assert met(Applicant(Audience.GUARDIANS, None), a_class()) == []
    assert met(a_child(3), an_outline(an_activity("character_ed.here", ()), "character_ed.open_class")) == []
