"""`weibao key` and `weibao init --suite`: with which keys and algorithms fields are protected."""

from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from core.cli.data import init
from core.cli.installation import open_machine
from core.cli.keys import key
from core.config import Settings
from core.db.models import Child, Station
from core.domain.clock import SystemClock
from core.domain.vocabulary import StationKind

pytestmark = pytest.mark.usefixtures("own_environment")


def told(command: click.Command, *args: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, args)
    return done.exit_code, done.output


def found_child() -> None:
    machine = open_machine(Settings.from_environment(), SystemClock())
    with machine.writing() as session:
        station = Station(kind=StationKind.STATION, name="测试站", slug="ceshi")
        session.add(station)
        session.flush()
        child = Child(station_id=station.id, number="C1", id_number_index=bytes(32), created_at=datetime.now(UTC))
        child.name, child.id_number, child.birth_date = "测童", "ID1", "2016-05-01"
        session.add(child)
    machine.database.dispose()


@pytest.mark.parametrize(("suite", "version"), [("international", b"\x01"), ("shangmi", b"\x02")])
def test_fields_are_sealed_with_the_suite_that_was_chosen_and_anew_with_another_key(suite: str, version: bytes) -> None:
    assert told(init, "--suite", suite)[0] == 0
    found_child()
    assert told(key, "list") == (0, "k1: 3 fields\n")
    code, output = told(key, "rotate")
    assert code == 0
    assert "3 fields were sealed anew. Please back up" in output
    assert told(key, "list") == (0, "k1: 0 fields\nk2: 3 fields\n")
    machine = open_machine(Settings.from_environment(), SystemClock())
    with machine.reading() as session:
        (child,) = session.query(Child)
        assert child.sealed_name.token[:1] == version
        assert child.name == "测童"
    machine.database.dispose()


def test_the_suite_of_an_installation_stays(tmp_path: Path) -> None:
    assert told(init)[0] == 0
    before = (tmp_path / "keys/weibao-keys.json").read_bytes()
    code, output = told(init, "--suite", "shangmi")
    assert code == 1
    assert "can't be changed any more" in output
    assert told(init, "--suite", "international")[0] == 0
    assert (tmp_path / "keys/weibao-keys.json").read_bytes() == before
