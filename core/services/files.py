"""Keeping scans and proofs, handing them out and dropping them; each of it is audited, by ids alone."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Child, ChildFile, StoredFile
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError
from core.domain.vocabulary import ChildFileKind, SensitiveField
from core.files.judging import media_type_of
from core.security.permissions import require
from core.services.audit import record
from core.services.grants import read_fields

Row = TypeVar("Row", ChildFile, StoredFile)

NAME_LENGTH = 120
_KEEPERS = {ChildFileKind.EVIDENCE: Capability.KEEP_CHILDREN, ChildFileKind.CONSENT: Capability.KEEP_CONSENTS}


def keep_child_file(
    session: Session, actor: Actor, clock: Clock, child: Child, kind: ChildFileKind, name: str, content: bytes
) -> ChildFile:
    """Keep a file about a child and return it.

    Raises InvalidInputError for what is no PDF, JPEG or PNG of 5 MB at most, or could hurt whoever opens it, and
    NotAllowedError for whoever doesn't keep such files.
    """
    require(actor, _KEEPERS[kind])
    row = ChildFile(
        station_id=child.station_id,
        child_id=child.id,
        kind=kind,
        name=_short(name),
        media_type=media_type_of(content),
        content=content,
        kept_at=clock.now(),
        kept_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    _record(session, actor, clock, row, "file.kept")
    return row


def read_child_file(session: Session, actor: Actor, clock: Clock, file_id: UUID) -> tuple[ChildFile, bytes]:
    """Return a file about a child with its content, and note the reading; NotAllowedError without leave to read it."""
    row = _found(session, ChildFile, file_id)
    child = session.get_one(Child, row.child_id)
    read_fields(session, actor, clock, child, {SensitiveField.EVIDENCE})
    _record(session, actor, clock, row, "file.read")
    return row, row.content


def drop_child_file(session: Session, actor: Actor, clock: Clock, file_id: UUID) -> None:
    """Drop a file about a child."""
    row = _found(session, ChildFile, file_id)
    require(actor, _KEEPERS[row.kind])
    _record(session, actor, clock, row, "file.dropped")
    session.delete(row)
    session.flush()


def keep_file(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    station_id: UUID,
    subject_kind: str,
    subject_id: UUID,
    name: str,
    content: bytes,
) -> StoredFile:
    """Keep a file about somebody or something else than a child, and return it; raises what `keep_child_file` does."""
    require(actor, Capability.KEEP_VOLUNTEERS)
    row = StoredFile(
        station_id=station_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        name=_short(name),
        media_type=media_type_of(content),
        content=content,
        kept_at=clock.now(),
        kept_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    _record(session, actor, clock, row, "file.kept")
    return row


def read_file(session: Session, actor: Actor, clock: Clock, file_id: UUID) -> tuple[StoredFile, bytes]:
    """Return a file with its content, and note the reading."""
    require(actor, Capability.SEE_VOLUNTEERS)
    row = _found(session, StoredFile, file_id)
    _record(session, actor, clock, row, "file.read")
    return row, row.content


def drop_file(session: Session, actor: Actor, clock: Clock, file_id: UUID) -> None:
    """Drop a file."""
    require(actor, Capability.KEEP_VOLUNTEERS)
    row = _found(session, StoredFile, file_id)
    _record(session, actor, clock, row, "file.dropped")
    session.delete(row)
    session.flush()


def _short(name: str) -> str:
    """Return the file's own name without folders, its end kept where it is too long."""
    return name.replace("\\", "/").rpartition("/")[2].strip()[-NAME_LENGTH:] or "-"


def _found(session: Session, kind: type[Row], file_id: UUID) -> Row:
    row = session.get(kind, file_id)
    if row is None:
        raise NotFoundError(Message("There is no such file."))
    return row


def _record(session: Session, actor: Actor, clock: Clock, row: ChildFile | StoredFile, action: str) -> None:
    about = ("child", row.child_id) if isinstance(row, ChildFile) else (row.subject_kind, row.subject_id)
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind=about[0],
        subject_id=about[1],
        detail={"file": str(row.id)},
    )
