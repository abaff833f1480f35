"""Who may join a course: while there is a place, while it is early, of the right age; and who makes a module up."""

from typing import Any

import pytest

from core.domain.capabilities import Capability
from core.hooks.joining import Applicant, Obstacle, Standing
from core.hooks.types import ActivityOutline, Audience
from plugins.sst.eligibility import obstacles

ASKED = {"modules": ["一", "二", "三"], "maximum": 6, "join_until": 2, "from_age": 9, "to_age": 12}


def an_activity(type_key: str, **settings: Any) -> ActivityOutline:
    return ActivityOutline(f"{type_key}-id", type_key, "情绪小课堂", 3, 8, ("g",), settings)


COURSE = an_activity("sst.group_course", **ASKED)
MAKE_UP = an_activity("sst.make_up", course="情绪小课堂", module=2)


def a_child(age: int | None = 10, **changes: Any) -> Applicant:
    return Applicant(Audience.CHILDREN, age, **changes)


def asked(applicant: Applicant, activity: ActivityOutline = COURSE, held: int = 0, there: int = 3) -> list[Obstacle]:
    return list(obstacles(applicant, activity, Standing(held, there)))


def codes(*args: Any, **kwargs: Any) -> list[str]:
    return [obstacle.code for obstacle in asked(*args, **kwargs)]


@pytest.mark.parametrize(("there", "found"), [(5, []), (6, ["group_closed"]), (7, ["group_closed"])])
def test_a_group_is_closed_at_its_maximum_and_nobody_opens_it(there: int, found: list[str]) -> None:
    assert codes(a_child(), there=there) == found
    assert not any(obstacle.waived_by for obstacle in asked(a_child(), there=there))


@pytest.mark.parametrize(("held", "found"), [(1, []), (2, ["too_late"])])
def test_after_the_last_session_for_joining_an_organizer_decides(held: int, found: list[str]) -> None:
    assert codes(a_child(), held=held) == found
    assert all(obstacle.waived_by is Capability.PLAN and obstacle.cure for obstacle in asked(a_child(), held=held))


@pytest.mark.parametrize(("age", "found"), [(8, ["other_age"]), (9, []), (12, []), (13, ["other_age"]), (None, [])])
def test_the_group_is_for_some_ages(age: int | None, found: list[str]) -> None:
    assert codes(a_child(age)) == found


def test_without_ages_every_child_may_join() -> None:
    assert codes(a_child(3), an_activity("sst.group_course", modules=["一", "二"])) == []


def test_grown_ups_do_not_join() -> None:
    assert "children_only" in codes(Applicant(Audience.GUARDIANS, None))


def test_whoever_is_in_the_group_stays() -> None:
    assert codes(a_child(joined=(COURSE,)), held=3, there=8) == []


@pytest.mark.parametrize(("missed", "found"), [((1,), []), ((0, 2), ["nothing_missed"]), ((), ["nothing_missed"])])
def test_only_who_missed_the_module_makes_it_up(missed: tuple[int, ...], found: list[str]) -> None:
    child = a_child(joined=(COURSE,), missed_of={COURSE.id: missed})
    assert codes(child, MAKE_UP) == found


def test_a_child_of_another_group_makes_nothing_up() -> None:
    assert codes(a_child(missed_of={"another": (1,)}), MAKE_UP) == ["other_group"]


def test_a_circle_asks_nothing() -> None:
    assert codes(a_child(), an_activity("sst.comfort_circle")) == []
