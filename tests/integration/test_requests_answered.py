"""What answers a guardian's request and what doesn't, each said in words of its own, and noted by ids and names."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Child, ChildCategoryMark, RightsRequest
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, Role, Scope
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.rights import Outcome, ReceivedHow, RequestKind
from core.domain.vocabulary import ChildCategory, ConsentPurpose
from core.services import requests
from core.services.audit import record
from core.services.consents import note_duty
from core.testing import TEST_MOMENT
from tests.integration.granting import Scene, a_scene

CLOCK = FixedClock(TEST_MOMENT)
TODAY = TEST_MOMENT.date()
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def town(writing: Session) -> Scene:
    return a_scene(writing)


def wish(child: Child, kind: RequestKind, received_on: date = TODAY) -> requests.Asked:
    return requests.Asked(child.id, child.guardians[0].id, kind, ReceivedHow.LETTER, received_on)


def entered(session: Session, town: Scene, kind: RequestKind) -> RightsRequest:
    return requests.enter(session, town[Role.STATION_STAFF], CLOCK, wish(town.child, kind), today=TODAY)


def did(session: Session, town: Scene, child: Child, action: str, at: datetime, **detail: Any) -> None:
    """Note in the audit log that staff did something with a file."""
    record(
        session,
        town[Role.STATION_STAFF],
        FixedClock(at),
        station_id=child.station_id,
        action=action,
        subject_kind="child",
        subject_id=child.id,
        detail=detail,
    )


def details(session: Session, action: str) -> list[dict[str, Any]]:
    return [one.detail for one in session.scalars(select(AuditEntry).where(AuditEntry.action == action))]


def test_a_correction_counts_what_was_corrected_of_this_file_since_it_was_asked(writing: Session, town: Scene) -> None:
    head, row = town[Role.HEAD], entered(writing, town, RequestKind.CORRECTION)
    did(writing, town, town.child, "child.changed", TEST_MOMENT - HOUR, fields=["grade"])
    did(writing, town, town.sibling, "child.changed", TEST_MOMENT + HOUR, fields=["name"])
    did(writing, town, town.child, "visit.noted", TEST_MOMENT + HOUR, fields=["health"])
    with pytest.raises(ConflictError, match="Nothing was changed"):
        requests.close(writing, head, CLOCK, row.id)
    assert row.outcome is None
    did(writing, town, town.child, "child.changed", TEST_MOMENT, fields=["school", "address"])
    did(writing, town, town.child, "category.ended", TEST_MOMENT + HOUR)
    requests.close(writing, head, CLOCK, row.id)
    assert (row.outcome, row.fields) == (Outcome.DONE, ["address", "category", "school"])
    assert details(writing, "request.answered") == [
        {
            "child": str(town.child.id),
            "kind": "correction",
            "outcome": "done",
            "fields": ["address", "category", "school"],
        }
    ]


def test_what_is_noted_of_a_request_says_who_when_and_how(writing: Session, town: Scene) -> None:
    row = entered(writing, town, RequestKind.COPY)
    staff = town[Role.STATION_STAFF]
    assert (row.station_id, row.how, row.received_on, row.outcome, row.fields) == (
        town.station.id,
        ReceivedHow.LETTER,
        TODAY,
        None,
        [],
    )
    assert (row.entered_at, row.entered_by) == (TEST_MOMENT, staff.user_id)
    entry = writing.scalars(select(AuditEntry).where(AuditEntry.action == "request.entered")).one()
    assert (entry.subject_kind, entry.subject_id, entry.station_id) == ("request", row.id, town.station.id)
    assert entry.detail == {"child": str(town.child.id), "kind": "copy"}


def test_a_request_that_cannot_be_is_not_noted(writing: Session, town: Scene) -> None:
    staff, child = town[Role.STATION_STAFF], town.child
    with pytest.raises(InvalidInputError, match="still to come"):
        requests.enter(writing, staff, CLOCK, wish(child, RequestKind.COPY, TODAY + DAY), today=TODAY)
    other = requests.Asked(child.id, town.sibling.guardians[0].id, RequestKind.COPY, ReceivedHow.DESK, TODAY)
    with pytest.raises(InvalidInputError, match="one of the child's guardians"):
        requests.enter(writing, staff, CLOCK, other, today=TODAY)
    asked = wish(child, RequestKind.COPY)
    with pytest.raises(NotAllowedError):
        requests.enter(writing, town[Role.GRID_WORKER], CLOCK, asked, today=TODAY)
    set_scope(writing, Scope(frozenset({town.county.id}), frozenset({town.county.id})))
    with pytest.raises(NotFoundError, match="no such file"):
        requests.enter(writing, staff, CLOCK, asked, today=TODAY)
    set_scope(writing, EVERYTHING)
    assert writing.scalars(select(RightsRequest)).all() == []


@pytest.mark.parametrize("kind", list(RequestKind))
def test_each_kind_is_answered_in_its_own_way(writing: Session, town: Scene, kind: RequestKind) -> None:
    head, row = town[Role.HEAD], entered(writing, town, kind)
    if kind is not RequestKind.DELETION:
        with pytest.raises(ConflictError, match="in another way"):
            requests.delete_data(writing, head, CLOCK, row.id, today=TODAY)
    if kind in {RequestKind.COPY, RequestKind.DELETION}:
        with pytest.raises(ConflictError, match="in another way"):
            requests.close(writing, head, CLOCK, row.id)
    with pytest.raises(NotFoundError, match="no such request"):
        requests.close(writing, head, CLOCK, new_id())
    assert (row.outcome, row.answered_at, row.answered_by) == (None, None, None)


def test_a_refusal_takes_a_thousand_letters_and_no_more(writing: Session, town: Scene) -> None:
    head, row = town[Role.HEAD], entered(writing, town, RequestKind.DELETION)
    for reason, said in (("\n ", "Say why"), ("由" * 1001, "1000 characters")):
        with pytest.raises(InvalidInputError, match=said):
            requests.refuse(writing, head, CLOCK, row.id, reason)
    requests.refuse(writing, head, CLOCK, row.id, f"  {'由' * 1000} ")
    assert (row.reason, row.outcome) == ("由" * 1000, Outcome.REFUSED)
    assert (row.answered_at, row.answered_by) == (TEST_MOMENT, head.user_id)
    assert "由" not in str(details(writing, "request.answered"))
    with pytest.raises(ConflictError, match="answered already"):
        requests.delete_data(writing, head, CLOCK, row.id, today=TODAY)


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.HEAD, Role.STATION_STAFF}])
def test_nobody_else_answers(writing: Session, town: Scene, role: Role) -> None:
    row = entered(writing, town, RequestKind.RESTRICTION)
    for deed in (
        lambda: requests.close(writing, town[role], CLOCK, row.id),
        lambda: requests.refuse(writing, town[role], CLOCK, row.id, "无"),
        lambda: requests.note_copy(writing, town[role], CLOCK, row.id),
        lambda: requests.lift_restriction(writing, town[role], CLOCK, row.id),
        lambda: requests.delete_data(writing, town[role], CLOCK, row.id, today=TODAY),
    ):
        with pytest.raises(NotAllowedError):
            deed()
    assert row.outcome is None


@pytest.mark.parametrize(
    ("until", "left_on", "whole"),
    [(None, None, False), (TODAY, None, False), (TODAY - DAY, None, True), (None, TODAY, True)],
)
def test_the_duty_ends_with_the_category_and_with_the_child_going(
    writing: Session, town: Scene, until: date | None, left_on: date | None, *, whole: bool
) -> None:
    child = town.child
    own = {"station_id": child.station_id, "child_id": child.id}
    writing.add(ChildCategoryMark(category=ChildCategory.ORPHAN, until_day=until, **own))
    child.left_on = left_on
    writing.flush()
    shown = requests.preview(writing, child, TODAY)
    assert shown.whole is whole
    assert ("guardians" in shown.goes, "rights_requests" in shown.goes) == (whole, False)
    assert requests.preview(writing, town.sibling, TODAY).whole


def test_a_law_that_is_noted_keeps_the_file_as_well(writing: Session, town: Scene) -> None:
    child = town.child
    note_duty(writing, town[Role.HEAD], CLOCK, child, ConsentPurpose.DATA, law="未成年人保护法第四十三条", today=TODAY)
    assert [requests.preview(writing, one, TODAY).whole for one in (child, town.sibling)] == [False, True]
    child.left_on = TODAY
    assert requests.preview(writing, child, TODAY).whole


def test_the_end_of_a_restriction_is_noted(writing: Session, town: Scene) -> None:
    head, row = town[Role.HEAD], entered(writing, town, RequestKind.RESTRICTION)
    with pytest.raises(ConflictError, match="nothing is restricted"):
        requests.lift_restriction(writing, head, CLOCK, row.id)
    requests.close(writing, head, CLOCK, row.id)
    requests.lift_restriction(writing, head, FixedClock(TEST_MOMENT + HOUR), row.id)
    assert (row.lifted_at, row.lifted_by) == (TEST_MOMENT + HOUR, head.user_id)
    assert details(writing, "request.lifted") == [{"child": str(town.child.id)}]
