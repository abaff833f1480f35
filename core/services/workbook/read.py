"""Reads the cells of a workbook out of memory; nothing of it touches a disk."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from core.services.workbook.cells import Cell, is_blank
from core.services.workbook.errors import UnreadableWorkbookError
from core.services.workbook.sheets import EXPLANATIONS, LISTS
from core.services.workbook.unpack import DAMAGED, unpack

#: More cells than this are not merged by somebody who fills in a sheet.
_LARGEST_MERGE: Final = 20_000


@dataclass(frozen=True)
class SheetCells:
    """The cells of a sheet from A1 on, empty ones as ""; merged cells all have what stands in the first of them."""

    name: str
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)


def read_sheets(data: bytes) -> tuple[SheetCells, ...]:
    """Return the sheets of the workbook in `data` that hold anything, but for those that explain and offer choices.

    Raises UnreadableWorkbookError for whatever is no workbook within the bounds of `unpack`.
    """
    try:
        with CalamineWorkbook.from_filelike(unpack(data)) as workbook:
            names = [name for name in workbook.sheet_names if name.strip() not in (EXPLANATIONS, LISTS)]
            sheets = [_read_sheet(workbook.get_sheet_by_name(name)) for name in names]
    except (CalamineError, OSError, ValueError):
        # Without its cause: a parser's message may quote what it stumbled over.
        raise UnreadableWorkbookError(DAMAGED) from None
    return tuple(sheet for sheet in sheets if any(not is_blank(cell) for row in sheet.rows for cell in row))


def _read_sheet(sheet: CalamineSheet) -> SheetCells:
    rows = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if (bottom - top + 1) * (right - left + 1) <= _LARGEST_MERGE and top < len(rows) and left < len(rows[top]):
            _fill(rows, range(top, bottom + 1), range(left, right + 1))
    return SheetCells(sheet.name.strip(), tuple(map(tuple, rows)))


def _fill(rows: list[list[Cell]], down: range, across: range) -> None:
    first = rows[down.start][across.start]
    for row, column in _within(rows, down, across):
        rows[row][column] = first


def _within(rows: list[list[Cell]], down: range, across: range) -> Iterator[tuple[int, int]]:
    for row in down:
        for column in across:
            if row < len(rows) and column < len(rows[row]):
                yield row, column
