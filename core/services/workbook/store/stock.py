"""What the database holds of the things that a workbook speaks of, within the session's scope."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.db.base import Base
from core.db.models import Station
from core.db.scope import scope_of
from core.services.workbook.references import Known
from core.services.workbook.store.shelf import Shelf
from core.services.workbook.store.shelves import SHELVES


class Stock:
    """Rows by their natural keys, and by the names that other rows use.

    Of `shelves` alone, where not all are asked for: what stands on the others counts as not there.

    A name that two rows bear, in two stations, means neither: a workbook that means one of them has a row for it.
    """

    def __init__(
        self, session: Session, *, now: datetime, today: date, by: UUID | None, shelves: Sequence[Shelf] = SHELVES
    ) -> None:
        self.session = session
        self.now = now
        self.today = today
        self.by = by
        self._rows: dict[str, dict[tuple[Any, ...], Any]] = {shelf.sheet: {} for shelf in SHELVES}
        stations = list(session.scalars(select(Station)))
        self._names: dict[str, dict[str, Any]] = {"stations": _unambiguous((row.name, row) for row in stations)}
        self._rows["stations"] = {(row.name, row.parent_id): row for row in stations}
        for shelf in shelves:
            eager = [selectinload(getattr(shelf.model, name)) for name in shelf.eager]
            rows = list(session.scalars(select(shelf.model).options(*eager)))
            self._rows[shelf.sheet] = {key_of(shelf, row): row for row in rows}
            if shelf.name is not None:
                self._names[shelf.sheet] = _unambiguous((shelf.name(row), row) for row in rows)

    def known(self) -> Known:
        """Return all names that a workbook may refer to without a row of its own."""
        return self._names

    def writable(self, station_id: UUID | None) -> bool:
        """Tell whether the session may write rows of the station; None is above all stations."""
        scope = scope_of(self.session)
        return scope.everything or station_id in scope.stations

    def rows(self, sheet: str) -> Mapping[tuple[Any, ...], Any]:
        """Return the stored rows of a sheet by their keys."""
        return self._rows[sheet]

    def named(self, sheet: str, name: str) -> Any:
        """Return the stored row that a name means; raise KeyError where none does."""
        return self._names[sheet][name]

    def named_id(self, sheet: str, name: str | None) -> UUID | None:
        """Return the id of the row that a name means, None for no name."""
        found: UUID | None = None if name is None else self._names[sheet][name].id
        return found

    def station(self, name: str | None) -> Station | None:
        """Return the station that a name means, None where it means none or several."""
        return self._names["stations"].get(name or "")

    def put(self, shelf: Shelf, row: Base, name: str | None) -> None:
        """Remember a row that the workbook has: from now on its name means this row."""
        self._rows[shelf.sheet][key_of(shelf, row)] = row
        if name is not None:
            self._names[shelf.sheet][name] = row

    def put_stations(self, stations: Mapping[str, Station]) -> None:
        """Remember the stations that the workbook has, by name."""
        self._names["stations"].update(stations)


def key_of(shelf: Shelf, row: Base) -> tuple[Any, ...]:
    """Return the natural key of a stored row."""
    return tuple(getattr(row, name) for name in shelf.key)


def _unambiguous(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    twice: set[str] = set()
    for name, row in pairs:
        if found.setdefault(name, row) is not row:
            twice.add(name)
    return {name: row for name, row in found.items() if name not in twice}
