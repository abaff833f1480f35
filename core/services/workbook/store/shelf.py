"""What a shelf is: the place in the database for the rows of one sheet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.base import Base

Values = dict[str, Any]


class Names(Protocol):
    """Knows what the names in a workbook mean, and who imports it when."""

    session: Session
    now: datetime
    by: UUID | None
    #: The station's date of today.
    today: date

    def named(self, sheet: str, name: str) -> Any:
        """Return the stored row that a name means; raise KeyError where none does."""
        ...

    def named_id(self, sheet: str, name: str | None) -> UUID | None:
        """Return the id of the row that a name means, None for no name."""
        ...

    def rows(self, sheet: str) -> Mapping[tuple[Any, ...], Any]:
        """Return the stored rows of a sheet by their keys."""
        ...


@dataclass(frozen=True)
class Shelf:
    """A table for the rows of a sheet.

    `key` recognises a row; `whole_of` names the owner of rows that have no identity of their own, and which the sheet
    therefore replaces for each owner that it mentions; `name` is what other sheets call the row; `parts` brings what
    hangs on a row into line with the sheet, but for the columns that are left out, and tells whether anything changed;
    `eager` are the relationships that this looks at; `dated` rows remember when they came.
    """

    sheet: str
    model: type[Base]
    key: tuple[str, ...]
    values: Callable[[Names, Any], Values]
    whole_of: str | None = None
    name: Callable[[Any], str] | None = None
    parts: Callable[[Names, Any, Any, frozenset[str]], bool] | None = None
    eager: tuple[str, ...] = ()
    dated: bool = False
