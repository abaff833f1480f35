"""Guardians come to talks and to advice; children are looked after while their guardians are at the talk."""

from typing import Any

import pytest

from core.domain.capabilities import Capability
from core.hooks.joining import Applicant, Standing
from core.hooks.types import ActivityOutline, Audience
from plugins.parent_school.eligibility import obstacles

BEGINNING = Standing(held=0, taking_part=0)
GUARDIAN = Applicant(Audience.GUARDIANS, None)


def an_activity(kind: str, title: str = "活动", **settings: Any) -> ActivityOutline:
    return ActivityOutline("1", f"parent_school.{kind}", title, 4, 20, (), settings)


def a_child(age: int = 6, *joined: ActivityOutline) -> Applicant:
    return Applicant(Audience.CHILDREN, age, joined=joined)


def codes(applicant: Applicant, activity: ActivityOutline, standing: Standing = BEGINNING) -> list[str]:
    return [found.code for found in obstacles(applicant, activity, standing)]


@pytest.mark.parametrize("kind", ["lecture", "course", "counselling"])
def test_what_is_for_guardians_is_not_for_children(kind: str) -> None:
    assert codes(GUARDIAN, an_activity(kind)) == []
    assert codes(Applicant(Audience.FAMILIES, None), an_activity(kind)) == []
    assert codes(a_child(), an_activity(kind)) == ["for_guardians"]


def test_nobody_joins_a_course_that_has_begun_unless_an_organizer_says_so() -> None:
    (found,) = obstacles(GUARDIAN, an_activity("course"), Standing(1, 10))
    assert (found.code, found.waived_by) == ("course_begun", Capability.PLAN)
    assert found.cure is not None
    assert codes(GUARDIAN, an_activity("lecture"), Standing(1, 10)) == []


@pytest.mark.parametrize(("held", "taken", "free"), [(0, 3, True), (0, 4, False), (2, 1, True), (2, 2, False)])
def test_each_appointment_is_for_one_family(held: int, taken: int, *, free: bool) -> None:
    found = codes(GUARDIAN, an_activity("counselling"), Standing(held, taken))
    assert found == ([] if free else ["no_free_slot"])


def test_children_are_looked_after_whose_guardian_is_at_the_talk() -> None:
    care, talk = an_activity("care", "讲堂托管"), an_activity("lecture", alongside=" 讲堂托管 ")
    assert codes(a_child(6, talk), care) == []
    assert codes(a_child(6), care) == ["guardian_absent"]
    assert codes(a_child(6, an_activity("lecture", alongside="别处")), care) == ["guardian_absent"]
    assert codes(a_child(6, an_activity("counselling", alongside="讲堂托管")), care) == ["guardian_absent"]


@pytest.mark.parametrize(("age", "found"), [(2, ["too_young"]), (3, []), (12, []), (13, ["too_old"]), (None, [])])
def test_the_ages_are_those_of_the_form(age: int | None, found: list[str]) -> None:
    care, talk = an_activity("care", "托管"), an_activity("course", alongside="托管")
    assert codes(Applicant(Audience.CHILDREN, age, joined=(talk,)), care) == found


def test_another_age_counts_where_the_form_says_so() -> None:
    care, talk = an_activity("care", "托管", youngest=1, oldest=2), an_activity("lecture", alongside="托管")
    assert codes(a_child(1, talk), care) == []
    assert codes(a_child(3, talk), care) == ["too_old"]


def test_an_unknown_kind_has_no_obstacles() -> None:
    assert codes(a_child(), an_activity("gone")) == []
