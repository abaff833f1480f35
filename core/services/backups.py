"""Backups of the embedded database: one file with a copy of one moment and what the copy must be, and putting it back.

The copy holds protected fields as they are stored, sealed; the key file is never part of it.
"""

import hashlib
import json
import os
import tarfile
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pysqlite3.dbapi2
from sqlalchemy import select

from core.db.gate import WriteGate
from core.db.models import Installation
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.clock import Clock
from core.domain.errors import ConflictError, DomainError, Message

_COPY: Final = "weibao.db"
_MANIFEST: Final = "manifest.json"
_CHUNK: Final = 2**20
_ONLY_EMBEDDED: Final = Message(
    "This installation is on PostgreSQL: make its backup with pg_dump, and put it back with pg_restore. "
    "What was erased meanwhile is erased again when the server starts."
)


class BackupError(DomainError):
    """A backup can't be made or put back."""

    code = "backup"


@dataclass(frozen=True)
class Manifest:
    """What a backup must be: of which installation, of when, the SHA-256 of its copy and its size in bytes."""

    installation: str
    made_at: str
    sha256: str
    size: int


def make_backup(database: Database, clock: Clock, target: Path) -> Manifest:
    """Write a backup of this moment to `target`, while the installation is in use.

    Raises ConflictError for a database that has tools of its own for this, and for a file that exists; BackupError
    where the copy turns out damaged.
    """
    _require_embedded(database)
    if target.exists():
        raise ConflictError(Message("%(path)s exists already: choose another name.", {"path": target}))
    with TemporaryDirectory(dir=target.absolute().parent, prefix=".backup-") as folder:
        copy = Path(folder) / _COPY
        _copy_of(database, copy)
        manifest = Manifest(_installation_in(copy), clock.now().isoformat(), _digest(copy), copy.stat().st_size)
        packed = Path(folder) / "packed"
        _pack(packed, copy, manifest)
        packed.rename(target)
        _sync(target.absolute().parent)
    return manifest


def put_back(source: Path, database_file: Path, *, installation: str | None) -> Manifest:
    """Put the copy of a backup in the place of the database, all of it or nothing; nothing may be served meanwhile.

    `installation` is the id of the one that is there, None where nothing is. Raises BackupError for a file that is no
    backup, is damaged, or belongs to another installation.
    """
    with TemporaryDirectory(dir=database_file.parent, prefix=".restore-") as folder:
        copy = Path(folder) / _COPY
        manifest = _unpack(source, copy)
        _require_sound(copy)
        if installation not in {None, manifest.installation}:
            raise BackupError(Message("This backup is of another installation: its fields could not be opened here."))
        with WriteGate(Path(f"{database_file}.gate")).passing():
            _require_unused(database_file)
            # What the old log holds belongs to the old file; without it the old file is whole, and then it is replaced.
            copy.replace(database_file)
            for companion in ("-wal", "-shm"):
                Path(f"{database_file}{companion}").unlink(missing_ok=True)
            _sync(database_file.parent)
    return manifest


def installation_of(database: Database) -> str:
    """Return the installation's id."""
    with database.reading(EVERYTHING) as session:
        return session.scalars(select(Installation.id)).one().hex


def file_of(database: Database) -> Path:
    """Return the embedded database's file; raise ConflictError for another one."""
    _require_embedded(database)
    return Path(str(database.engine.url.database))


def _require_embedded(database: Database) -> None:
    if not database.embedded:
        raise ConflictError(_ONLY_EMBEDDED)


def _copy_of(database: Database, copy: Path) -> None:
    source = pysqlite3.dbapi2.connect(str(file_of(database)))
    try:
        target = pysqlite3.dbapi2.connect(str(copy))
        try:
            source.backup(target, pages=-1)
            target.execute("PRAGMA journal_mode = DELETE")
        finally:
            target.close()
    finally:
        source.close()
    _require_sound(copy)


def _require_sound(copy: Path) -> None:
    connection = pysqlite3.dbapi2.connect(str(copy))
    try:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except pysqlite3.dbapi2.DatabaseError as error:
        raise BackupError(Message("The copy is damaged: nothing was changed.")) from error
    finally:
        connection.close()
    if found != "ok":
        raise BackupError(Message("The copy is damaged: nothing was changed."))


def _installation_in(copy: Path) -> str:
    connection = pysqlite3.dbapi2.connect(str(copy))
    try:
        found = connection.execute("SELECT id FROM installation").fetchone()
    finally:
        connection.close()
    if found is None:
        raise BackupError(Message("There is no installation in this database yet."))
    return str(found[0])


def _require_unused(database_file: Path) -> None:
    """Empty the old file's log into it; raise BackupError where somebody has it open."""
    if not database_file.exists():
        return
    connection = pysqlite3.dbapi2.connect(str(database_file), timeout=1)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.rollback()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except pysqlite3.dbapi2.OperationalError as error:
        raise BackupError(Message("The installation is in use: stop the server first.")) from error
    finally:
        connection.close()


def _pack(target: Path, copy: Path, manifest: Manifest) -> None:
    with target.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz") as archive:
            described = json.dumps(asdict(manifest), indent=1).encode()
            entry = tarfile.TarInfo(_MANIFEST)
            entry.size = len(described)
            archive.addfile(entry, BytesIO(described))
            archive.add(copy, arcname=_COPY)
        file.flush()
        os.fsync(file.fileno())


def _unpack(source: Path, copy: Path) -> Manifest:
    """Write the archive's copy to a file, and return the manifest that it was found to fulfil."""
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            manifest = _manifest_of(archive)
            _write_copy(archive, copy)
    except (tarfile.TarError, KeyError, ValueError, TypeError, EOFError, OSError) as error:
        raise BackupError(
            Message("%(path)s is no backup that can be read: nothing was changed.", {"path": source})
        ) from error
    if (copy.stat().st_size, _digest(copy)) != (manifest.size, manifest.sha256):
        raise BackupError(Message("The backup %(path)s is damaged: nothing was changed.", {"path": source}))
    return manifest


def _write_copy(archive: tarfile.TarFile, copy: Path) -> None:
    content = archive.extractfile(_COPY)
    if content is None:
        raise KeyError(_COPY)
    with copy.open("wb") as file:
        while chunk := content.read(_CHUNK):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _manifest_of(archive: tarfile.TarFile) -> Manifest:
    found = archive.extractfile(_MANIFEST)
    said: dict[str, Any] = json.loads(found.read() if found else b"")
    manifest = Manifest(**said)
    datetime.fromisoformat(manifest.made_at)
    return manifest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
