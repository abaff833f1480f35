"""What people are told, in Chinese, when a grant is not given: each refusal says what to do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.domain.actor import SYSTEM, Role
from core.domain.clock import FixedClock
from core.domain.errors import DomainError
from core.domain.ids import new_id
from core.services import grants
from core.services.grants import LONGEST
from tests.integration.granting import HEALTH, NOW, TICK, Scene, a_scene, a_wish, asked, given
from tests.translated import in_chinese


@pytest.fixture
def town(writing: Session) -> Scene:
    return a_scene(writing)


def told(deed: Callable[..., Any], *args: Any, **values: Any) -> str:
    """Return in Chinese why a deed is refused."""
    with pytest.raises(DomainError) as caught:
        deed(*args, **values)
    return in_chinese(caught.value.message)


def test_every_wish_that_cannot_be_given_is_answered_with_what_to_mend(writing: Session, town: Scene) -> None:
    wishes: list[dict[str, Any]] = [
        {"purpose": " "},
        {"purpose": "x" * 201},
        {"fields": frozenset()},
        {"children": frozenset()},
        {"ends_at": NOW},
        {"starts_at": NOW - timedelta(days=2), "ends_at": NOW},
        {"ends_at": NOW + LONGEST + TICK},
        {"children": frozenset({new_id()})},
    ]
    answers = [told(asked, writing, town, **wish) for wish in wishes]
    assert len(set(answers)) == len(wishes)


def test_every_deed_that_comes_too_late_or_from_somebody_else_is_answered(
    writing: Session, town: Scene, clock: FixedClock
) -> None:
    head, staff = town[Role.HEAD], town[Role.STATION_STAFF]
    waiting, decided = asked(writing, town), given(writing, town)
    glass = grants.break_glass(writing, staff, clock, town.child, "x")
    grants.acknowledge(writing, head, clock, glass.id)
    over = grants.end(writing, head, clock, given(writing, town).id)
    answers = [
        told(grants.ask, writing, SYSTEM, clock, a_wish()),
        told(grants.approve, writing, head, clock, decided.id),
        told(grants.approve, writing, head, FixedClock(waiting.ends_at), waiting.id),
        told(grants.approve, writing, head, clock, new_id()),
        told(grants.approve, writing, town[Role.ADMINISTRATOR], clock, waiting.id),
        told(grants.acknowledge, writing, head, clock, glass.id),
        told(grants.end, writing, head, clock, over.id),
    ]
    assert len(set(answers)) == len(answers)
    assert told(grants.approve, writing, staff, clock, waiting.id) in answers


def test_who_has_no_leave_is_told_which_fields_they_lack(writing: Session, town: Scene, clock: FixedClock) -> None:
    said = told(grants.read_fields, writing, town[Role.STATION_STAFF], clock, town.child, {HEALTH})
    assert "健康" in said
    assert "申请查阅" in said
