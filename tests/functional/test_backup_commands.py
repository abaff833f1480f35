"""`weibao backup` and `weibao restore`, as an operator uses them."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from core.cli.backups import backup, restore
from core.cli.data import init
from core.cli.installation import Machine, open_machine
from core.cli.serve import erase_what_came_back
from core.config import Settings
from core.db.models import Child, Station
from core.domain.actor import SYSTEM
from core.domain.clock import SystemClock
from core.domain.vocabulary import StationKind
from core.services.erasing import erase_child

pytestmark = pytest.mark.usefixtures("own_environment", "installed")


def told(command: click.Command, *args: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(command, [str(one) for one in args])
    return done.exit_code, done.output


def opened() -> Machine:
    return open_machine(Settings.from_environment(), SystemClock())


def numbers() -> list[str]:
    machine = opened()
    with machine.reading() as session:
        found = sorted(session.scalars(select(Child.number)))
    machine.database.dispose()
    return found


@pytest.fixture
def installed(own_environment: None) -> None:
    assert told(init)[0] == 0
    machine = opened()
    with machine.writing() as session:
        station = Station(kind=StationKind.STATION, name="测试站", slug="ceshi")
        session.add(station)
        session.flush()
        for number in ("C1", "C2"):
            child = Child(
                station_id=station.id,
                number=number,
                id_number_index=number.encode() * 16,
                created_at=machine.clock.now(),
            )
            child.name, child.id_number, child.birth_date = "测童", number, "2016-05-01"
            session.add(child)
    machine.database.dispose()


def erase_the_first() -> None:
    machine = opened()
    with machine.writing() as session:
        erase_child(session, SYSTEM, machine.clock, session.scalars(select(Child.id).where(Child.number == "C1")).one())
    machine.database.dispose()


def test_a_backup_is_put_back_and_what_was_erased_stays_erased(tmp_path: Path) -> None:
    code, output = told(backup, tmp_path / "monday.backup")
    assert code == 0, output
    assert "bytes, whole." in output
    erase_the_first()
    code, output = told(restore, tmp_path / "monday.backup")
    assert (code, "add --replace" in output) == (1, True)
    assert numbers() == ["C2"]
    code, output = told(restore, "--replace", tmp_path / "monday.backup")
    assert code == 0, output
    assert "Erased again: 1." in output
    assert numbers() == ["C2"]


def test_a_database_that_is_lost_is_put_back_beside_its_keys(tmp_path: Path) -> None:
    assert told(backup, tmp_path / "monday.backup")[0] == 0
    erase_the_first()
    assert told(backup, tmp_path / "tuesday.backup")[0] == 0
    for lost in Settings.from_environment().data_dir.glob("weibao.db*"):
        lost.unlink()
    code, output = told(restore, tmp_path / "monday.backup")
    assert code == 0, output
    assert "Erased again: 1." in output
    assert numbers() == ["C2"]


def test_a_database_that_came_back_another_way_is_seen_to_when_the_server_starts(tmp_path: Path) -> None:
    settings = Settings.from_environment()
    database = settings.data_dir / "weibao.db"
    kept = database.read_bytes()
    erase_the_first()
    erase_what_came_back(settings)
    assert numbers() == ["C2"]
    for companion in settings.data_dir.glob("weibao.db-*"):
        companion.unlink()
    database.write_bytes(kept)
    assert numbers() == ["C1", "C2"]
    erase_what_came_back(settings)
    assert numbers() == ["C2"]
    assert tmp_path.exists()


def test_what_is_no_backup_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir", encoding="utf-8")
    code, output = told(restore, "--replace", tmp_path / "letter.txt")
    assert (code, "no backup that can be read: nothing was changed" in output) == (1, True)
    assert numbers() == ["C1", "C2"]
    assert told(backup, tmp_path / "letter.txt")[0] == 1
