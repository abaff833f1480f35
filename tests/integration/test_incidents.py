"""The register of incidents: entries are whole, dated and without a way back; the yearly audit takes them along."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Delete, Update, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Incident
from core.db.registers import REGISTER_GUARD
from core.domain.actor import SYSTEM, Role
from core.domain.clock import FixedClock
from core.domain.errors import InvalidInputError, NotAllowedError
from core.domain.incidents import IncidentKind
from core.services import incidents
from core.services.compliance import compliance_of
from core.services.compliance_tables import sheets
from core.services.incidents import Happened
from core.testing import TEST_MOMENT
from tests.integration.people import Town, a_town

NOW = TEST_MOMENT
ZONE = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)


@pytest.fixture
def town(writing: Session) -> Town:
    return a_town(writing)


def an_incident(**values: object) -> Happened:
    plain = {"noticed_at": NOW, "kind": IncidentKind.DEVICE, "children": 3, "measures": "已远程锁定"}
    return Happened(**{**plain, **values})  # type: ignore[arg-type]


def test_an_incident_is_noted_and_logged_by_its_kind_alone(writing: Session, town: Town, clock: FixedClock) -> None:
    happened = an_incident(told=" 网信办 ", told_at=NOW, measures=" 已远程锁定 ", families_told=True)
    row = incidents.note_incident(writing, town[Role.HEAD], clock, happened)
    assert (row.told, row.measures, row.noted_by_id) == ("网信办", "已远程锁定", town[Role.HEAD].user_id)
    assert incidents.incidents(writing, town[Role.HEAD]) == [row]
    entry = writing.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_id, entry.detail) == ("incident.noted", row.id, {"kind": "device"})


@pytest.mark.parametrize("deed", [update(Incident).values(children=0), delete(Incident)], ids=["update", "delete"])
def test_no_incident_is_changed_or_deleted(
    writing: Session, town: Town, clock: FixedClock, deed: Update | Delete
) -> None:
    row = incidents.note_incident(writing, town[Role.HEAD], clock, an_incident())
    with pytest.raises(IntegrityError, match=REGISTER_GUARD), writing.begin_nested():
        writing.execute(deed)
    writing.refresh(row)
    assert row.children == 3


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.HEAD, Role.ADMINISTRATOR}])
def test_the_register_is_kept_by_those_in_charge(writing: Session, town: Town, clock: FixedClock, role: Role) -> None:
    with pytest.raises(NotAllowedError):
        incidents.note_incident(writing, town[role], clock, an_incident())
    with pytest.raises(NotAllowedError):
        incidents.incidents(writing, town[role])
    with pytest.raises(NotAllowedError):
        incidents.note_incident(writing, SYSTEM, clock, an_incident())


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"noticed_at": NOW + SECOND}, "future"),
        ({"told": "网信办", "told_at": NOW + SECOND}, "future"),
        ({"children": -1}, "how many children"),
        ({"children": 1_000_001}, "how many children"),
        ({"told": "网信办"}, "leave both empty"),
        ({"told_at": NOW}, "leave both empty"),
        ({"told": "网信办", "told_at": NOW - SECOND}, "before it was noticed"),
        ({"told": "x" * 81, "told_at": NOW}, "80 characters"),
        ({"measures": " "}, "what was done"),
        ({"measures": "x" * 2001}, "what was done"),
    ],
)
def test_what_cannot_be_is_refused(
    writing: Session, town: Town, clock: FixedClock, values: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InvalidInputError, match=complaint):
        incidents.note_incident(writing, town[Role.HEAD], clock, an_incident(**values))


@pytest.mark.parametrize(
    "values",
    [{"children": 0}, {"children": 1_000_000}, {"told": "x" * 80, "told_at": NOW}, {"measures": "x" * 2000}],
)
def test_what_is_just_so_is_taken(writing: Session, town: Town, clock: FixedClock, values: dict[str, object]) -> None:
    assert incidents.note_incident(writing, town[Role.ADMINISTRATOR], clock, an_incident(**values)).id


def test_the_years_tables_have_the_incidents_of_the_stations_year(
    writing: Session, town: Town, clock: FixedClock
) -> None:
    new_year = datetime(2025, 12, 31, 16, tzinfo=UTC)
    for noticed, told in ((new_year - SECOND, {}), (new_year, {"told": "网信办", "told_at": new_year})):
        incidents.note_incident(writing, town[Role.HEAD], clock, an_incident(noticed_at=noticed, **told))
    found = compliance_of(writing, town[Role.AUDITOR], 2026, today=date(2026, 11, 26), zone=ZONE)
    _heading, rows = sheets(found, str)["incidents"]
    first = date(2026, 1, 1)
    assert rows == [(first, "A device or papers are gone", 3, "网信办", first, "no", "已远程锁定")]
