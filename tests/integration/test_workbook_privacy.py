"""Nothing of a child reaches a disk in the open, and a crash leaves no row without its audit entry."""

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Child, Station
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import FixedClock
from core.domain.id_numbers import demo_id_number
from core.domain.phones import demo_phone
from core.hooks.manager import load_hooks
from core.security.keys import write_keys
from core.services.audit import verify_chain
from core.services.workbook.errors import InvalidWorkbookError
from core.services.workbook.importing import import_workbook
from core.services.workbook.store.shelves import SHELVES
from tests.integration.workbook_content import BORN, a_child, a_station, workbook

NAME, ADDRESS, HEALTH, GUARDIAN = "例童金丝雀", "金丝雀路七号", "金丝雀过敏", "样亲金丝雀"
PHONE = demo_phone(77_777_777)
MORE = {
    "school": "金丝雀小学",
    "ethnicity": "金丝雀族",
    "registered_address": "金丝雀路八号",
    "diet": "不吃金丝雀",
    "emergency_name": "样姑金丝雀",
    "emergency_relation": "金丝雀姑姑",
    "emergency_phone": demo_phone(77_777_778),
}
CANARIES = (
    *(NAME, ADDRESS, HEALTH, GUARDIAN, PHONE, demo_id_number(BORN, 777), BORN.isoformat(), "left_behind"),
    *MORE.values(),
)


def with_canaries() -> bytes:
    content = a_station(
        children=(a_child(name=NAME, address=ADDRESS, health=HEALTH, id_number=demo_id_number(BORN, 777), **MORE),)
    )
    return workbook(replace(content, guardians=(replace(content.guardians[0], name=GUARDIAN, phone=PHONE),)))


def found_in(folder: Path) -> list[tuple[str, str]]:
    """Return which canaries stand in which files below the folder, in the encodings that databases use."""
    return [
        (path.name, canary)
        for path in folder.rglob("*")
        if path.is_file()
        for content in [path.read_bytes()]
        for canary in CANARIES
        if any(canary.encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "gb18030"))
    ]


def test_no_file_holds_anything_of_a_child_while_and_after_a_workbook_is_imported(
    sqlite_database: Database, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    data = with_canaries()
    looks = []

    @event.listens_for(sqlite_database.engine, "after_cursor_execute")
    def look(*_: object) -> None:
        looks.append(found_in(tmp_path))

    with sqlite_database.writing(EVERYTHING) as session:
        import_workbook(session, SYSTEM, clock, load_hooks(), data, demo=True)
    looks.append(found_in(tmp_path))
    assert len(looks) > 30
    assert not any(looks)
    assert not any(temporary.iterdir())
    assert (tmp_path / "weibao.db-wal").stat().st_size > 0


def test_the_canaries_would_be_found(tmp_path: Path) -> None:
    for number, canary in enumerate(CANARIES):
        (tmp_path / str(number)).write_text(canary, encoding="utf-8")
    assert {canary for _, canary in found_in(tmp_path)} == set(CANARIES)


def test_a_refused_workbook_says_nothing_of_a_child(database: Database, clock: FixedClock) -> None:
    content = a_station(children=(a_child(name=NAME), a_child(name=NAME, number="C2", health=HEALTH)))
    with pytest.raises(InvalidWorkbookError) as refused, database.writing(EVERYTHING) as session:
        import_workbook(session, SYSTEM, clock, load_hooks(), workbook(content), demo=True)
    said = repr(refused.value.errors) + str(refused.value)
    assert refused.value.errors
    assert not any(canary in said for canary in (*CANARIES, demo_id_number(BORN, 11)))


class PowerCutError(BaseException):
    """The machine stops here."""


def rows_without_an_entry(database: Database) -> bool:
    """Tell whether something was stored of which the audit log doesn't know; the chain itself must be whole."""
    with database.reading(EVERYTHING) as session:
        stations = list(session.scalars(select(Station.id)))
        assert all(verify_chain(session, station) is None for station in stations)
        entries = session.scalar(select(func.count()).select_from(AuditEntry))
        children = session.scalar(select(func.count()).select_from(Child))
    return bool(stations or children) and not entries


def test_wherever_an_import_is_cut_off_nothing_of_it_is_left(database: Database, clock: FixedClock) -> None:
    data = with_canaries()
    flushes = 0

    def cut_at(last: int) -> None:
        with database.writing(EVERYTHING) as session:

            @event.listens_for(session, "after_flush")
            def cut(_session: Session, _context: object) -> None:
                nonlocal flushes
                flushes += 1
                if flushes == last:
                    raise PowerCutError

            import_workbook(session, SYSTEM, clock, load_hooks(), data, demo=True)

    cuts = 0
    while True:
        flushes, cuts = 0, cuts + 1
        try:
            cut_at(cuts)
        except PowerCutError:
            with database.reading(EVERYTHING) as session:
                for shelf in SHELVES:
                    assert session.scalar(select(func.count()).select_from(shelf.model)) == 0, shelf.sheet
                assert session.scalar(select(func.count()).select_from(Station)) == 0
        else:
            break
    assert cuts > 10
    assert not rows_without_an_entry(database)


_DYING = """
import os, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.orm import Session
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import SystemClock
from core.security.keys import read_keys
from core.security.vault import Vault
from core.hooks.manager import load_hooks
from core.services.workbook.importing import import_workbook

url, keys, moment = sys.argv[1:]
database = Database(url, Vault(read_keys(Path(keys))))
event.listen(Session, moment, lambda *_: os._exit(9))
with database.writing(EVERYTHING) as session:
    import_workbook(session, SYSTEM, SystemClock(), load_hooks(), sys.stdin.buffer.read(), demo=True)
"""


@pytest.mark.parametrize(("moment", "stored"), [("before_commit", 0), ("after_commit", 1)])
def test_a_process_that_dies_leaves_rows_and_entry_or_neither(
    sqlite_database: Database, tmp_path: Path, moment: str, stored: int
) -> None:
    keys = tmp_path / "keys.json"
    write_keys(keys, sqlite_database.vault._keys)
    arguments = [sys.executable, "-c", _DYING, f"sqlite:///{tmp_path}/weibao.db", str(keys), moment]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    died = subprocess.run(arguments, input=with_canaries(), capture_output=True, check=False, env=environment)
    assert died.returncode == 9, died.stderr.decode()
    with sqlite_database.reading(EVERYTHING) as session:
        for model in (Station, Child, AuditEntry):
            assert session.scalar(select(func.count()).select_from(model)) == stored
    assert not rows_without_an_entry(sqlite_database)
