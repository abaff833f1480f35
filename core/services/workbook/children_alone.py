"""Imports children and guardians by themselves: the planning workbook's two sheets, all of them or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.opening import MachinePath, reading
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message
from core.security.permissions import require
from core.services.workbook.cells import is_blank
from core.services.workbook.check import check_sheets, refuse
from core.services.workbook.content import WorkbookContent
from core.services.workbook.errors import WorkbookError
from core.services.workbook.importing import absent_of, circumstances_of, record_import
from core.services.workbook.read import SheetCells, read_sheets
from core.services.workbook.sheets.children import CHILDREN, GUARDIANS
from core.services.workbook.store.children import refresh_digests
from core.services.workbook.store.conflicts import find_conflicts
from core.services.workbook.store.keep import Keeper
from core.services.workbook.store.ledger import ImportSummary, Ledger
from core.services.workbook.store.shelves import SHELVES
from core.services.workbook.store.stock import Stock

_TAKEN: Final = frozenset({CHILDREN.heading, GUARDIANS.heading})
#: Rows between two words about how far it is.
_AT_ONCE: Final = 250
_ON_SHELVES: Final = tuple(shelf for shelf in SHELVES if shelf.sheet in {"groups", "children", "guardians"})
#: The sheets that an import of children takes, for its template.
SHEETS_ALONE: Final = (CHILDREN, GUARDIANS)
_STORED: Final = tuple(shelf for shelf in _ON_SHELVES if shelf.sheet != "groups")

Item = TypeVar("Item")


class Phase(Enum):
    """What an import is doing."""

    READING = Message("Reading the file")
    CHECKING = Message("Checking every row")
    STORING = Message("Storing the files")
    DONE = Message("Done")


@dataclass(frozen=True)
class Step:
    """How far an import has come: rows done of all; the last one has the summary."""

    phase: Phase
    done: int = 0
    total: int = 0
    summary: ImportSummary | None = None


def import_children(session: Session, actor: Actor, clock: Clock, data: bytes, *, demo: bool) -> Iterator[Step]:
    """Store the children and guardians of the workbook in `data`, and tell how far it is; the caller commits.

    Rows are recognised as in the planning workbook. Raises UnreadableWorkbookError; InvalidWorkbookError with every
    error at once; ConflictError where somebody else stored a clashing row meanwhile; NotAllowedError.
    """
    require(actor, Capability.KEEP_CHILDREN)
    yield Step(Phase.READING)
    cells = read_sheets(data)
    yield Step(Phase.CHECKING)
    circumstances = circumstances_of(session, clock, demo=demo)
    stock = Stock(session, now=clock.now(), today=circumstances.today, by=actor.user_id, shelves=_ON_SHELVES)
    taken = [sheet for sheet in cells if sheet.name in _TAKEN]
    checked = check_sheets(taken, circumstances, stock.known())
    refuse((*_others(cells), *checked.errors, *find_conflicts(stock, checked.content)))
    ledger = Ledger()
    yield from _stored(stock, clock, checked.content, ledger)
    record_import(session, actor, clock, ledger)
    yield Step(Phase.DONE, summary=ledger.summary())


def _others(cells: Sequence[SheetCells]) -> Iterator[WorkbookError]:
    """Yield an error for each sheet that has more than headings, and of something else."""
    message = Message("Only children and guardians are imported here: delete this sheet, or import the whole workbook.")
    for sheet in cells:
        filled = sum(any(not is_blank(cell) for cell in row) for row in sheet.rows)
        if sheet.name not in _TAKEN and filled > 1:
            yield WorkbookError(sheet.name, 0, "", message)


def _stored(stock: Stock, clock: Clock, content: WorkbookContent, ledger: Ledger) -> Iterator[Step]:
    session, keeper = stock.session, Keeper(stock, clock, ledger)
    done, total = 0, len(content.children) + len(content.guardians)
    try:
        for shelf in _STORED:
            for some in _parts(getattr(content, shelf.sheet)):
                yield Step(Phase.STORING, done, total)
                with reading(session, MachinePath.WORKBOOK):
                    keeper.keep(shelf, some, absent_of(content, shelf.sheet))
                done += len(some)
        numbers = (*(row.number for row in content.children), *(row.child for row in content.guardians))
        yield Step(Phase.STORING, done, total)
        with reading(session, MachinePath.WORKBOOK):
            refresh_digests(stock, numbers)
        session.flush()
    except IntegrityError:
        # Without its cause: the database's message may quote a row.
        raise ConflictError(
            Message("The workbook clashes with what somebody else entered meanwhile: import it once more.")
        ) from None


def _parts(rows: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))
