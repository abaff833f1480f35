"""The register of reported harm and the list of whom to call: their order, what is noted, and what is said."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, HarmContact
from core.domain.actor import SYSTEM, Role
from core.domain.clock import FixedClock
from core.domain.errors import DomainError
from core.domain.ids import new_id
from core.domain.vocabulary import HarmAuthority, StationKind
from core.services import harm_reports
from core.services.harm_reports import Reported
from core.testing import TEST_MOMENT
from tests.integration.builders import a_station
from tests.integration.people import Town, a_town
from tests.translated import in_chinese

CLOCK = FixedClock(TEST_MOMENT)
PHONE = "13800138000"


@pytest.fixture
def town(writing: Session) -> Town:
    return a_town(writing)


def a_report(**values: object) -> Reported:
    return Reported(**{"reported_at": TEST_MOMENT, "authority": HarmAuthority.POLICE, **values})  # type: ignore[arg-type]


def test_the_register_has_the_last_entry_first_whenever_it_was_made(writing: Session, town: Town) -> None:
    clocks = [FixedClock(TEST_MOMENT + timedelta(hours=hours)) for hours in (3, 1, 2)]
    for clock in clocks:
        harm_reports.note_report(writing, town[Role.VOLUNTEER], clock, a_report())
    noted = [row.noted_at for row in harm_reports.register(writing, town[Role.HEAD])]
    assert noted == sorted((clock.at for clock in clocks), reverse=True)


def test_the_call_list_goes_by_name_and_begins_with_the_same_county(writing: Session, town: Town) -> None:
    counties = [a_station(writing, kind=StationKind.COUNTY, id=key) for key in sorted(new_id() for _ in range(3))[::-1]]
    for name in ("丙所", "甲所", "乙所"):
        harm_reports.add_contact(writing, town[Role.HEAD], CLOCK, name=name, phone=PHONE)
    found = harm_reports.call_list(writing)
    assert found.county is counties[-1]
    assert [row.name for row in found.contacts] == sorted(["丙所", "甲所", "乙所"])


def test_whom_to_call_is_added_and_taken_off_with_a_note_of_who_did(writing: Session, town: Town) -> None:
    head = town[Role.HEAD]
    row = harm_reports.add_contact(writing, head, CLOCK, name="派出所", phone=PHONE)
    harm_reports.remove_contact(writing, head, CLOCK, row.id)
    assert writing.scalars(select(HarmContact)).all() == []
    entries = writing.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [entry.action for entry in entries] == ["harm_contact.added", "harm_contact.removed"]
    assert {(entry.subject_kind, entry.subject_id) for entry in entries} == {("harm_contact", row.id)}
    assert {(entry.actor_id, entry.station_id, entry.at) for entry in entries} == {
        (head.user_id, town.station.id, TEST_MOMENT)
    }
    assert [entry.detail for entry in entries] == [{}, {}]


def test_every_refusal_is_said_in_chinese_with_what_to_do(writing: Session, town: Town) -> None:
    head, reporter = town[Role.HEAD], town[Role.GRID_WORKER]
    report = partial(harm_reports.note_report, writing, head, CLOCK)
    add = partial(harm_reports.add_contact, writing, head, CLOCK, phone=PHONE)
    refused: list[Callable[[], object]] = [
        lambda: report(a_report(reported_at=TEST_MOMENT + timedelta(days=1))),
        lambda: report(a_report(reported_at=TEST_MOMENT - timedelta(days=400))),
        lambda: report(a_report(reference="x" * 81)),
        lambda: report(a_report(authority=HarmAuthority.OTHER)),
        lambda: report(a_report(child_id=new_id())),
        lambda: harm_reports.note_report(writing, SYSTEM, CLOCK, a_report()),
        lambda: harm_reports.own_report(writing, reporter, new_id()),
        lambda: harm_reports.remove_contact(writing, head, CLOCK, new_id()),
        lambda: harm_reports.add_contact(writing, SYSTEM, CLOCK, name="x", phone=PHONE),
        lambda: add(name=" "),
    ]
    assert len({told(deed) for deed in refused}) == len(refused)
    assert told(lambda: add(name="x" * 81)) == told(lambda: add(name=" "))
    assert writing.scalars(select(AuditEntry)).all() == []


def told(deed: Callable[[], object]) -> str:
    """Return in Chinese why a deed is refused."""
    with pytest.raises(DomainError) as caught:
        deed()
    return in_chinese(caught.value.message)
