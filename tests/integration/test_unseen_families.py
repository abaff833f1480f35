"""Which families haven't seen a change: who subscribed, and whose child's calendar wasn't fetched since."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, ChildFeedItem
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role
from core.domain.errors import NotFoundError
from core.domain.vocabulary import GuardianAccess
from core.services import guardian_links as links
from core.services.sealed_files import seal
from core.services.unseen import News
from core.services.unseen_families import FamilyToCall, families_to_call, note_family_call
from tests.integration.builders import SATURDAY, SUNDAY, at
from tests.integration.test_guardian_calendar import Scene, found

#: The evening before the first sessions: those of Sunday are within two days as well.
FRIDAY = at(SATURDAY, 18) - timedelta(days=1)


@pytest.fixture
def scene(writing: Session) -> Scene:
    """Let the child's guardian have a calendar that was never fetched, and the child be in the first group."""
    made = found(writing)
    links.open_calendar(writing, made.clock, links.visit(writing, made.clock, made.token))
    set_scope(writing, EVERYTHING)
    made.join(0)
    made.now = FRIDAY
    return made


def to_call(scene: Scene, actor: Actor = SYSTEM) -> list[FamilyToCall]:
    return families_to_call(scene.session, actor, scene.clock, scene.now)


def news(scene: Scene) -> dict[str, News]:
    """Return what there is to say, by title."""
    return {said.item.title: said.news for one in to_call(scene) for said in one.unseen}


def test_who_never_fetched_is_called_and_who_has_fetched_is_not(scene: Scene) -> None:
    (family,) = to_call(scene)
    assert (family.child_id, family.fetched_at) == (scene.child.id, None)
    assert news(scene) == {"0-0": News.NEW, "0-1": News.NEW}
    assert [said.item.starts_at for said in family.unseen] == [at(SATURDAY, 9), at(SUNDAY, 9)]
    scene.fetch()
    assert to_call(scene) == []


def test_what_is_moved_held_elsewhere_cancelled_or_left_is_told_from_what_was_known(scene: Scene) -> None:
    scene.join(1)
    scene.fetch()
    first, second = scene.items(0)
    first.starts_at, first.ends_at = at(SATURDAY, 16), at(SATURDAY, 17)
    second.location = "听雨室"
    scene.items(1)[0].cancelled = True
    scene.items(1)[1].category = "另一个"
    scene.session.flush()
    assert news(scene) == {
        "0-0": News.MOVED,
        "0-1": News.ELSEWHERE,
        "1-0": News.CANCELLED,
        "1-1": News.OTHER,
    }
    scene.leave(0)
    assert [news(scene)[title] for title in ("0-0", "0-1")] == [News.CANCELLED] * 2


def test_a_move_away_from_tomorrow_is_called_about_and_what_can_wait_is_not(scene: Scene) -> None:
    scene.fetch()
    away = timedelta(days=14)
    first, second = scene.items(0)
    first.starts_at, first.ends_at = first.starts_at + away, first.ends_at + away
    second.location = "听雨室"
    scene.session.flush()
    scene.now = at(SATURDAY, 8) - timedelta(days=2)
    assert news(scene) == {}
    scene.now = at(SATURDAY, 8) - timedelta(days=1)
    assert news(scene) == {"0-0": News.MOVED}
    scene.now = at(SATURDAY, 9, 1)
    assert news(scene) == {"0-1": News.ELSEWHERE}


def test_a_call_is_noted_once_in_the_log_and_the_calendar_says_the_same_then(scene: Scene) -> None:
    scene.items(0)[1].starts_at += timedelta(days=7)
    scene.items(0)[1].ends_at += timedelta(days=7)
    scene.session.flush()
    note_family_call(scene.session, SYSTEM, scene.clock, scene.child.id, scene.now)
    assert to_call(scene) == []
    # What is still far away was not spoken of.
    assert scene.session.scalars(select(ChildFeedItem.title)).all() == ["0-0"]
    logged = scene.session.scalars(select(AuditEntry).where(AuditEntry.action == "feed.family_called")).one()
    assert (logged.subject_id, logged.detail) == (scene.child.id, {"changes": 1})
    with pytest.raises(NotFoundError):
        note_family_call(scene.session, SYSTEM, scene.clock, scene.child.id, scene.now)
    scene.now = at(SATURDAY, 10) + timedelta(days=7)
    assert news(scene) == {"0-1": News.NEW}


def test_a_family_without_a_calendar_or_without_full_access_is_not_on_the_list(scene: Scene) -> None:
    guardian = scene.child.guardians[0].id
    links.decide_access(scene.session, SYSTEM, scene.clock, guardian, GuardianAccess.RESTRICTED)
    assert to_call(scene) == []
    links.decide_access(scene.session, SYSTEM, scene.clock, guardian, GuardianAccess.FULL)
    assert to_call(scene) == []


def test_nobody_hears_of_a_sealed_file_nor_of_children_who_may_not_see_them(scene: Scene) -> None:
    organizer = Actor(role=Role.ORGANIZER, station_id=scene.child.station_id)
    assert to_call(scene, organizer) == []
    with pytest.raises(NotFoundError):
        note_family_call(scene.session, organizer, scene.clock, scene.child.id, scene.now)
    seal(scene.session, SYSTEM, scene.clock, scene.child.id, ())
    assert to_call(scene) == []
