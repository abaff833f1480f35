"""Writing sessions: one after the other, whole or not at all, across processes and through kills."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import event, func, select, text

from core.db.gate import WriteGate
from core.db.models import AuditEntry, Station, Venue
from core.db.session import Database, UnsafeDatabaseError, require_safe_sqlite
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import FixedClock
from core.security.keys import write_keys
from core.security.vault import Vault
from core.services.audit import record, verify_chain
from tests.integration.builders import a_station, a_venue

#: Adds to a counter, reading it first, as often as it is told; then says so.
COUNT = """
from sqlalchemy import select
from core.db.models import Venue
from core.domain.actor import EVERYTHING
for _ in range(int(argument)):
    with database.writing(EVERYTHING) as session:
        venue = session.scalars(select(Venue).with_for_update()).one()
        venue.address = str(int(venue.address) + 1)
"""

#: Writes two venues that belong together, again and again, and says when it is in the middle of it.
PAIR = """
from itertools import count
from sqlalchemy import select
from core.db.models import Station, Venue
from core.domain.actor import EVERYTHING
from core.domain.vocabulary import VenueKind
for number in count():
    with database.writing(EVERYTHING) as session:
        own = {"station_id": session.scalars(select(Station.id)).one(), "kind": VenueKind.CENTRE}
        session.add(Venue(name=f"{argument} {number} left", **own))
        session.flush()
        print("half", flush=True)
        session.add(Venue(name=f"{argument} {number} right", **own))
    print("whole", flush=True)
