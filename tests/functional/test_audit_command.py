"""`weibao audit`: what staff who keep the machine see of the audit log."""

from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.cli.audit import audit
from core.cli.installation import Machine
from core.config import Settings
from core.db.models import AuditEntry, Station
from core.domain.actor import SYSTEM
from core.domain.clock import FixedClock
from core.domain.vocabulary import StationKind
from core.services.audit import record
from tests.databases import installed
from tests.integration.builders import lift_registers


@pytest.fixture
def machine(own_environment: None, clock: FixedClock) -> Machine:
    """Return an installation without programs, with a station and three entries."""
    made = installed(Settings.from_environment(), clock)
    with made.writing() as session:
        station = Station(kind=StationKind.STATION, name="测试站", slug="ceshi")
        session.add(station)
        session.flush()
        for number in range(3):
            note(made, session, station.id, number)
    return made


def note(machine: Machine, session: Session, station: UUID, number: int) -> None:
    record(
        session,
        SYSTEM,
        machine.clock,
        station_id=station,
        action="test.happened",
        subject_kind="test",
        subject_id=None,
        detail={"number": number},
    )


def told(*args: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(audit, [str(arg) for arg in args])
    return done.exit_code, done.output


def test_the_log_is_anchored_and_verified(machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "anchors"
    assert told("anchor", file) == (0, f"1 anchors added to {file}.\n")
    assert told("anchor", file)[0] == 0
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2
    said = "3 entries of 1 stations are as they were written.\n"
    assert told("verify") == told("verify", "--anchors", file) == (0, said)
    machine.database.dispose()


def test_what_was_done_to_it_is_named_with_station_and_entry(machine: Machine, tmp_path: Path) -> None:
    with machine.writing() as session:
        lift_registers(session)
        session.execute(delete(AuditEntry).where(AuditEntry.number == 2))
    machine.database.dispose()
    assert told("verify") == (1, "测试站, entry 2: An entry is missing from the audit log.\n")
    code, output = told("anchor", tmp_path / "anchors")
    assert (code, (tmp_path / "anchors").exists()) == (1, False)
    assert "is broken: see “weibao audit verify”" in output
