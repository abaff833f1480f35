"""`weibao retention` and `weibao daily`, as an operator uses them, and the process that a server starts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from core.cli.daily import daily
from core.cli.installation import Machine
from core.cli.retention import retention
from core.config import Settings
from core.daily import PARTS
from core.db.models import Child, DailyWork
from core.domain.clock import SystemClock
from core.services.erasing import read_ledger
from tests.databases import installed
from tests.integration.builders import a_child, a_station


@pytest.fixture
def machine(own_environment: None) -> Iterator[Machine]:
    """Yield an installation with a child who is there and one who left long ago."""
    made = installed(Settings.from_environment(), SystemClock())
    with made.writing() as session:
        station = a_station(session, name="测试站")
        a_child(session, station, number="C1", name="样童")
        a_child(session, station, number="C2", name="样童", left_on=date(2020, 1, 1))
    yield made
    made.database.dispose()


def told(command: click.Command, *args: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, args)
    return done.exit_code, done.output


def numbers(machine: Machine) -> list[str]:
    with machine.reading() as session:
        return sorted(session.scalars(select(Child.number)))


def test_what_goes_is_listed_by_number_and_then_goes(machine: Machine) -> None:
    code, output = told(retention, "preview")
    assert (code, output) == (0, "2023-01-02\t测试站\tFiles of children who left\tC2\n1 files go within 30 days.\n")
    assert numbers(machine) == ["C1", "C2"]
    code, output = told(retention, "run")
    assert code == 0
    assert "Files of children who left: 1\n" in output
    assert numbers(machine) == ["C1"]
    assert len(read_ledger(machine.settings.erasure_ledger, machine.database.vault)) == 1
    assert told(retention, "preview") == (0, "0 files go within 30 days.\n")


def test_the_work_of_the_day_is_done_once_by_hand(machine: Machine) -> None:
    code, output = told(daily)
    assert code == 0
    assert output.splitlines()[1] == "Records kept long enough: 1"
    assert len(output.splitlines()) == len(PARTS)
    assert numbers(machine) == ["C1"]
    assert told(daily) == (0, "Nothing is left to do today.\n")


def test_what_fails_ends_the_command_with_1_and_is_done_again(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object) -> int:
        raise OSError("away")

    with monkeypatch.context() as broken:
        broken.setattr("core.daily.write_ledger", away)
        code, output = told(daily)
    assert code == 1
    assert "Lines for the ledger of what was erased: failed (OSError)" in output
    assert told(daily) == (0, "Lines for the ledger of what was erased: 1\n")


def test_the_process_of_a_server_does_the_days_work(machine: Machine) -> None:
    environment = {**os.environ, **machine.settings.to_environment()}
    done = subprocess.run([sys.executable, "-m", "core.daily"], env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")
    assert numbers(machine) == ["C1"]
    with machine.reading() as session:
        (row,) = session.scalars(select(DailyWork))
    assert set(row.parts) == set(PARTS)
    assert row.ended_at is not None
