"""What is to be done about consents: whom to ask, whom to ask again, which papers to scan; a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy.orm import Session

from core.db.models import Child, Consent
from core.db.queries import consents as queries

#: What ends within this is asked for again.
SOON: Final = timedelta(days=30)
PAGE_SIZE: Final = 50


class ToDo(StrEnum):
    """What is to be done."""

    #: Neither consent nor duty lets the station keep the child's data.
    BASIS = "basis"
    #: A consent ends soon, and no other outlasts it.
    ENDING = "ending"
    #: The text has changed, and nobody has agreed to the one in force.
    TEXT = "text"
    #: It was given by signature, and the paper isn't scanned.
    SCAN = "scan"


@dataclass(frozen=True)
class Line:
    """A child, and the consent that the line is about, where it is about one."""

    child: Child
    consent: Consent | None


@dataclass(frozen=True)
class Listed:
    """A page of one list; pages count from 1."""

    lines: tuple[Line, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def listed(session: Session, to_do: ToDo, today: date, page: int = 1) -> Listed:
    """Return a page of a list; a page beyond the last is the last."""
    query = _queries(today)[to_do]
    total = _count(session, query)
    shown = min(max(1, page), Listed((), total, 1).pages)
    rows = session.execute(query.limit(PAGE_SIZE).offset((shown - 1) * PAGE_SIZE))
    return Listed(tuple(_line(tuple(row)) for row in rows), total, shown)


def counts(session: Session, today: date) -> Mapping[ToDo, int]:
    """Return how long each list is."""
    return {to_do: _count(session, query) for to_do, query in _queries(today).items()}


def _queries(today: date) -> Mapping[ToDo, Select[*tuple[Any, ...]]]:
    return {
        ToDo.BASIS: queries.without_basis(today),
        ToDo.ENDING: queries.ending(today, today + SOON),
        ToDo.TEXT: queries.of_older_texts(today),
        ToDo.SCAN: queries.without_scan(today),
    }


def _count(session: Session, query: Select[*tuple[Any, ...]]) -> int:
    return session.scalar(queries.counted(query)) or 0


def _line(row: tuple[Any, ...]) -> Line:
    *consent, child = row
    return Line(child, consent[0] if consent else None)
