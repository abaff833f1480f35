"""Whatever stands in the cells, the person gets errors with places, never a breakdown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.services.workbook.check import check_sheets, refuse
from core.services.workbook.columns import Sheet
from core.services.workbook.errors import InvalidWorkbookError
from core.services.workbook.kinds import Circumstances
from core.services.workbook.read import SheetCells
from core.services.workbook.sheets import SHEETS
from tests.unit.services.workbook.workbooks import TODAY

#: What python-calamine may give for a cell, and words that mean something somewhere.
CELLS = some.one_of(
    some.text(max_size=12),
    some.sampled_from(("", " ", "、", "；=", "周六、周日", "测试站", "是", "9:30", "2027-01-25", "a.b", "x/y", "1")),
    some.integers(-(10**20), 10**20),
    some.floats(),
    some.booleans(),
    some.dates(),
    some.datetimes(),
    some.times(),
    some.timedeltas(),
)


@some.composite
def pages(draw: some.DrawFn) -> tuple[Sheet, SheetCells]:
    sheet = draw(some.sampled_from(SHEETS))
    headings = tuple(column.heading for column in sheet.columns)
    examples = [some.one_of(some.just(column.example), CELLS) for column in sheet.columns]
    rows = draw(some.lists(some.tuples(*examples), min_size=1, max_size=4))
    return sheet, SheetCells(sheet.heading, (headings, *rows))


@given(pages())
def test_any_cells_under_the_right_headings_give_rows_or_errors(drawn: tuple[Sheet, SheetCells]) -> None:
    sheet, cells = drawn
    found = check_sheets([cells], Circumstances(TODAY, demo=True), {})
    assert all(error.sheet == sheet.heading and 2 <= error.row <= len(cells.rows) for error in found.errors)
    read = getattr(found.content, sheet.attribute)
    wrong = {error.row for error in found.errors}
    written = {line for line, row in enumerate(cells.rows[1:], start=2) if any(str(cell).strip() for cell in row)}
    assert {row.line for row in read} | wrong == written


@given(
    some.lists(
        some.builds(
            SheetCells,
            some.text(max_size=5),
            some.lists(some.lists(CELLS, max_size=4).map(tuple), min_size=1, max_size=4).map(tuple),
        ),
        max_size=3,
    )
)
def test_any_sheets_at_all_are_refused_or_empty(sheets: list[Any]) -> None:
    found = check_sheets(sheets, Circumstances(TODAY, demo=True), {})
    if sheets:
        with pytest.raises(InvalidWorkbookError):
            refuse(found.errors)
