"""Checks of rows against other rows: nothing twice, nobody twice, an activity within its term."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

from core.domain.errors import Message
from core.services.workbook.columns import Sheet
from core.services.workbook.content import Row, StationRow, WorkbookContent
from core.services.workbook.errors import WorkbookError
from core.services.workbook.sheets import BY_ATTRIBUTE, SHEETS
from core.services.workbook.sheets.children import document_of


def check_together(content: WorkbookContent) -> Iterator[WorkbookError]:
    """Yield what is wrong with rows only beside other rows."""
    for sheet in SHEETS:
        yield from _same_key(sheet, getattr(content, sheet.attribute))
    yield from _same_thing(content)
    yield from _same_way(content)
    yield from _stations_in_a_ring(content.stations)
    yield from _outside_the_term(content)


def _same_key(sheet: Sheet, rows: Sequence[Row]) -> Iterator[WorkbookError]:
    message = Message("Row %(row)s has the same entry already: delete one of the two rows, or correct it.")
    yield from _twice(sheet, sheet.key[0], rows, lambda row: tuple(getattr(row, name) for name in sheet.key), message)


def _same_thing(content: WorkbookContent) -> Iterator[WorkbookError]:
    yield from _twice(
        BY_ATTRIBUTE["children"],
        "id_number",
        content.children,
        lambda row: (document_of(row), row.id_number) if row.id_number else row.number,
        Message(
            "Row %(row)s has the same ID number: a child has one row. Delete one of the two, or correct the number."
        ),
    )
    yield from _twice(
        BY_ATTRIBUTE["volunteers"],
        "number",
        content.volunteers,
        lambda row: (row.name, row.phone) if row.phone else row.number,
        Message("Row %(row)s has the same name and phone: a volunteer has one row. Delete one of the two."),
        unless=lambda one, other: one.number == other.number,
    )
    yield from _twice(
        BY_ATTRIBUTE["stations"],
        "slug",
        content.stations,
        lambda row: row.slug,
        Message("Row %(row)s has the same short name for its address: choose another."),
    )


def _same_way(content: WorkbookContent) -> Iterator[WorkbookError]:
    yield from _twice(
        BY_ATTRIBUTE["travel"],
        "from_venue",
        content.travel,
        lambda row: frozenset((row.from_venue, row.to_venue)),
        Message("Row %(row)s has this way in the other direction: delete one of the two rows."),
        unless=lambda one, other: one.from_venue == other.from_venue,
    )


def _twice(
    sheet: Sheet,
    attribute: str,
    rows: Sequence[Any],
    identity: Callable[[Any], Hashable],
    complaint: Message,
    unless: Callable[[Any, Any], bool] = lambda _one, _other: False,
) -> Iterator[WorkbookError]:
    """Yield an error for each row whose identity an earlier row has, `unless` that is complained of elsewhere."""
    seen: dict[Hashable, Any] = {}
    for row in rows:
        first = seen.setdefault(identity(row), row)
        if first is not row and not unless(first, row):
            heading = sheet.column(attribute).heading
            yield WorkbookError(sheet.heading, row.line, heading, Message(complaint.text, {"row": first.line}))


def _stations_in_a_ring(rows: Sequence[StationRow]) -> Iterator[WorkbookError]:
    above = {row.name: row.parent for row in rows}
    sheet = BY_ATTRIBUTE["stations"]
    for row in rows:
        seen, at = {row.name}, row.parent
        while at is not None and at not in seen:
            seen.add(at)
            at = above.get(at)
        if at == row.name != row.parent:
            message = Message("These stations stand above each other in a ring: name the one that is really above.")
            yield WorkbookError(sheet.heading, row.line, sheet.column("parent").heading, message)


def _outside_the_term(content: WorkbookContent) -> Iterator[WorkbookError]:
    terms = {row.name: row for row in content.terms}
    sheet = BY_ATTRIBUTE["activities"]
    for row in content.activities:
        term = terms.get(row.term)
        for name, day in (("first", row.first), ("last", row.last)):
            if term is not None and day is not None and not term.first <= day <= term.last:
                message = Message("This day lies outside the activity's term: compare the sheet 学期假期.")
                yield WorkbookError(sheet.heading, row.line, sheet.column(name).heading, message)
