"""Guardians' requests: due in time, answered by the right people, and a copy tells nothing of others."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Child, ChildCategoryMark, Consent, GroupMember, Guardian, RightsRequest
from core.db.queries.children import restricted
from core.domain.actor import Role
from core.domain.calendar.work import WorkCalendar
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError
from core.domain.retention import ErasedKind
from core.domain.rights import Outcome, ReceivedHow, RequestKind, due_on
from core.domain.vocabulary import ChildCategory, ConsentPurpose, Relation
from core.services import requests, retention
from core.services.audit import record
from core.services.children.entry import GuardianEntry
from core.services.children.parts import change_guardian
from core.services.eligibility import RESTRICTED, answers_for_child
from core.services.erasing import Erased, erase_again, erased_so_far
from core.testing import TEST_MOMENT
from tests.integration.builders import a_group, a_term, an_activity
from tests.integration.granting import Scene, a_scene
from tests.integration.timetable import NO_PLUGINS

NOON = datetime(2026, 11, 2, 12)  # noqa: DTZ001 (the station's wall clock)
CLOCK = FixedClock(TEST_MOMENT)
TODAY = TEST_MOMENT.date()


@pytest.fixture
def town(writing: Session) -> Scene:
    return a_scene(writing)


def a_guardian(session: Session, child: Child, **values: Any) -> Guardian:
    told: Mapping[str, Any] = {"name": "样亲甲", "phone": "13900000001", "relation": Relation.MOTHER, **values}
    row = Guardian(station_id=child.station_id, child_id=child.id, phone_index=bytes(32), **told)
    session.add(row)
    session.flush()
    return row


def entered(
    session: Session, town: Scene, kind: RequestKind, guardian: Guardian, received_on: date = TODAY
) -> RightsRequest:
    asked = requests.Asked(town.child.id, guardian.id, kind, ReceivedHow.DESK, received_on)
    return requests.enter(session, town[Role.STATION_STAFF], CLOCK, asked, today=TODAY)


def a_mark(session: Session, child: Child, **values: Any) -> None:
    own = {"station_id": child.station_id, "child_id": child.id}
    session.add(ChildCategoryMark(category=ChildCategory.ORPHAN, **own, **values))
    session.add(Consent(purpose=ConsentPurpose.PHOTO, given_on=date(2026, 9, 1), **own))
    session.flush()


def a_member(session: Session, town: Scene) -> None:
    group = a_group(session, town.station)
    own = {"station_id": town.station.id, "child_id": town.child.id}
    session.add(GroupMember(group_id=group.id, **own))
    session.flush()


def test_fifteen_working_days_go_past_the_national_day() -> None:
    assert due_on(date(2026, 11, 2), WorkCalendar()) == date(2026, 11, 23)
    assert due_on(date(2025, 9, 26), WorkCalendar()) == date(2025, 10, 23)


def test_the_file_goes_whole_where_no_duty_keeps_it(writing: Session, town: Scene) -> None:
    child_id, row = town.child.id, entered(writing, town, RequestKind.DELETION, a_guardian(writing, town.child))
    with pytest.raises(NotAllowedError):
        requests.delete_data(writing, town[Role.STATION_STAFF], CLOCK, row.id, today=TODAY)
    shown = requests.delete_data(writing, town[Role.HEAD], CLOCK, row.id, today=TODAY)
    assert (shown.whole, shown.fields, len(shown.kept), shown.consents) == (True, (), 2, 0)
    assert shown.goes["guardians"] >= 1
    assert "rights_requests" not in shown.goes
    answered = writing.scalars(select(AuditEntry).where(AuditEntry.action == "request.answered")).one()
    assert answered.detail["outcome"] == Outcome.DONE
    assert writing.scalars(select(Child.id).where(Child.id == child_id)).all() == []
    assert writing.scalars(select(AuditEntry).where(AuditEntry.action == "child.erased")).one().subject_id == child_id


def test_the_duty_keeps_the_file_and_what_rests_on_consent_goes(writing: Session, town: Scene) -> None:
    a_mark(writing, town.child)
    a_member(writing, town)
    row = entered(writing, town, RequestKind.DELETION, a_guardian(writing, town.child))
    shown = requests.delete_data(writing, town[Role.HEAD], CLOCK, row.id, today=TODAY)
    assert (shown.whole, dict(shown.goes), shown.fields) == (False, {"group_members": 1}, ("health",))
    assert (len(shown.kept), shown.consents) == (4, 2)
    assert town.child.sealed_health is None
    assert town.child.sealed_address is not None
    assert writing.scalars(select(ChildCategoryMark)).all() != []
    assert row.outcome is Outcome.PARTLY
    kept = writing.scalars(select(Consent).where(Consent.child_id == town.child.id)).all()
    assert [one.withdrawn_on for one in kept] == [TODAY, TODAY]
    assert writing.scalars(select(GroupMember)).all() == []
    assert requests.preview(writing, town.child, TODAY).goes == {}


def test_what_was_erased_in_part_is_erased_again_from_an_older_backup(writing: Session, town: Scene) -> None:
    child = town.child
    gone = Erased(ErasedKind.CONSENTED, child.id, TEST_MOMENT)
    assert erase_again(writing, CLOCK, [gone]) == 1
    assert child.sealed_health is None
    assert town.sibling.sealed_health is not None
    assert erased_so_far(writing) == [gone]
    child.health = "又知道了"
    writing.flush()
    assert erase_again(writing, CLOCK, [gone]) == 0
    assert child.sealed_health is not None
    later = Erased(ErasedKind.CONSENTED, child.id, TEST_MOMENT + timedelta(days=1))
    assert erase_again(writing, CLOCK, [gone, later]) == 1
    assert child.sealed_health is None


def test_restricted_data_is_used_for_nothing_new_until_the_head_ends_it(writing: Session, town: Scene) -> None:
    row = entered(writing, town, RequestKind.RESTRICTION, a_guardian(writing, town.child))
    assert writing.scalars(restricted()).all() == []
    requests.close(writing, town[Role.STATION_STAFF], CLOCK, row.id)
    assert writing.scalars(restricted()).all() == [town.child.id]
    term = a_term(writing, town.station)
    an_activity(writing, term)
    codes = [
        [obstacle.code for obstacle in answer.obstacles]
        for child in (town.child, town.sibling)
        for answer in answers_for_child(writing, NO_PLUGINS, child, term, now=NOON)
    ]
    assert [RESTRICTED.code in found for found in codes] == [True, False]
    with pytest.raises(NotAllowedError):
        requests.lift_restriction(writing, town[Role.STATION_STAFF], CLOCK, row.id)
    requests.lift_restriction(writing, town[Role.HEAD], CLOCK, row.id)
    assert writing.scalars(restricted()).all() == []
    with pytest.raises(ConflictError):
        requests.lift_restriction(writing, town[Role.HEAD], CLOCK, row.id)


def test_a_refused_restriction_restricts_nothing(writing: Session, town: Scene) -> None:
    row = entered(writing, town, RequestKind.RESTRICTION, a_guardian(writing, town.child))
    requests.refuse(writing, town[Role.HEAD], CLOCK, row.id, "法定职责")
    assert writing.scalars(restricted()).all() == []
    with pytest.raises(ConflictError):
        requests.lift_restriction(writing, town[Role.HEAD], CLOCK, row.id)


def test_nothing_of_a_child_goes_by_date_while_a_guardian_waits(writing: Session, town: Scene) -> None:
    for child in (town.child, town.sibling):
        child.left_on = date(2020, 1, 1)
    writing.flush()
    row = entered(writing, town, RequestKind.COPY, a_guardian(writing, town.child))
    head = town[Role.HEAD]
    assert {one.subject_id for one in retention.preview(writing, head, TODAY)} == {town.sibling.id}
    requests.refuse(writing, head, CLOCK, row.id, "已当面给过")
    assert {one.subject_id for one in retention.preview(writing, head, TODAY)} == {town.child.id, town.sibling.id}


def test_a_correction_names_the_fields_and_neither_the_old_nor_the_new(writing: Session, town: Scene) -> None:
    staff, guardian = town[Role.STATION_STAFF], a_guardian(writing, town.child)
    row = entered(writing, town, RequestKind.CORRECTION, guardian)
    with pytest.raises(ConflictError):
        requests.close(writing, staff, CLOCK, row.id)
    told = GuardianEntry(
        name="样亲新", relation=Relation.RELATIVE, phones=("13900000009",), kept=frozenset({"address"})
    )
    change_guardian(writing, staff, CLOCK, guardian.id, told)
    requests.close(writing, staff, CLOCK, row.id)
    assert (row.outcome, row.fields) == (Outcome.DONE, ["guardian"])
    said = json.dumps([entry.detail for entry in writing.scalars(select(AuditEntry))], ensure_ascii=False)
    assert "样亲" not in said
    assert "1390000000" not in said


def test_the_start_page_counts_what_is_due(writing: Session, town: Scene) -> None:
    row = entered(writing, town, RequestKind.COPY, a_guardian(writing, town.child))
    assert requests.waiting_until(writing, row.due_on - timedelta(days=1)) == 0
    assert requests.waiting_until(writing, row.due_on) == 1
    requests.refuse(writing, town[Role.HEAD], CLOCK, row.id, "已当面给过")
    assert requests.waiting_until(writing, row.due_on) == 0


def test_a_part_that_was_added_is_named_by_what_it_is_and_a_field_by_its_name(writing: Session, town: Scene) -> None:
    row = entered(writing, town, RequestKind.CORRECTION, a_guardian(writing, town.child))
    for action, detail in (("pick_up.added", {}), ("child.changed", {"fields": ["health", "address"]})):
        record(
            writing,
            town[Role.STATION_STAFF],
            CLOCK,
            station_id=town.station.id,
            action=action,
            subject_kind="child",
            subject_id=town.child.id,
            detail=detail,
        )
    requests.close(writing, town[Role.STATION_STAFF], CLOCK, row.id)
    assert row.fields == ["address", "health", "pick_up"]


def test_those_that_wait_come_first_and_the_answered_newest_first(writing: Session, town: Scene) -> None:
    guardian = a_guardian(writing, town.child)
    rows = [entered(writing, town, RequestKind.COPY, guardian) for _ in range(4)]
    for row in rows[:2]:
        requests.refuse(writing, town[Role.HEAD], CLOCK, row.id, "已当面给过")
    found = [row.id for row in requests.requests(writing)]
    assert found == [rows[2].id, rows[3].id, rows[1].id, rows[0].id]


def test_of_those_that_wait_the_one_that_is_due_first_comes_first(writing: Session, town: Scene) -> None:
    guardian = a_guardian(writing, town.child)
    days = [TODAY, TODAY - timedelta(days=7), TODAY - timedelta(days=3)]
    rows = [entered(writing, town, RequestKind.COPY, guardian, day) for day in days]
    assert [row.id for row in requests.requests(writing)] == [rows[1].id, rows[2].id, rows[0].id]


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
