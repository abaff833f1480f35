"""Guardians' requests: due in time, answered by the right people, and a copy tells nothing of others."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import (
    AuditEntry,
    Child,
    ChildCategoryMark,
    Consent,
    Guardian,
    HarmReport,
    PickUpPerson,
    RightsRequest,
    Visit,
)
from core.domain.actor import Role
from core.domain.calendar.work import WorkCalendar
from core.domain.child_file import VisitKind
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotAllowedError
from core.domain.rights import Outcome, ReceivedHow, RequestKind, due_on
from core.domain.vocabulary import ChildCategory, ConsentPurpose, HarmAuthority, Relation
from core.services import copies, requests
from core.testing import TEST_MOMENT
from tests.integration.granting import Scene, a_scene

CLOCK = FixedClock(TEST_MOMENT)
TODAY = TEST_MOMENT.date()
STRANGER = "金丝雀"


@pytest.fixture
def town(writing: Session) -> Scene:
    return a_scene(writing)


def a_guardian(session: Session, child: Child, **values: Any) -> Guardian:
    told: Mapping[str, Any] = {"name": "样亲甲", "phone": "13900000001", "relation": Relation.MOTHER, **values}
    row = Guardian(station_id=child.station_id, child_id=child.id, phone_index=bytes(32), **told)
    session.add(row)
    session.flush()
    return row


def entered(session: Session, town: Scene, kind: RequestKind, guardian: Guardian) -> RightsRequest:
    asked = requests.Asked(town.child.id, guardian.id, kind, ReceivedHow.DESK, TODAY)
    return requests.enter(session, town[Role.STATION_STAFF], CLOCK, asked, today=TODAY)


def a_mark(session: Session, child: Child, **values: Any) -> None:
    own = {"station_id": child.station_id, "child_id": child.id}
    session.add(ChildCategoryMark(category=ChildCategory.ORPHAN, **own, **values))
    session.add(Consent(purpose=ConsentPurpose.PHOTO, given_on=date(2026, 9, 1), **own))
    session.flush()


def test_fifteen_working_days_go_past_the_national_day() -> None:
    assert due_on(date(2026, 11, 2), WorkCalendar()) == date(2026, 11, 23)
    assert due_on(date(2025, 9, 26), WorkCalendar()) == date(2025, 10, 23)


def test_a_copy_tells_nothing_of_others(writing: Session, town: Scene) -> None:
    child, own = town.child, a_guardian(writing, town.child, address="虚构路9号")
    ids = {"station_id": child.station_id, "child_id": child.id}
    home = STRANGER + "路3号"
    a_guardian(writing, child, name=STRANGER + "乙", phone="13900000777", relation=Relation.FATHER, address=home)
    child.address, child.emergency_name, child.emergency_phone = home, STRANGER + "丙", "13900000777"
    a_mark(writing, child, evidence_note=STRANGER)
    writing.add(PickUpPerson(allowed=False, name=STRANGER, phone="13900000777", note=STRANGER, **ids))
    visit = {"kind": next(iter(VisitKind)), "visited_on": TODAY, "noted_at": TEST_MOMENT}
    writing.add(Visit(visitor=STRANGER, checked=STRANGER, **visit, **ids))
    reporter = town[Role.GRID_WORKER].user_id
    moments = {"reported_at": TEST_MOMENT, "noted_at": TEST_MOMENT}
    authority = {"authority": HarmAuthority.POLICE, "authority_name": STRANGER, "reference": STRANGER}
    writing.add(HarmReport(reporter_id=reporter, **moments, **authority, **ids))
    row = entered(writing, town, RequestKind.COPY, own)
    writing.expire_all()
    made = copies.make_copy(writing, town[Role.STATION_STAFF], CLOCK, row.id, today=TODAY)
    text = made.to_json()
    assert STRANGER not in text
    assert "13900000777" not in text
    said = json.loads(text)
    assert said["format"] == copies.FORMAT
    assert said["sections"]["you"][0]["phone"] == "13900000001"
    assert said["sections"]["child"][0]["health"] == "花生过敏"
    assert {"relation": "father"} in said["sections"]["other_guardians"]
    assert said["sections"]["visits"] == [{"day": TODAY.isoformat()}]
    entry = writing.scalars(select(AuditEntry).where(AuditEntry.action == "copy.made")).one()
    assert entry.detail["guardian"] == str(own.id)
    assert row.outcome is Outcome.DONE


def test_a_copy_is_printed_without_a_network(writing: Session, town: Scene) -> None:
    row = entered(writing, town, RequestKind.COPY, a_guardian(writing, town.child))
    made = copies.make_copy(writing, town[Role.HEAD], CLOCK, row.id, today=TODAY)

    def say(message: Message) -> str:
        return message.text % message.values

    assert made.to_pdf(say).startswith(b"%PDF")


def test_of_a_sealed_file_no_copy_is_made(writing: Session, town: Scene) -> None:
    row = entered(writing, town, RequestKind.COPY, a_guardian(writing, town.child))
    town.child.sealed_file = True
    with pytest.raises(ConflictError):
        copies.make_copy(writing, town[Role.HEAD], CLOCK, row.id, today=TODAY)


def test_the_file_goes_whole_where_no_duty_keeps_it(writing: Session, town: Scene) -> None:
    child_id, row = town.child.id, entered(writing, town, RequestKind.DELETION, a_guardian(writing, town.child))
    with pytest.raises(NotAllowedError):
        requests.delete_data(writing, town[Role.STATION_STAFF], CLOCK, row.id, today=TODAY)
    shown = requests.delete_data(writing, town[Role.HEAD], CLOCK, row.id, today=TODAY)
    assert shown.whole
    assert shown.goes["guardians"] >= 1
    assert writing.scalars(select(Child.id).where(Child.id == child_id)).all() == []
    assert writing.scalars(select(AuditEntry).where(AuditEntry.action == "child.erased")).one().subject_id == child_id


def test_the_duty_keeps_the_file_and_consent_alone_is_erased(writing: Session, town: Scene) -> None:
    a_mark(writing, town.child)
    row = entered(writing, town, RequestKind.DELETION, a_guardian(writing, town.child))
    shown = requests.delete_data(writing, town[Role.HEAD], CLOCK, row.id, today=TODAY)
    assert (shown.whole, dict(shown.goes), shown.fields) == (False, {"consents": 1}, ("health",))
    assert len(shown.kept) == 3
    assert town.child.sealed_health is None
    assert town.child.sealed_address is not None
    assert writing.scalars(select(ChildCategoryMark)).all() != []
    assert row.outcome is Outcome.PARTLY


def test_a_refusal_says_why_and_is_final(writing: Session, town: Scene) -> None:
    head = town[Role.HEAD]
    row = entered(writing, town, RequestKind.RESTRICTION, a_guardian(writing, town.child))
    with pytest.raises(InvalidInputError):
        requests.refuse(writing, head, CLOCK, row.id, " ")
    requests.refuse(writing, head, CLOCK, row.id, "法定职责")
    with pytest.raises(ConflictError):
        requests.close(writing, head, CLOCK, row.id)
    assert (row.outcome, row.reason) == (Outcome.REFUSED, "法定职责")


def test_a_guardian_of_another_child_asks_nothing(writing: Session, town: Scene) -> None:
    with pytest.raises(InvalidInputError):
        entered(writing, town, RequestKind.COPY, a_guardian(writing, town.sibling))
