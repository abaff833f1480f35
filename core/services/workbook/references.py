"""Checks that whatever a row refers to exists, in the workbook or among what is stored already."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from core.domain.errors import Message
from core.services.workbook.columns import Column, Sheet
from core.services.workbook.content import ClosureRow, WorkbookContent
from core.services.workbook.errors import WorkbookError
from core.services.workbook.headings import near
from core.services.workbook.kinds import BETWEEN
from core.services.workbook.sheets import BY_ATTRIBUTE, SHEETS
from core.services.workbook.trade_kinds import Reference, Several

#: Names of what is stored already, by the attribute of its sheet.
Known = Mapping[str, Collection[str]]

NOTHING_KNOWN: Known = {}


def check_references(content: WorkbookContent, known: Known, faulty: Collection[str]) -> Iterator[WorkbookError]:
    """Yield an error for each name that nothing bears; names of rows in `faulty` sheets get the benefit of the doubt.

    A row that could not be read is complained of itself; that others refer to it is no second mistake.
    """
    for sheet in SHEETS:
        for column in sheet.columns:
            target = _target(column)
            if target is not None and target not in faulty:
                yield from _broken(content, sheet, column, _names(content, target) | set(known.get(target, ())))
    if "rooms" not in faulty:
        yield from _closed_rooms(content, known)


def _target(column: Column) -> str | None:
    kind = column.kind.of if isinstance(column.kind, Several) else column.kind
    return kind.sheet if isinstance(kind, Reference) else None


def _names(content: WorkbookContent, target: str) -> set[str]:
    name = BY_ATTRIBUTE[target].name
    return {name(row) for row in getattr(content, target)} if name else set()


def _broken(content: WorkbookContent, sheet: Sheet, column: Column, names: set[str]) -> Iterator[WorkbookError]:
    for row in getattr(content, sheet.attribute):
        value: Any = getattr(row, column.attribute)
        wanted = value if isinstance(value, tuple) else (value,)
        for one in wanted:
            if one is not None and one not in names:
                yield WorkbookError(sheet.heading, row.line, column.heading, _message(column, one, names))


def _message(column: Column, wanted: str, names: set[str]) -> Message:
    target = BY_ATTRIBUTE[_target(column) or ""].heading
    if column.private:
        return Message("Nothing on the sheet %(sheet)s bears this name: compare the two.", {"sheet": target})
    if meant := near(wanted, sorted(names)):
        return Message(
            "The sheet %(sheet)s has no “%(name)s”; perhaps you mean: %(near)s.",
            {"sheet": target, "name": wanted, "near": BETWEEN.join(meant)},
        )
    return Message("The sheet %(sheet)s has no “%(name)s”: add it there.", {"sheet": target, "name": wanted})


def _closed_rooms(content: WorkbookContent, known: Known) -> Iterator[WorkbookError]:
    """Yield an error for each closure of a room that its venue doesn't have."""
    names = _names(content, "rooms") | set(known.get("rooms", ()))
    sheet = BY_ATTRIBUTE["closures"]
    for row in content.closures:
        if (name := closed_room(row)) and name not in names:
            message = Message("This site has no room “%(room)s”: compare the sheet 活动室.", {"room": row.room})
            yield WorkbookError(sheet.heading, row.line, sheet.column("room").heading, message)


def closed_room(row: ClosureRow) -> str | None:
    """Return the full name of the room that a closure closes, None where it closes more than a room."""
    return f"{row.venue}/{row.room}" if row.venue and row.room else None
