"""What is wrong with a workbook, cell by cell; a message never repeats what stands in a child's row."""

from dataclasses import dataclass

from core.domain.errors import InvalidInputError, Message


@dataclass(frozen=True)
class WorkbookError:
    """One thing to put right: the sheet, the row as Excel counts it (0: the whole sheet), the heading, what to do."""

    sheet: str
    row: int
    column: str
    message: Message


class UnreadableWorkbookError(InvalidInputError):
    """The file is no workbook that can be read: too large, damaged, encrypted, or something else altogether."""

    code = "unreadable_workbook"


class InvalidWorkbookError(InvalidInputError):
    """The workbook can be read but not imported; `errors` has everything that is wrong with it, by sheet and row."""

    code = "invalid_workbook"

    def __init__(self, errors: tuple[WorkbookError, ...]) -> None:
        super().__init__(
            Message("Nothing was imported: the workbook has %(count)s errors to put right.", {"count": len(errors)})
        )
        self.errors = errors