"""

START = """
import sys
from pathlib import Path
from core.db.session import Database
from core.security.keys import read_keys
from core.security.vault import Vault
url, keys, argument = sys.argv[1:]
database = Database(url, Vault(read_keys(Path(keys))))
"""


@contextmanager
def program(database: Database, folder: Path, code: str, argument: object) -> Iterator[subprocess.Popen[str]]:
    """Run a program in a process of its own with the database open; it is gone afterwards."""
    keys = folder / "keys.json"
    if not keys.exists():
        write_keys(keys, database.vault._keys)
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", START + code, url, str(keys), str(argument)]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def lines_of(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def test_two_processes_that_count_lose_nothing(database: Database, tmp_path: Path) -> None:
    with database.writing(EVERYTHING) as session:
        a_venue(session, a_station(session), address="0")
    with program(database, tmp_path, COUNT, 200) as one, program(database, tmp_path, COUNT, 200) as other:
        assert (one.wait(60), other.wait(60)) == (0, 0)
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(Venue.address)).one() == "400"


def kill_in_the_middle(database: Database, folder: Path, rounds: int) -> None:
    """Kill a writing program again and again, each time at another point of a transaction; check what it leaves."""
    chance = random.Random(rounds)  # noqa: S311
    with database.writing(EVERYTHING) as session:
        a_station(session)
    whole = 0
    for number in range(rounds):
        with program(database, folder, PAIR, f"round {number}") as process:
            for _ in range(chance.randrange(1, 8)):
                whole += lines_of(process).readline() == "whole\n"
            if chance.random() < 0.5:
                time.sleep(chance.random() / 200)
            process.send_signal(signal.SIGKILL)
        with database.reading(EVERYTHING) as session:
            left, right = (
                session.scalar(select(func.count()).select_from(Venue).where(Venue.name.endswith(side)))
                for side in ("left", "right")
            )
        # What was acknowledged is there; what the kill interrupted is there as a pair or not at all.
        assert left == right
        assert left is not None
        assert left >= whole
    with database.writing(EVERYTHING) as session:
        a_venue(session, session.scalars(select(Station)).one())
    if database.embedded:
        with database.engine.connect() as connection:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    assert whole > 0


def test_a_killed_writer_leaves_the_old_state(database: Database, tmp_path: Path) -> None:
    kill_in_the_middle(database, tmp_path, rounds=3)


@pytest.mark.verify
def test_many_killed_writers_leave_the_old_state(database: Database, tmp_path: Path) -> None:
    kill_in_the_middle(database, tmp_path, rounds=60)


def test_a_writer_that_dies_at_the_gate_lets_the_next_one_through(sqlite_database: Database, tmp_path: Path) -> None:
    with sqlite_database.writing(EVERYTHING) as session:
        a_station(session)
    hold = "import time\nfrom core.domain.actor import EVERYTHING\nwith database.writing(EVERYTHING) as session:\n"
    hold += '    print("inside", flush=True)\n    time.sleep(600)\n'
    with program(sqlite_database, tmp_path, hold, "") as process:
        assert lines_of(process).readline() == "inside\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
        with sqlite_database.writing(EVERYTHING) as session:
            a_station(session)


def test_an_error_takes_everything_back_with_its_audit(database: Database, clock: FixedClock) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        note(session, station, clock, "before")

    def fail() -> None:
        with database.writing(EVERYTHING) as session:
            row = session.get_one(Station, station.id)
            row.name = "changed"
            a_venue(session, row)
            note(session, row, clock, "lost")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail()
    with database.reading(EVERYTHING) as session:
        assert session.get_one(Station, station.id).name == station.name
        assert session.scalars(select(Venue)).all() == []
        assert session.scalars(select(AuditEntry.action)).all() == ["before"]
        assert verify_chain(session, station.id) is None


def note(session: object, station: Station, clock: FixedClock, action: str) -> None:
    record(
        session,  # type: ignore[arg-type]
        SYSTEM,
        clock,
        station_id=station.id,
        action=action,
        subject_kind="test",
        subject_id=None,
        detail={},
    )


def test_reading_sees_one_moment(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        a_station(session)
    count = select(func.count()).select_from(Station)
    with database.reading(EVERYTHING) as reader:
        assert reader.scalar(count) == 1
        with database.writing(EVERYTHING) as session:
            a_station(session)
        assert reader.scalar(count) == 1
    with database.reading(EVERYTHING) as reader:
        assert reader.scalar(count) == 2


def test_what_a_reading_session_changes_is_dropped(database: Database) -> None:
    with database.reading(EVERYTHING) as session:
        a_station(session)
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count()).select_from(Station)) == 0


def test_a_writer_takes_its_turn_before_it_reads(sqlite_database: Database) -> None:
    begun: list[str] = []

    @event.listens_for(sqlite_database.engine, "before_cursor_execute")
    def _listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        begun.append(statement)

    with sqlite_database.writing(EVERYTHING) as session:
        session.scalars(select(Station)).all()
    with sqlite_database.reading(EVERYTHING) as session:
        session.scalars(select(Station)).all()
    assert [statement for statement in begun if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN DEFERRED"]


def test_a_commit_survives_a_power_cut_and_leaves_no_temporary_files(sqlite_database: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "temp_store": 2, "secure_delete": 1}
    with sqlite_database.engine.connect() as connection:
        assert {name: connection.scalar(text(f"PRAGMA {name}")) for name in wanted} == wanted


def test_a_connection_keeps_few_pages_since_there_are_many_connections(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA cache_size")) == -512


def test_the_gate_is_private_and_opens_after_an_error(tmp_path: Path) -> None:
    gate = WriteGate(tmp_path / "gate")

    def fail() -> None:
        with gate.passing():
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail()
    with gate.passing():
        assert (tmp_path / "gate").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("version", "safe"), [((3, 51, 2), False), ((3, 45, 1), False), ((3, 51, 3), True)])
def test_a_database_library_that_can_lose_data_is_refused(version: tuple[int, ...], safe: bool) -> None:  # noqa: FBT001
    if safe:
        require_safe_sqlite(version)
    else:
        with pytest.raises(UnsafeDatabaseError, match="lose data"):
            require_safe_sqlite(version)


def test_the_vault_goes_with_the_session(database: Database, vault: Vault) -> None:
    with database.reading(EVERYTHING) as session:
        assert session.info["vault"] is vault
