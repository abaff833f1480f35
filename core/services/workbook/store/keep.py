"""Puts the rows of one sheet onto their shelf."""

from collections.abc import Sequence
from typing import Any

from core.domain.clock import Clock
from core.services.workbook.content import Row
from core.services.workbook.sheets import BY_ATTRIBUTE
from core.services.workbook.store.ledger import Deed, Ledger
from core.services.workbook.store.shelf import Shelf, Values
from core.services.workbook.store.stock import Stock, key_of


class Keeper:
    """Adds and changes rows in the stock's session and enters each in the ledger."""

    def __init__(self, stock: Stock, clock: Clock, ledger: Ledger) -> None:
        self._stock = stock
        self._clock = clock
        self._ledger = ledger

    def keep(self, shelf: Shelf, rows: Sequence[Row], absent: frozenset[str]) -> None:
        """Bring the shelf into line with the sheet's rows; `absent` are the attributes that the sheet leaves out."""
        kept = [self._keep_row(shelf, row, absent) for row in rows]
        if shelf.whole_of is not None:
            self._remove_others(shelf, shelf.whole_of, kept)
        self._stock.session.flush()

    def _keep_row(self, shelf: Shelf, row: Row, absent: frozenset[str]) -> Any:
        values = shelf.values(self._stock, row)
        stored = self._stock.rows(shelf.sheet).get(tuple(values[name] for name in shelf.key))
        if stored is None:
            stored, deed = self._add(shelf, values), Deed.ADDED
        else:
            deed = _change(stored, {name: value for name, value in values.items() if _column(name) not in absent})
        if shelf.parts is not None and shelf.parts(self._stock, stored, row, absent) and deed is Deed.UNCHANGED:
            deed = Deed.CHANGED
        name = BY_ATTRIBUTE[shelf.sheet].name
        self._stock.put(shelf, stored, name(row) if name else None)
        self._ledger.enter(values["station_id"], shelf.sheet, deed)
        return stored

    def _add(self, shelf: Shelf, values: Values) -> Any:
        dated = {"created_at": self._clock.now()} if shelf.dated else {}
        row = shelf.model(**values, **dated)
        self._stock.session.add(row)
        return row

    def _remove_others(self, shelf: Shelf, owner: str, kept: Sequence[Any]) -> None:
        keys = {key_of(shelf, row) for row in kept}
        owners = {getattr(row, owner) for row in kept}
        for key, row in self._stock.rows(shelf.sheet).items():
            if key not in keys and getattr(row, owner) in owners:
                self._stock.session.delete(row)
                self._ledger.enter(row.station_id, shelf.sheet, Deed.REMOVED)


def _change(row: Any, values: Values) -> Deed:
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return Deed.CHANGED if different else Deed.UNCHANGED


def _column(attribute: str) -> str:
    """Return the sheet's attribute from which a stored one comes: `venue` for `venue_id`, `phone` for `phone_index`."""
    return attribute.removesuffix("_id").removesuffix("_index").removesuffix("_year")
