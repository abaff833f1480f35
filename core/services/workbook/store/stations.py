"""Stores the stations of a workbook from the top down; whoever founds a station may write its rows from then on."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from core.db.models import Station
from core.db.scope import widen_scope
from core.services.workbook.content import StationRow
from core.services.workbook.store.ledger import Deed, Ledger
from core.services.workbook.store.stock import Stock


def from_the_top(rows: Sequence[StationRow]) -> list[StationRow]:
    """Return the rows with those above before those below."""
    parents = {row.name: row.parent for row in rows}

    def depth(row: StationRow) -> int:
        steps, at = 0, row.parent
        while at in parents and steps < len(parents):
            steps, at = steps + 1, parents[at]
        return steps

    return sorted(rows, key=depth)


def find_station(stock: Stock, row: StationRow, parent: Station | None) -> Station | None:
    """Return the stored station that a row means: by name and parent, or without a parent by name alone."""
    if row.parent is None:
        return stock.station(row.name)
    found: Station | None = stock.rows("stations").get((row.name, parent.id)) if parent else None
    return found


def station_values(row: StationRow, parent: Station | None, absent: frozenset[str]) -> dict[str, Any]:
    """Return what a row says of its station, but for columns left out; no parent says nothing of the parent."""
    values = {"name": row.name, "kind": row.kind, "slug": row.slug, "address": row.address, "phone": row.phone}
    values = {name: value for name, value in values.items() if name not in absent}
    return {**values, "parent_id": parent.id} if parent else values


def differs(station: Station, values: Mapping[str, Any]) -> bool:
    """Tell whether the station is not yet what the values say."""
    return any(getattr(station, name) != value for name, value in values.items())


def store_stations(
    session: Session, stock: Stock, rows: Sequence[StationRow], absent: frozenset[str], ledger: Ledger
) -> dict[str, Station]:
    """Add and change stations; return them by name. Afterwards the session's scope holds the new ones as well."""
    stations: dict[str, Station] = {}
    for row in from_the_top(rows):
        parent = stations.get(row.parent or "") or stock.station(row.parent)
        station = find_station(stock, row, parent)
        values = station_values(row, parent, absent)
        if station is None:
            station = Station(**values)
            _found(session, station)
            ledger.enter(station.id, "stations", Deed.ADDED)
        elif differs(station, values):
            for name, value in values.items():
                setattr(station, name, value)
            ledger.enter(station.id, "stations", Deed.CHANGED)
        else:
            ledger.enter(station.id, "stations", Deed.UNCHANGED)
        stations[row.name] = station
    session.flush()
    return stations


def _found(session: Session, station: Station) -> None:
    """Add a station; what lies below the actor's station is the actor's to write."""
    session.add(station)
    session.flush()
    widen_scope(session, station.id)
