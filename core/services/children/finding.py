"""The list of children: filtered, searched and paged, though the files are sealed.

Where nothing is looked for the database pages by itself and fifty digests are opened. A search opens the digest of each
file in the actor's reach, one piece a row and no objects, and forgets them with the request.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, Station
from core.db.queries import children as queries
from core.db.sealed import Sealed
from core.db.session import vault_of
from core.domain.child_file import Grade, IdDocument, grade_now
from core.services.children.digest import Digest, Fields, Looked, digest_of, read
from core.services.children.duplicates import id_number_index

PAGE_SIZE: Final = 50
#: No file's number and no phone is as long as a number of a document may be.
_SHORTEST_DOCUMENT: Final = 4
#: Rows that are in memory at once. Many that live together set Python's garbage collector going through the whole
#: process, which takes three times as long as the search itself.
_AT_ONCE: Final = 50


@dataclass(frozen=True)
class Wanted:
    """What a list is to show; `looked_for` is a name, its pinyin, a file's number, an ID number or a phone."""

    looked_for: str = field(default="", repr=False)
    group: UUID | None = None
    station: UUID | None = None
    grade: Grade | None = None
    left: bool = False
    page: int = 1


@dataclass(frozen=True)
class Line:
    """A child in the list."""

    child_id: UUID
    number: str
    station: str
    digest: Digest = field(repr=False)
    grade: Grade | None = field(repr=False)
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """A page of the list; pages count from 1."""

    lines: tuple[Line, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


Row = tuple[UUID, UUID, str, Sealed | None]


def find_children(session: Session, wanted: Wanted, *, school_year: int) -> Found:
    """Return a page of the files in reach that fit; a page beyond the last is the last."""
    query = queries.files(group=wanted.group, station=wanted.station, left=wanted.left)
    looked = Looked.of(wanted.looked_for)
    if not looked.word and wanted.grade is None:
        total = session.scalar(queries.counted(query)) or 0
        page = _page(wanted.page, total)
        some = queries.with_digests(query).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
        return Found(_lines(session, _opened(session, session.execute(some).all()), school_year), total, page)
    by_document = _with_document(session, looked.word)
    if by_document:
        query = queries.files(group=wanted.group, station=wanted.station, left=wanted.left, among=by_document)
    rows = session.execute(queries.with_digests(query), execution_options={"yield_per": _AT_ONCE})
    fitting = [
        (row, fields)
        for row, fields in _opened(session, rows, "" if by_document else looked.word)
        if (row[0] in by_document or looked.fits(row[2], fields)) and _is_in(fields, wanted.grade, school_year)
    ]
    page = _page(wanted.page, len(fitting))
    return Found(_lines(session, fitting[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], school_year), len(fitting), page)


def _page(asked: int, total: int) -> int:
    return min(max(1, asked), max(1, -(-total // PAGE_SIZE)))


def _is_in(fields: Fields, grade: Grade | None, school_year: int) -> bool:
    if grade is None:
        return True
    noted, noted_in = fields[4], fields[5]
    return bool(noted) and grade_now(Grade(str(noted)), int(noted_in) if noted_in else None, school_year) is grade


def _with_document(session: Session, word: str) -> frozenset[UUID]:
    """Return the files whose document has the number that was typed, of whichever kind it is."""
    if len(word) < _SHORTEST_DOCUMENT:
        return frozenset()
    vault, number = vault_of(session), word.upper()
    indexes = [id_number_index(vault, kind, number) for kind in IdDocument]
    return frozenset(session.scalars(queries.with_document([index for index in indexes if index])))


def _opened(session: Session, rows: Iterable[Row], word: str = "") -> Iterator[tuple[Row, Fields]]:
    """Yield each row with the fields of its digest; a file without one is looked at whole.

    Rows are left out in which the word stands nowhere, before their digest is taken apart.
    """
    for row in rows:
        if row[3] is not None:
            text = row[3].open(f"children|sealed_digest|{row[0].hex}")
            if word in row[2].casefold() or word in text.casefold():
                yield row, json.loads(text)
        else:
            yield row, digest_of(session, session.get_one(Child, row[0])).as_fields()


def _lines(session: Session, rows: Iterable[tuple[Row, Fields]], school_year: int) -> tuple[Line, ...]:
    shown = list(rows)
    groups: dict[UUID, list[str]] = {}
    for child_id, name in session.execute(queries.groups_of([row[0] for row, _ in shown])):
        groups.setdefault(child_id, []).append(name)
    stations = {row.id: row.name for row in session.execute(select(Station.id, Station.name))}
    return tuple(
        Line(
            child_id=row[0],
            number=row[2],
            station=stations[row[1]],
            digest=(digest := read(fields)),
            grade=digest.grade_in(school_year),
            groups=tuple(groups.get(row[0], ())),
        )
        for row, fields in shown
    )
