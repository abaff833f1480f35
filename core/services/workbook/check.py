"""Turns cells into rows and says everything that is wrong with them at once, each with sheet, row and column."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.services.workbook.content import WorkbookContent
from core.services.workbook.errors import InvalidWorkbookError, WorkbookError
from core.services.workbook.headings import match_sheets
from core.services.workbook.kinds import Circumstances
from core.services.workbook.read import SheetCells
from core.services.workbook.references import Known, check_references
from core.services.workbook.rows import read_rows
from core.services.workbook.sheets import SHEETS
from core.services.workbook.together import check_together


@dataclass(frozen=True)
class Checked:
    """The rows that could be read, and what is wrong with the workbook; only without errors are the rows complete."""

    content: WorkbookContent
    errors: tuple[WorkbookError, ...]


def check_sheets(cells: Sequence[SheetCells], circumstances: Circumstances, known: Known) -> Checked:
    """Read and check the cells of a workbook; `known` names what is stored already and may be referred to."""
    matched, errors = match_sheets(cells)
    rows: dict[str, Any] = {}
    faulty: set[str] = set()
    for page in matched:
        found, wrong = read_rows(page, circumstances)
        rows[page.sheet.attribute] = found
        errors.extend(wrong)
        if wrong or page.missing:
            faulty.add(page.sheet.attribute)
    absent = frozenset((page.sheet.attribute, name) for page in matched for name in page.absent)
    content = WorkbookContent(**rows, absent=absent)
    errors.extend(check_references(content, known, faulty))
    errors.extend(check_together(content))
    return Checked(content, tuple(errors))


def refuse(errors: Iterable[WorkbookError]) -> None:
    """Raise InvalidWorkbookError with the errors in the order of sheets, rows and columns, if there are any."""
    order = {sheet.heading: number for number, sheet in enumerate(SHEETS)}
    columns = {
        (sheet.heading, column.heading): number for sheet in SHEETS for number, column in enumerate(sheet.columns)
    }

    def place(error: WorkbookError) -> tuple[int, str, int, int, str]:
        column = columns.get((error.sheet, error.column), len(columns))
        return order.get(error.sheet, len(order)), error.sheet, error.row, column, error.column

    if ordered := tuple(sorted(errors, key=place)):
        raise InvalidWorkbookError(ordered)
