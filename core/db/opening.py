"""Which sensitive fields a session may open: those that somebody has leave for, noted, and those of named paths.

A sensitive column stays shut whoever asks it for its text, until `open_fields` was called for the child and the field
(by the services that write the audit entry in the same transaction) or the session is inside `reading(…)` of one of the
machine's own paths. What a transaction has written itself it may read.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.domain.vocabulary import SensitiveField

_OPENED: Final = "opened_fields"
_PATH: Final = "machine_path"


class MachinePath(StrEnum):
    """Work of the machine that opens sensitive fields; a test holds each to the places that use it."""

    #: Compares what a workbook says with what is stored.
    WORKBOOK = "workbook"
    #: Changes and merges files: what the person can't see is kept, and phones go into the sealed digest.
    FILES = "files"
    #: Counts the day by which a child is to be visited, from its categories.
    REVIEW = "review"
    #: Makes the copy that a guardian has a right to; what it shows stands in the audit entry beside it.
    COPY = "copy"
    #: Tells at the door who may pick a child up: names and relations, with an audit entry (decision note 30).
    DOOR = "door"


class FieldClosedError(RuntimeError):
    """A sensitive field was asked for its text where nobody has noted the reading: a mistake in the program."""

    def __init__(self, field: SensitiveField) -> None:
        super().__init__(f"The sensitive field {field} is closed here: read it by core.services.grants.")


def open_fields(session: Session, child_id: UUID, fields: Collection[SensitiveField]) -> None:
    """Let the session open these fields of a child until it ends; whoever calls this notes the reading beside it."""
    opened: set[tuple[UUID, SensitiveField]] = session.info.setdefault(_OPENED, set())
    opened.update((child_id, field) for field in fields)


@contextmanager
def reading(session: Session, path: MachinePath) -> Iterator[None]:
    """Let the session open all sensitive fields within the block, for work of the machine's own."""
    before = session.info.get(_PATH)
    session.info[_PATH] = path
    try:
        yield
    finally:
        session.info[_PATH] = before


def require_open(session: Session | None, child_id: UUID, field: SensitiveField) -> None:
    """Raise FieldClosedError unless the session may open this field of the child; no session may nothing."""
    known = {} if session is None else session.info
    if known.get(_PATH) is None and (child_id, field) not in known.get(_OPENED, ()):
        raise FieldClosedError(field)
