"""Finds where a workbook clashes with what is stored, before anything is written.

What lies outside the actor's stations is never shown: a clash with it says only that the row can't be taken here.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.db.models import Activity, Child, Station, Volunteer
from core.db.scope import beyond_the_wall
from core.db.session import vault_of
from core.domain.errors import Message
from core.services.children.duplicates import id_number_index
from core.services.workbook.content import ChildRow, Row, StationRow, VolunteerRow, WorkbookContent
from core.services.workbook.errors import WorkbookError
from core.services.workbook.sheets import BY_ATTRIBUTE, SHEETS
from core.services.workbook.sheets.children import document_of
from core.services.workbook.store.acceptance import unfounded
from core.services.workbook.store.stations import differs, find_station, from_the_top, station_values
from core.services.workbook.store.stock import Stock
from core.services.workbook.store.timetable import published_sessions
from core.services.workbook.store.volunteers import phone_index

_CHUNK = 500
_NOT_YOURS = Message("This station isn't yours to change: take the row out, or ask the county centre.")
_SLUG_TAKEN = Message("This short name can't be used: choose another.")
_NUMBER_TAKEN = Message("This number belongs to somebody else already: give this person another number.")
_CHILD_ELSEWHERE = Message("This child can't be added at this station: ask the county centre.")
_CHILD_TWICE = Message("This child has a file under another number already: use that number.")
_VOLUNTEER_TWICE = Message("This volunteer is on file under another number already: use that number.")


def find_conflicts(stock: Stock, content: WorkbookContent) -> Iterator[WorkbookError]:
    """Yield an error for each row that what is stored doesn't allow."""
    stations = _Stations(stock, content)
    yield from stations.conflicts()
    for sheet in SHEETS:
        if any(column.attribute == "station" for column in sheet.columns):
            for row in getattr(content, sheet.attribute):
                if not stations.writable(row.station):
                    yield _error(sheet.attribute, row, "station", _NOT_YOURS)
    yield from _children(stock, content.children, stations)
    yield from _volunteers(stock, content.volunteers, stations)
    yield from unfounded(stock, content, stations.id_of)
    yield from _fewer_sessions(stock, content)


class _Stations:
    """The stations that the workbook's names mean, and whether the actor may write them."""

    def __init__(self, stock: Stock, content: WorkbookContent) -> None:
        self._stock = stock
        self._absent = frozenset(name for sheet, name in content.absent if sheet == "stations")
        self._rows = from_the_top(content.stations)
        self._stored: dict[str, Station | None] = {}
        self._writable: dict[str, bool] = {}
        for row in self._rows:
            self._stored[row.name] = find_station(stock, row, self._meant(row.parent))
            self._writable[row.name] = self._may_write(row)

    def _meant(self, name: str | None) -> Station | None:
        return self._stored[name] if name in self._stored else self._stock.station(name)

    def _may_write(self, row: StationRow) -> bool:
        station = self._stored[row.name]
        if station is not None:
            return self._stock.writable(station.id)
        return self._stock.writable(None) if row.parent is None else self.writable(row.parent)

    def id_of(self, name: str) -> UUID | None:
        """Return the id of the station that a name means, None for one still to be founded."""
        station = self._meant(name)
        return station.id if station else None

    def writable(self, name: str) -> bool:
        """Tell whether the station is the actor's, or will be once it is founded."""
        if name in self._writable:
            return self._writable[name]
        station = self._stock.station(name)
        # A name that means nothing is a broken reference, of which the person is told anyway.
        return station is None or self._stock.writable(station.id)

    def conflicts(self) -> Iterator[WorkbookError]:
        """Yield an error for each row of a station that the actor may not write, or whose short name is taken."""
        taken = _taken(self._stock.session, Station.slug, {row.slug for row in self._rows})
        for row in self._rows:
            station = self._stored[row.name]
            if not self.writable(row.name) and (station is None or self._changes(station, row)):
                yield _error("stations", row, "name", _NOT_YOURS)
            elif row.slug in taken and (station is None or station.slug != row.slug):
                yield _error("stations", row, "slug", _SLUG_TAKEN)

    def _changes(self, station: Station, row: StationRow) -> bool:
        return differs(station, station_values(row, self._meant(row.parent), self._absent))


def _children(stock: Stock, rows: Collection[ChildRow], stations: _Stations) -> Iterator[WorkbookError]:
    vault = vault_of(stock.session)
    indexes = {row.line: id_number_index(vault, document_of(row), row.id_number) for row in rows}
    taken = _taken(stock.session, Child.id_number_index, {index for index in indexes.values() if index})
    by_index = {child.id_number_index: child for child in stock.rows("children").values() if child.id_number_index}
    for row in rows:
        index = indexes[row.line]
        same_number: Child | None = stock.rows("children").get((stations.id_of(row.station), row.number))
        same_child = by_index.get(index) if index else None
        if index in taken and same_child is None:
            yield _error("children", row, "id_number", _CHILD_ELSEWHERE)
        elif same_child is not None and same_child is not same_number:
            yield _error("children", row, "number", _CHILD_TWICE)
        elif same_number is not None and same_child is None and same_number.name != row.name:
            yield _error("children", row, "number", _NUMBER_TAKEN)


def _volunteers(stock: Stock, rows: Collection[VolunteerRow], stations: _Stations) -> Iterator[WorkbookError]:
    by_phone = {(v.name, v.phone_index): v for v in stock.rows("volunteers").values() if v.phone_index is not None}
    for row in rows:
        same_number: Volunteer | None = stock.rows("volunteers").get((stations.id_of(row.station), row.number))
        same_person = by_phone.get((row.name, phone_index(stock, row.phone)))
        if same_person is not None and same_person is not same_number:
            yield _error("volunteers", row, "number", _VOLUNTEER_TWICE)
        elif same_number is not None and same_number.name != row.name and same_number.birth_date != row.birth_date:
            yield _error("volunteers", row, "number", _NUMBER_TAKEN)


def _fewer_sessions(stock: Stock, content: WorkbookContent) -> Iterator[WorkbookError]:
    terms = {term.name: term for term in stock.rows("terms").values()}
    for row in content.activities:
        term = terms.get(row.term)
        activity: Activity | None = stock.rows("activities").get((term.id, row.title)) if term else None
        if activity is not None and row.session_count < (kept := published_sessions(activity)):
            message = Message(
                "%(count)s sessions are published already: keep at least as many, and cancel those not wanted.",
                {"count": kept},
            )
            yield _error("activities", row, "session_count", message)


def _taken(session: Session, column: InstrumentedAttribute[Any], values: Collection[Any]) -> set[Any]:
    """Return those of the values that stand in a column anywhere, also where the session may not look.

    Columns that are unique for the whole installation need this; nothing but the values asked for comes back.
    """
    bare = column.property.columns[0]
    wanted = list(values)
    found: set[Any] = set()
    with beyond_the_wall(session) as connection:
        for start in range(0, len(wanted), _CHUNK):
            found.update(connection.scalars(select(bare).where(bare.in_(wanted[start : start + _CHUNK]))))
    return found


def _error(sheet: str, row: Row, attribute: str, message: Message) -> WorkbookError:
    form = BY_ATTRIBUTE[sheet]
    return WorkbookError(form.heading, row.line, form.column(attribute).heading, message)
