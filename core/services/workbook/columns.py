"""The form of the workbook as data: from it come the empty template, the reader and the sheet that explains it."""

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any

from core.domain.errors import Message
from core.services.workbook.content import Row
from core.services.workbook.kinds import Kind

#: Something wrong with one row by itself: the attribute to look at, and what to do.
Complaint = tuple[str, Message]
RowRule = Callable[[Any], Complaint | None]


@dataclass(frozen=True)
class Column:
    """A column: its heading, the row's attribute, what stands in it, and what the explaining sheet says of it.

    Of a `private` column no error ever shows what stands in a cell, nor what is near it.
    """

    heading: str
    attribute: str
    kind: Kind
    explanation: str
    example: str
    private: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, the content's attribute, the class of its rows, its columns in order.

    Two rows may not agree in all of `key`. `rules` look at one row at a time. `name` is that by which other sheets
    refer to a row, None where none does.
    """

    heading: str
    attribute: str
    row: type[Row]
    explanation: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rules: tuple[RowRule, ...] = ()
    name: Callable[[Any], str] | None = None

    @cached_property
    def required(self) -> frozenset[str]:
        """The attributes that a row can't be without: those to which its class gives no default."""
        return frozenset(field.name for field in fields(self.row) if field.default is MISSING and field.name != "line")

    def column(self, attribute: str) -> Column:
        """Return the column of an attribute."""
        return next(column for column in self.columns if column.attribute == attribute)


def in_order(earlier: str, later: str, message: Message) -> RowRule:
    """Return a rule by which `later` is not before `earlier`; where one is empty it holds."""

    def rule(row: Any) -> Complaint | None:
        first, last = getattr(row, earlier), getattr(row, later)
        return (later, message) if first is not None and last is not None and last < first else None

    return rule
