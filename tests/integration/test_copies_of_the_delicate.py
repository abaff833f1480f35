"""A guardian's copy of what is delicate: refused, sealed, private, or written where nobody looks for it."""

import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.db.models import ActivityGroup, Attendance, SealedChildWorker
from core.domain.actor import Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, Message, NotAllowedError
from core.domain.rights import ReceivedHow, RequestKind
from core.domain.vocabulary import GuardianAccess, Presence, Relation
from core.services import copies, requests
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, a_group, a_term, an_activity, at, held
from tests.integration.granting import Scene, a_scene
from tests.integration.test_guardian_copies import a_guardian

CLOCK = FixedClock(TEST_MOMENT)
TODAY = TEST_MOMENT.date()
FATHERS_PHONE = "13900000777"
FATHERS_HOME = "金丝雀路3号"


@pytest.fixture
def town(writing: Session) -> Scene:
    return a_scene(writing)


def say(message: Message) -> str:
    return str(message)


def asked(session: Session, town: Scene) -> requests.RightsRequest:
    guardian = a_guardian(session, town.child, GuardianAccess.FULL)
    wish = requests.Asked(town.child.id, guardian.id, RequestKind.COPY, ReceivedHow.DESK, TODAY)
    return requests.enter(session, town[Role.STATION_STAFF], CLOCK, wish, today=TODAY)


def copied(session: Session, town: Scene, role: Role, row: requests.RightsRequest) -> dict[str, Any]:
    session.flush()
    session.expire_all()
    made = copies.make_copy(session, town[role], CLOCK, row.id, today=TODAY)
    sections: dict[str, Any] = json.loads(made.to_json(say))["sections"]
    return sections


def test_a_refused_request_gives_no_copy_afterwards(writing: Session, town: Scene) -> None:
    row = asked(writing, town)
    requests.refuse(writing, town[Role.HEAD], CLOCK, row.id, "已当面给过")
    with pytest.raises(ConflictError, match="was refused"):
        copied(writing, town, Role.HEAD, row)


def test_a_second_copy_of_the_same_request_is_no_new_answer(writing: Session, town: Scene) -> None:
    row = asked(writing, town)
    first = copied(writing, town, Role.HEAD, row)
    answered_by = row.answered_by
    again = copied(writing, town, Role.HEAD, row)
    assert again["child"] == first["child"]
    assert row.answered_by == answered_by


@pytest.mark.parametrize("sealed", [True, False])
def test_the_head_alone_makes_a_copy(writing: Session, town: Scene, *, sealed: bool) -> None:
    row, child, worker = asked(writing, town), town.child, town[Role.STATION_STAFF]
    child.sealed_file = sealed
    own = {"station_id": child.station_id, "child_id": child.id, "user_id": worker.user_id}
    writing.add(SealedChildWorker(named_at=TEST_MOMENT, **own))
    with pytest.raises(NotAllowedError):
        copied(writing, town, Role.STATION_STAFF, row)
    assert row.outcome is None
    assert copied(writing, town, Role.HEAD, row)["child"][0]["health"] == "花生过敏"


def test_of_a_closed_groups_session_a_copy_says_the_day_alone(writing: Session, town: Scene) -> None:
    child, row = town.child, asked(writing, town)
    own = {"station_id": child.station_id, "child_id": child.id}
    term, group = a_term(writing, town.station), a_group(writing, town.station, closed=True)
    for title, closed in (("心事屋", True), ("下棋", False)):
        activity = an_activity(writing, term, title=title)
        if closed:
            writing.add(ActivityGroup(station_id=term.station_id, activity_id=activity.id, group_id=group.id))
        one = held(writing, activity.sessions[0], at(SATURDAY, 9 if closed else 11))
        writing.add(Attendance(session_id=one.id, presence=Presence.PRESENT, noted_at=TEST_MOMENT, **own))
    day = {"day": SATURDAY.isoformat()}
    assert copied(writing, town, Role.HEAD, row)["attendance"] == [
        {**day, "presence": "present"},
        {**day, "activity": "下棋", "presence": "present"},
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (f"花生过敏，急时打{FATHERS_PHONE}", "花生过敏，急时打…"),
        ("花生过敏，急时打139-0000 0777", "…"),
        (f"住{FATHERS_HOME}时犯过", "住…时犯过"),
        ("住金丝雀路 3 号时犯过", "…"),
        ("花生过敏", "花生过敏"),
    ],
)
def test_what_is_written_of_a_child_reaches_no_other_guardian(
    writing: Session, town: Scene, written: str, told: str
) -> None:
    row = asked(writing, town)
    father = {"name": "样父", "phone": FATHERS_PHONE, "relation": Relation.FATHER, "address": FATHERS_HOME}
    a_guardian(writing, town.child, GuardianAccess.FULL, **father)
    town.child.health = written
    assert copied(writing, town, Role.HEAD, row)["child"][0]["health"] == told


@pytest.mark.parametrize("home", [FATHERS_HOME, "金丝雀路 3 号", "金丝雀路3号 2 单元", "金丝雀路"])
def test_where_another_guardian_lives_is_not_said_as_the_childs_home(writing: Session, town: Scene, home: str) -> None:
    row = asked(writing, town)
    father = {"name": "样父", "phone": FATHERS_PHONE, "relation": Relation.FATHER, "address": FATHERS_HOME}
    a_guardian(writing, town.child, GuardianAccess.FULL, **father)
    town.child.address, town.child.registered_address = home, "样路8号"
    said = copied(writing, town, Role.HEAD, row)["child"][0]
    assert "address" not in said
    assert said["registered_address"] == "样路8号"
