"""Backups of the embedded database: made under load, put back whole or not at all, and nothing erased comes back."""

import os
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.cli.backups import bring_up_to_ledger, keep_ledger
from core.cli.installation import Machine
from core.config import Settings
from core.db.models import Child, Station
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError
from core.services.backups import BackupError, installation_of, make_backup, put_back
from core.services.erasing import erase_child
from core.testing import TEST_MOMENT
from tests.databases import installed
from tests.integration.builders import a_child, a_station

CLOCK = FixedClock(TEST_MOMENT)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Return an installation of its own with one child."""
    found = installed(Settings.in_directory(tmp_path / "data", plugins=()), CLOCK)
    with found.writing() as session:
        a_child(session, a_station(session))
    yield found
    found.database.dispose()


def _children(machine: Machine) -> int:
    with machine.reading() as session:
        return session.scalar(select(func.count()).select_from(Child)) or 0


def _put_back(machine: Machine, backup: Path) -> None:
    installation, place = installation_of(machine.database), machine.settings.data_dir / "weibao.db"
    machine.database.dispose()
    put_back(backup, place, installation=installation)


def test_a_backup_brings_back_its_moment(machine: Machine, tmp_path: Path) -> None:
    manifest = make_backup(machine.database, CLOCK, tmp_path / "one.backup")
    assert manifest.made_at == TEST_MOMENT.isoformat()
    with machine.writing() as session:
        a_child(session, session.scalars(select(Station)).one())
    assert _children(machine) == 2
    _put_back(machine, tmp_path / "one.backup")
    assert _children(machine) == 1
    with machine.reading() as session:
        assert session.scalars(select(Child)).one().name


def test_a_backup_is_whole_while_others_write(machine: Machine, tmp_path: Path) -> None:
    stop, written = threading.Event(), 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            # Two at a time: a copy with an odd number would be one of no moment.
            with machine.writing() as session:
                station = session.scalars(select(Station)).one()
                a_child(session, station)
                a_child(session, station)
            written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            make_backup(machine.database, CLOCK, tmp_path / f"{number}.backup")
    finally:
        stop.set()
        writer.join()
    assert written > 0
    for number in range(4):
        _put_back(machine, tmp_path / f"{number}.backup")
        assert _children(machine) % 2 == 1


def test_what_was_erased_since_is_erased_again(machine: Machine, tmp_path: Path) -> None:
    make_backup(machine.database, CLOCK, tmp_path / "before.backup")
    with machine.writing() as session:
        erase_child(session, SYSTEM, CLOCK, session.scalars(select(Child.id)).one())
    keep_ledger(machine)
    _put_back(machine, tmp_path / "before.backup")
    assert _children(machine) == 1
    assert bring_up_to_ledger(machine) == 1
    assert _children(machine) == 0
    assert bring_up_to_ledger(machine) == 0


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def _without_manifest(data: bytes) -> bytes:
    packed = BytesIO()
    with tarfile.open(fileobj=BytesIO(data)) as old, tarfile.open(fileobj=packed, mode="w:gz") as new:
        new.addfile(old.getmember("weibao.db"), old.extractfile("weibao.db"))
    return packed.getvalue()


@pytest.mark.parametrize("damage", [_cut, _flipped, _without_manifest, lambda _data: b"", lambda _data: b"no archive"])
def test_a_damaged_backup_changes_nothing(machine: Machine, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    backup, database = tmp_path / "one.backup", machine.settings.data_dir / "weibao.db"
    make_backup(machine.database, CLOCK, backup)
    backup.write_bytes(damage(backup.read_bytes()))
    machine.database.dispose()
    before = database.read_bytes()
    with pytest.raises(BackupError):
        _put_back(machine, backup)
    assert database.read_bytes() == before
    assert _children(machine) == 1
    assert [found.name for found in database.parent.iterdir() if found.name.startswith(".restore")] == []


def test_a_backup_of_another_installation_is_refused(machine: Machine, tmp_path: Path) -> None:
    other = installed(Settings.in_directory(tmp_path / "other", plugins=()), CLOCK)
    make_backup(other.database, CLOCK, tmp_path / "other.backup")
    other.database.dispose()
    with pytest.raises(BackupError, match="another installation"):
        _put_back(machine, tmp_path / "other.backup")
    assert _children(machine) == 1


def test_a_file_that_is_there_is_not_written_over(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with pytest.raises(ConflictError):
        make_backup(machine.database, CLOCK, tmp_path / "taken")
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_nothing_is_put_back_under_a_running_server(machine: Machine, tmp_path: Path) -> None:
    make_backup(machine.database, CLOCK, tmp_path / "one.backup")
    place = machine.settings.data_dir / "weibao.db"
    with machine.reading() as session:
        assert session.scalar(select(func.count()).select_from(Child)) == 1
        with pytest.raises(BackupError, match="in use"):
            put_back(tmp_path / "one.backup", place, installation=None)
    assert _children(machine) == 1


def test_the_copy_holds_no_key(machine: Machine, tmp_path: Path) -> None:
    make_backup(machine.database, CLOCK, tmp_path / "one.backup")
    with tarfile.open(tmp_path / "one.backup") as archive:
        assert sorted(archive.getnames()) == ["manifest.json", "weibao.db"]


def test_postgresql_has_tools_of_its_own(database: Database, tmp_path: Path) -> None:
    if database.embedded:
        make_backup_of_nothing(database, tmp_path)
        return
    with pytest.raises(ConflictError, match="pg_dump"):
        make_backup(database, CLOCK, tmp_path / "x")


def make_backup_of_nothing(database: Database, tmp_path: Path) -> None:
    """A database without an installation in it has nothing that a backup could be told by."""
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count()).select_from(Station)) == 0
    with pytest.raises(BackupError, match="no installation"):
        make_backup(database, CLOCK, tmp_path / "x")
    assert not (tmp_path / "x").exists()


_RESTORING = """
import sys
from pathlib import Path
from core.services import backups
put_back = backups.put_back
while True:
    for source in sys.argv[2:]:
        put_back(Path(source), Path(sys.argv[1]), installation=None)
    print("round", flush=True)
"""


@pytest.mark.parametrize("kills", [3, pytest.param(40, marks=pytest.mark.verify)])
def test_a_killed_restore_leaves_one_or_the_other(machine: Machine, tmp_path: Path, kills: int) -> None:
    make_backup(machine.database, CLOCK, tmp_path / "one.backup")
    with machine.writing() as session:
        a_child(session, session.scalars(select(Station)).one())
    make_backup(machine.database, CLOCK, tmp_path / "two.backup")
    place, seen = machine.settings.data_dir / "weibao.db", set()
    machine.database.dispose()
    arguments = [str(place), str(tmp_path / "one.backup"), str(tmp_path / "two.backup")]
    for number in range(kills):
        with subprocess.Popen([sys.executable, "-c", _RESTORING, *arguments], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            threading.Event().wait(0.003 * number)
            os.kill(process.pid, signal.SIGKILL)
        seen.add(_children(machine))
        machine.database.dispose()
    assert seen <= {1, 2}
