"""Reads the rows of one sheet into values, and says what is wrong with each cell."""

from typing import Any

from core.domain.errors import InvalidInputError, Message
from core.services.workbook.cells import Cell, is_blank
from core.services.workbook.columns import Column, Sheet
from core.services.workbook.content import Row
from core.services.workbook.errors import WorkbookError
from core.services.workbook.headings import Page, near
from core.services.workbook.kinds import BETWEEN, Circumstances, UnknownWordError

_EMPTY = Message("This cell must not be empty: fill it in, or delete the whole row.")


def read_rows(page: Page, circumstances: Circumstances) -> tuple[tuple[Row, ...], list[WorkbookError]]:
    """Return the rows without an error, blank ones passed over, and the errors of the others."""
    rows: list[Row] = []
    errors: list[WorkbookError] = []
    for line, cells in enumerate(page.rows, start=page.first_line):
        if all(is_blank(cell) for cell in cells):
            continue
        values, wrong = _read_cells(page, line, cells, circumstances)
        if not wrong and not page.missing:
            row = page.sheet.row(line=line, **values)
            wrong = _complaints(page.sheet, row)
            rows.append(row)
        errors.extend(wrong)
    return tuple(rows), errors


def _read_cells(
    page: Page, line: int, cells: tuple[Cell, ...], circumstances: Circumstances
) -> tuple[dict[str, Any], list[WorkbookError]]:
    values: dict[str, Any] = {}
    errors: list[WorkbookError] = []
    for place, column in page.columns:
        cell = cells[place] if place < len(cells) else ""
        try:
            if not is_blank(cell):
                values[column.attribute] = column.kind.read(cell, circumstances)
            elif column.attribute in page.sheet.required:
                errors.append(WorkbookError(page.sheet.heading, line, column.heading, _EMPTY))
        except InvalidInputError as error:
            errors.append(WorkbookError(page.sheet.heading, line, column.heading, _message(column, error)))
    return values, errors


def _message(column: Column, error: InvalidInputError) -> Message:
    """Return what to do; of a column with nothing private it may say what was found and what is near it."""
    if column.private or not isinstance(error, UnknownWordError):
        return error.message
    if meant := near(error.word, error.allowed):
        return Message(
            "“%(word)s” is not on the list; perhaps you mean: %(near)s.",
            {"word": error.word, "near": BETWEEN.join(meant)},
        )
    return error.message


def _complaints(sheet: Sheet, row: Row) -> list[WorkbookError]:
    found = (rule(row) for rule in sheet.rules)
    return [
        WorkbookError(sheet.heading, row.line, sheet.column(complaint[0]).heading, complaint[1])
        for complaint in found
        if complaint is not None
    ]
