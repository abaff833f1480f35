"""Scans of signed consents, on both databases: kept with the consent, opened with leave, replaced where wrong."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Child, ChildFile, Consent, Station
from core.domain.actor import SYSTEM, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import ChildFileKind, ConsentHow, ConsentPurpose, LegalBasis
from core.services import consent_scans as scans
from core.services.consent_scans import Scan
from core.services.consents import Given
from core.services.grants import break_glass
from core.testing import TEST_MOMENT
from tests.integration.builders import a_child, a_consent
from tests.integration.people import Town, a_town
from tests.integration.test_consent_lists import PNG

CLOCK = FixedClock(TEST_MOMENT)
TODAY = date(2026, 11, 26)
PHOTO = ConsentPurpose.PHOTO
SCAN = Scan("同意书.png", PNG)


@pytest.fixture
def town(writing: Session) -> Town:
    return a_town(writing)


@pytest.fixture
def child(writing: Session, town: Town) -> Child:
    return a_child(writing, writing.get_one(Station, town.station.id))


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


def test_a_consent_is_noted_with_its_scan(writing: Session, town: Town, child: Child) -> None:
    staff = town[Role.STATION_STAFF]
    row = scans.give_on_paper(writing, staff, CLOCK, child, Given(PHOTO, TODAY), SCAN, today=TODAY)
    kept = writing.get_one(ChildFile, row.scan_id)
    assert (kept.kind, kept.child_id, kept.station_id) == (ChildFileKind.CONSENT, child.id, child.station_id)
    assert (kept.kept_by, kept.kept_at, kept.size) == (staff.user_id, TEST_MOMENT, len(PNG))
    assert scans.kept_scans(writing, child.id) == {kept.id}
    assert actions(writing) == ["consent.given", "file.kept"]


def test_without_a_scan_it_is_added_later_and_once(writing: Session, town: Town, child: Child) -> None:
    staff = town[Role.STATION_STAFF]
    row = scans.give_on_paper(writing, staff, CLOCK, child, Given(PHOTO, TODAY), None, today=TODAY)
    assert (row.scan_id, scans.kept_scans(writing, child.id)) == (None, frozenset())
    assert scans.add_scan(writing, staff, CLOCK, row.id, SCAN) is row
    with pytest.raises(ConflictError, match="kept already"):
        scans.add_scan(writing, staff, CLOCK, row.id, SCAN)
    assert scans.kept_scans(writing, child.id) == {row.scan_id}


@pytest.mark.parametrize("content", [b"", b"MZ", b"<html>"])
def test_of_a_file_that_can_not_be_kept_nothing_is_noted(
    writing: Session, town: Town, child: Child, content: bytes
) -> None:
    bad = Scan("a.png", content)
    with pytest.raises(InvalidInputError):
        scans.give_on_paper(writing, SYSTEM, CLOCK, child, Given(PHOTO, TODAY), bad, today=TODAY)
    assert writing.scalars(select(Consent)).all() == []
    row = a_consent(writing, child, PHOTO)
    with pytest.raises(InvalidInputError):
        scans.add_scan(writing, SYSTEM, CLOCK, row.id, bad)
    assert actions(writing) == []


@pytest.mark.parametrize(
    "values", [{"how": ConsentHow.LINK}, {"basis": LegalBasis.DUTY, "law": "法", "purpose": ConsentPurpose.DATA}]
)
def test_what_was_not_signed_has_no_scan(writing: Session, child: Child, values: dict[str, object]) -> None:
    row = a_consent(writing, child, **{"purpose": PHOTO, **values})  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match="not signed on paper"):
        scans.add_scan(writing, SYSTEM, CLOCK, row.id, SCAN)


def test_a_scan_opens_with_leave_and_the_reading_is_noted(writing: Session, town: Town, child: Child) -> None:
    staff = town[Role.STATION_STAFF]
    row = scans.give_on_paper(writing, staff, CLOCK, child, Given(PHOTO, TODAY), SCAN, today=TODAY)
    with pytest.raises(NotAllowedError):
        scans.read_scan(writing, staff, CLOCK, row.id)
    break_glass(writing, staff, CLOCK, child, "核对同意书")
    kept, content = scans.read_scan(writing, staff, CLOCK, row.id)
    assert (kept.id, content) == (row.scan_id, PNG)
    assert actions(writing)[-2:] == ["child.read", "file.read"]


def test_a_scan_of_another_paper_is_dropped_and_the_right_one_takes_its_place(
    writing: Session, town: Town, child: Child
) -> None:
    staff = town[Role.STATION_STAFF]
    row = scans.give_on_paper(writing, staff, CLOCK, child, Given(PHOTO, TODAY), SCAN, today=TODAY)
    first = row.scan_id
    assert scans.drop_scan(writing, staff, CLOCK, row.id) is row
    assert (writing.get(ChildFile, first), row.withdrawn_on) == (None, None)
    for attempt in (scans.drop_scan, scans.read_scan):
        with pytest.raises(NotFoundError, match="no scan of this consent"):
            attempt(writing, staff, CLOCK, row.id)
    scans.add_scan(writing, staff, CLOCK, row.id, SCAN)
    assert row.scan_id not in {None, first}
    assert actions(writing) == ["consent.given", "file.kept", "file.dropped", "file.kept"]


def test_a_proof_of_something_else_is_not_opened_as_a_scan(writing: Session, town: Town, child: Child) -> None:
    row = a_consent(writing, child, PHOTO)
    scans.add_scan(writing, SYSTEM, CLOCK, row.id, SCAN)
    file = writing.get_one(ChildFile, row.scan_id)
    file.kind = ChildFileKind.EVIDENCE
    writing.flush()
    with pytest.raises(NotFoundError):
        scans.read_scan(writing, SYSTEM, CLOCK, row.id)
    assert scans.kept_scans(writing, child.id) == frozenset()


def test_without_a_consent_there_is_nothing_to_scan(writing: Session) -> None:
    with pytest.raises(NotFoundError, match="no such consent"):
        scans.find_consent(writing, new_id())
    for attempt in (scans.drop_scan, scans.read_scan):
        with pytest.raises(NotFoundError, match="no such consent"):
            attempt(writing, SYSTEM, CLOCK, new_id())
    with pytest.raises(NotFoundError, match="no such consent"):
        scans.add_scan(writing, SYSTEM, CLOCK, new_id(), SCAN)


def test_who_does_not_keep_consents_keeps_opens_and_drops_no_scan(writing: Session, town: Town, child: Child) -> None:
    volunteer, row = town[Role.VOLUNTEER], a_consent(writing, child, PHOTO)
    with pytest.raises(NotAllowedError):
        scans.add_scan(writing, volunteer, CLOCK, row.id, SCAN)
    scans.add_scan(writing, SYSTEM, CLOCK, row.id, SCAN)
    for attempt in (scans.drop_scan, scans.read_scan):
        with pytest.raises(NotAllowedError):
            attempt(writing, volunteer, CLOCK, row.id)
    late = Given(ConsentPurpose.OUTING, TODAY - timedelta(days=1))
    with pytest.raises(NotAllowedError):
        scans.give_on_paper(writing, volunteer, CLOCK, child, late, None, today=TODAY)


def test_a_scan_does_not_show_its_content(writing: Session) -> None:
    assert "PNG" not in repr(SCAN)
