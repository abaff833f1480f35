"""Finds the workbook's sheets and columns by what people wrote above them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from core.domain.errors import InvalidInputError, Message
from core.services.workbook.cells import Cell, is_blank, plain, text_of
from core.services.workbook.columns import Column, Sheet
from core.services.workbook.errors import WorkbookError
from core.services.workbook.read import SheetCells
from core.services.workbook.sheets import SHEETS

#: A title or two may stand above the headings.
_ROWS_SEARCHED: Final = 5
_LIKENESS: Final = 0.5


@dataclass(frozen=True)
class Page:
    """A sheet as found: which column stands where, and the rows below the headings with the first one's number."""

    sheet: Sheet
    columns: tuple[tuple[int, Column], ...]
    rows: tuple[tuple[Cell, ...], ...]
    first_line: int

    @property
    def absent(self) -> frozenset[str]:
        """The attributes without a column."""
        return frozenset(column.attribute for column in self.sheet.columns) - {
            column.attribute for _, column in self.columns
        }

    @property
    def missing(self) -> frozenset[str]:
        """The attributes without a column that can't do without."""
        return self.absent & self.sheet.required


def match_sheets(cells: Sequence[SheetCells]) -> tuple[list[Page], list[WorkbookError]]:
    """Return the pages found, in the order of SHEETS, and what is wrong with names of sheets and headings."""
    by_name = {sheet.heading: sheet for sheet in SHEETS}
    pages: dict[str, Page] = {}
    errors: list[WorkbookError] = []
    for found in cells:
        sheet = by_name.get(found.name)
        if sheet is None:
            errors.append(WorkbookError(found.name, 0, "", _unknown(found.name, tuple(by_name), _UNKNOWN_SHEET)))
            continue
        page, wrong = _match_columns(sheet, found)
        pages[sheet.attribute] = page
        errors.extend(wrong)
    return [pages[sheet.attribute] for sheet in SHEETS if sheet.attribute in pages], errors


def near(word: str, words: Sequence[str]) -> list[str]:
    """Return up to three of the words that somebody may have meant."""
    return get_close_matches(word, words, n=3, cutoff=_LIKENESS)


def _match_columns(sheet: Sheet, found: SheetCells) -> tuple[Page, list[WorkbookError]]:
    by_heading = {column.heading: column for column in sheet.columns}
    top = _heading_row(found, by_heading)
    columns: dict[str, tuple[int, Column]] = {}
    errors: list[WorkbookError] = []
    for place, cell in enumerate(found.rows[top]):
        heading = _heading(cell)
        column = by_heading.get(heading)
        if column is not None and heading not in columns:
            columns[heading] = (place, column)
        elif heading or any(place < len(row) and not is_blank(row[place]) for row in found.rows[top + 1 :]):
            errors.append(WorkbookError(sheet.heading, top + 1, heading, _heading_error(heading, columns, by_heading)))
    page = Page(sheet, tuple(columns.values()), found.rows[top + 1 :], top + 2)
    lacking = (sheet.column(attribute).heading for attribute in page.missing)
    return page, errors + [WorkbookError(sheet.heading, top + 1, heading, _MISSING_HEADING) for heading in lacking]


def _heading_row(found: SheetCells, headings: Collection[str]) -> int:
    """Return the index of the row that has most of the headings among the first few."""
    scores = [sum(_heading(cell) in headings for cell in row) for row in found.rows[:_ROWS_SEARCHED]]
    return scores.index(max(scores))


def _heading(cell: Cell) -> str:
    try:
        return "" if is_blank(cell) else plain(text_of(cell)).replace(" ", "").rstrip("*")
    except InvalidInputError:
        return str(cell)


_MISSING_HEADING = Message("This required column is missing: add it as the template has it.")
_UNKNOWN_SHEET = Message("The workbook has no sheet of this name: rename it as the template has it, or delete it.")
_UNKNOWN_HEADING = Message("There is no such column: use the template's heading, or delete the column.")
_NO_HEADING = Message("This column has entries but no heading: add the heading or delete the column.")
_TWICE = Message("This column stands there twice: delete one of them.")


def _heading_error(heading: str, columns: Collection[str], by_heading: dict[str, Column]) -> Message:
    if not heading:
        return _NO_HEADING
    if heading in by_heading:
        return _TWICE
    free = [name for name in by_heading if name not in columns]
    return _unknown(heading, free, _UNKNOWN_HEADING)


def _unknown(word: str, words: Sequence[str], otherwise: Message) -> Message:
    if meant := near(word, words):
        return Message("There is no such name here; perhaps you mean: %(near)s.", {"near": "、".join(meant)})
    return otherwise
