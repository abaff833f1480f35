"""Finding files that may be of the same child: by the number of a document, and by name and birth date."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child
from core.db.queries import children as queries
from core.db.scope import beyond_the_wall
from core.db.session import vault_of
from core.domain.child_file import IdDocument
from core.domain.errors import Message
from core.security.vault import Vault
from core.services.children.entry import ChildEntry, FieldError

_TWICE: Final = Message("A file with this document number is there already: open it instead of making another.")
_ELSEWHERE: Final = Message("This child can't be added at this station: ask the county centre.")
_NUMBER_TAKEN: Final = Message("Another file of the station has this number: choose another.")


@dataclass(frozen=True)
class Likeness:
    """A stored file that may be of the same child, and whether the document's number says so or only name and birth."""

    child_id: UUID
    number: str
    station_id: UUID
    name: str = field(repr=False)
    same_document: bool


def id_number_index(vault: Vault, document: IdDocument | None, number: str | None) -> bytes | None:
    """Return by what a document is found; None where there is none. The resident ID card stands for itself."""
    if not number:
        return None
    kind = "" if document in {None, IdDocument.RESIDENT_ID} else f"{document}|"
    return vault.blind_index("children.id_number", f"{kind}{number}")


def name_birth_index(vault: Vault, name: str, born: str) -> bytes:
    """Return by what files of one name and birth date are found; `born` is a date in ISO form."""
    return vault.blind_index("children.name_birth", f"{''.join(name.split())}|{born}")


def likenesses(session: Session, entry: ChildEntry, *, but: UUID | None = None) -> list[Likeness]:
    """Return the files in reach that may be of the child that is entered, save one's own."""
    vault = vault_of(session)
    by_document = id_number_index(vault, entry.document, entry.id_number)
    by_name = name_birth_index(vault, entry.name, entry.birth_date.isoformat()) if entry.birth_date else None
    rows = session.scalars(queries.like(by_document, by_name))
    return [_likeness(row, by_document) for row in rows if row.id != but]


def likenesses_of(session: Session, child: Child) -> list[Likeness]:
    """Return the other files in reach that may be of the same child."""
    rows = session.scalars(queries.like(None, child.name_birth_index)) if child.name_birth_index else ()
    return [_likeness(row, None) for row in rows if row.id != child.id]


def refuse_taken(session: Session, station_id: UUID, entry: ChildEntry, *, but: Child | None) -> None:
    """Raise FieldError where another file has the document's number, or at the station the file's."""
    own = but.number if but is not None else None
    if entry.number != own and entry.number in numbers_at(session, station_id):
        raise FieldError("number", _NUMBER_TAKEN)
    index = id_number_index(vault_of(session), entry.document, entry.id_number)
    if index is None or (but is not None and but.id_number_index == index):
        return
    if session.scalars(select(Child.id).where(Child.id_number_index == index)).first() is not None:
        raise FieldError("id_number", _TWICE)
    if is_taken(session, index):
        raise FieldError("id_number", _ELSEWHERE)


def numbers_at(session: Session, station_id: UUID) -> frozenset[str]:
    """Return the numbers of all of a station's files, also of those that are sealed to the session."""
    column, station = Child.__table__.c.number, Child.__table__.c.station_id
    with beyond_the_wall(session) as connection:
        return frozenset(connection.scalars(select(column).where(station == station_id)))


def is_taken(session: Session, index: bytes) -> bool:
    """Tell whether a file anywhere, also out of reach, has a document of this index."""
    column = Child.__table__.c.id_number_index
    with beyond_the_wall(session) as connection:
        return connection.scalar(select(column).where(column == index)) is not None


def _likeness(row: Child, by_document: bytes | None) -> Likeness:
    same = by_document is not None and row.id_number_index == by_document
    return Likeness(row.id, row.number, row.station_id, row.name, same)
