"""No protected field stands anywhere on a disk in the open: not in the database, its log, a backup, or a dump."""

import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect, make_url, select

from core.db.migrate import upgrade
from core.db.models import Station
from core.db.opening import MachinePath, reading
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.clock import FixedClock
from core.hooks.manager import load_hooks
from core.security.keys import write_keys
from core.security.vault import Vault
from core.services.backups import make_backup
from core.services.key_rotation import rotate, sealed_columns
from core.testing import TEST_MOMENT
from tests.canaries import CONTROL, STEM, forms_of, plant, protected_fields, traces
from tests.integration.builders import a_volunteer, an_installation
from tests.integration.postgresql import Server

CLOCK = FixedClock(TEST_MOMENT)


def planted(database: Database) -> None:
    """Put a canary in every protected field, and the control in a plain column."""
    for history in load_hooks().histories:
        upgrade(database.engine, history)
    fields = protected_fields(database)
    with database.writing(EVERYTHING) as session:
        an_installation(session)
        plant(session, fields, shaped={})
        a_volunteer(session, session.scalars(select(Station)).first(), name=CONTROL)


def read_back(database: Database) -> Iterator[str]:
    """Yield the text of every protected field of every row."""
    with database.reading(EVERYTHING) as session, reading(session, MachinePath.WORKBOOK):
        for field in protected_fields(database):
            for row in session.scalars(select(field.model)):
                yield getattr(row, field.attribute) or ""


def files_with(folder: Path, text: str) -> set[str]:
    """Return the names of the files below the folder in which the text stands in any form, archives opened."""
    return {
        path.name for path in folder.rglob("*") if path.is_file() and any(traces(part, text) for part in _parts(path))
    }


def _parts(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
    if path.suffix == ".backup":
        with tarfile.open(path) as archive:
            for member in archive:
                part = archive.extractfile(member)
                assert part is not None
                yield part.read()


def test_every_form_of_a_canary_would_be_found() -> None:
    forms = forms_of(f"{STEM}042")
    assert len(forms) == 12
    for form, content in forms.items():
        assert form in traces(b"before" + content + b"after")
    assert traces("前后".encode()) == []


@pytest.mark.parametrize("shift", range(3))
def test_a_canary_within_something_in_base64_would_be_found(shift: int) -> None:
    assert traces(b64encode(b"." * shift + f"{STEM}7 and more".encode()))


def test_every_sealed_column_has_a_canary(sqlite_database: Database) -> None:
    planted(sqlite_database)
    tables = set(inspect(sqlite_database.engine).get_table_names())
    columns = [column for column in sealed_columns() if column.table.name in tables]
    assert len(protected_fields(sqlite_database)) == len(columns) > 10
    assert sum(text.startswith(STEM) for text in read_back(sqlite_database)) >= len(columns)


def test_no_file_of_the_installation_holds_a_canary(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    planted(sqlite_database)
    make_backup(sqlite_database, CLOCK, tmp_path / "one.backup")
    logged = tmp_path / "weibao.db-wal"
    assert logged.stat().st_size > 0
    assert files_with(tmp_path, STEM) == set()
    assert files_with(tmp_path, CONTROL) == {"weibao.db-wal", "one.backup"}


def test_another_key_leaves_no_canary_behind(sqlite_database: Database, tmp_path: Path) -> None:
    planted(sqlite_database)
    write_keys(tmp_path / "keys.json", sqlite_database.vault._keys)
    kept = Database(f"sqlite:///{tmp_path / 'weibao.db'}", Vault.of_file(tmp_path / "keys.json"))
    assert rotate(kept, tmp_path / "keys.json", lambda _done, _total: None) > 10
    kept.dispose()
    assert files_with(tmp_path, STEM) == set()


@pytest.mark.postgresql
def test_no_table_of_postgresql_holds_a_canary(postgresql_database: Database, postgresql: Server) -> None:
    planted(postgresql_database)
    found, rows = {STEM: 0, CONTROL: 0}, 0
    for content in _dumped(postgresql_database, postgresql.url):
        rows += bool(content)
        for text in found:
            found[text] += bool(traces(content, text))
    assert found == {STEM: 0, CONTROL: 2}
    assert rows > 20


def _dumped(database: Database, server: str) -> Iterator[bytes]:
    """Yield every table, as text and as the binary form, read by a role that no wall stops."""
    url = make_url(server).set(database=database.engine.url.database).render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        for table in inspect(database.engine).get_table_names():
            for form in ("text", "binary"):
                with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT {form})") as copy:
                    yield b"".join(map(bytes, copy))


@pytest.mark.verify
@pytest.mark.postgresql
def test_no_file_of_postgresql_holds_a_canary(postgresql_database: Database, postgresql: Server) -> None:
    planted(postgresql_database)
    with psycopg.connect(postgresql.url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        where = connection.execute("SHOW data_directory").fetchone()
    assert where is not None
    assert files_with(Path(where[0]), CONTROL)
    assert files_with(Path(where[0]), STEM) == set()
