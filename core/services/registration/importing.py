"""Imports registrations from a workbook: all of them, or nothing and every error at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityIntake, Child
from core.db.queries import children as child_queries
from core.db.session import vault_of
from core.domain.capabilities import Capability
from core.domain.child_file import IdDocument
from core.domain.errors import InvalidInputError, Message
from core.domain.registering import Channel
from core.security.permissions import require
from core.services.children.duplicates import id_number_index
from core.services.desk import Desk
from core.services.registration.giving import Outcome, Wanted, register
from core.services.spreadsheets import as_xlsx
from core.services.workbook.cells import Cell, is_blank, plain, text_of
from core.services.workbook.errors import InvalidWorkbookError, UnreadableWorkbookError, WorkbookError
from core.services.workbook.read import SheetCells, read_sheets

#: A child is named by the number of its file or of its document; the name is compared where it stands there.
NUMBER: Final = "档案编号"
DOCUMENT: Final = "证件号码"
NAME: Final = "姓名"
ACTIVITY: Final = "活动"
HEADINGS: Final = (NUMBER, DOCUMENT, NAME, ACTIVITY)


@dataclass(frozen=True)
class Row:
    """A row of the sheet, as it stands there; its number is Excel's."""

    line: int
    number: str
    document: str = field(repr=False)
    name: str = field(repr=False)
    activity: str


@dataclass(frozen=True)
class Imported:
    """What an import did: by which request it is found, and what came of each row."""

    request_id: UUID
    outcomes: tuple[Outcome, ...]


def template() -> bytes:
    """Return the empty workbook."""
    return as_xlsx(HEADINGS, ())


def import_registrations(session: Session, desk: Desk, term_id: UUID, data: bytes) -> Imported:
    """Register the children of a workbook's first sheet for activities of a term; the caller commits.

    The same file twice registers once. Raises UnreadableWorkbookError, or InvalidWorkbookError with every error: a
    child or an activity that nobody knows, one that is named twice, and whatever stands in a registration's way.
    """
    require(desk.actor, Capability.REGISTER_CHILDREN)
    sheet = _first(read_sheets(data))
    rows = list(_rows(sheet))
    wanted, errors = _resolved(session, term_id, sheet.name, rows)
    request_id = UUID(bytes=sha256(term_id.bytes + data).digest()[:16])
    outcomes = register(session, desk, request_id, [pair for _row, pair in wanted], channel=Channel.WORKBOOK)
    errors += _refused(sheet.name, wanted, outcomes)
    if errors:
        raise InvalidWorkbookError(tuple(sorted(errors, key=lambda error: error.row)))
    return Imported(request_id, outcomes)


def _first(sheets: tuple[SheetCells, ...]) -> SheetCells:
    if not sheets:
        raise UnreadableWorkbookError(Message("The workbook is empty: fill in the template."))
    missing = {NAME, ACTIVITY} - {_text(cell) for cell in sheets[0].rows[0]}
    if missing:
        raise InvalidWorkbookError(
            (WorkbookError(sheets[0].name, 1, min(missing), Message("This column is missing: use the template.")),)
        )
    return sheets[0]


def _rows(sheet: SheetCells) -> Iterator[Row]:
    headings = [_text(cell) for cell in sheet.rows[0]]
    for line, cells in enumerate(sheet.rows[1:], 2):
        if all(is_blank(cell) for cell in cells):
            continue
        found = dict(zip(headings, map(_text, cells), strict=False))
        yield Row(line, *(found.get(heading, "") for heading in HEADINGS))


def _text(cell: Cell) -> str:
    try:
        return "" if is_blank(cell) else plain(text_of(cell)).strip()
    except InvalidInputError:
        # It names nobody then, which is an error of its own.
        return ""


def _resolved(
    session: Session, term_id: UUID, sheet: str, rows: list[Row]
) -> tuple[list[tuple[Row, Wanted]], list[WorkbookError]]:
    activities = _activities(session, term_id)
    wanted: dict[Wanted, Row] = {}
    errors: list[WorkbookError] = []
    for row in rows:
        child = _child(session, row)
        activity = activities.get(row.activity)
        if isinstance(child, Message):
            errors.append(WorkbookError(sheet, row.line, NUMBER if row.number else DOCUMENT, child))
        if activity is None:
            unknown = Message("No activity of the term that takes registrations has this title: compare it.")
            errors.append(WorkbookError(sheet, row.line, ACTIVITY, unknown))
        if isinstance(child, Message) or activity is None:
            continue
        pair = Wanted(child, activity)
        if pair in wanted:
            twice = Message("Row %(row)s says the same: delete one of the two.", {"row": wanted[pair].line})
            errors.append(WorkbookError(sheet, row.line, ACTIVITY, twice))
        wanted.setdefault(pair, row)
    return [(row, pair) for pair, row in wanted.items()], errors


def _activities(session: Session, term_id: UUID) -> Mapping[str, UUID]:
    query = (
        select(Activity.title, Activity.id)
        .join(ActivityIntake, ActivityIntake.activity_id == Activity.id)
        .where(Activity.term_id == term_id)
    )
    return {title: key for title, key in session.execute(query)}  # noqa: C416 (a row is no pair to mypy's eye)


def _child(session: Session, row: Row) -> UUID | Message:
    """Return the child of a row, or what is wrong with how it is named."""
    if row.number:
        found = list(session.scalars(child_queries.children_numbered(row.number)))
    else:
        vault = vault_of(session)
        indexes = [id_number_index(vault, kind, row.document.upper()) for kind in IdDocument]
        keys = session.scalars(child_queries.with_document([index for index in indexes if index])).all()
        found = list(session.scalars(select(Child).where(Child.id.in_(keys))))
    if len(found) != 1:
        return Message("No file has this number: compare it, or import the child first.")
    if row.name and "".join(row.name.split()) != "".join(found[0].name.split()):
        return Message("The file with this number has another name: compare the two.")
    return found[0].id


def _refused(sheet: str, wanted: list[tuple[Row, Wanted]], outcomes: Iterable[Outcome]) -> list[WorkbookError]:
    return [
        WorkbookError(
            sheet,
            row.line,
            ACTIVITY,
            _with_cure(obstacle.reason, obstacle.cure),
        )
        for (row, _pair), outcome in zip(wanted, outcomes, strict=True)
        for obstacle in outcome.obstacles[:1]
    ]


def _with_cure(reason: Message, cure: Message | None) -> Message:
    return Message("%(reason)s %(cure)s", {"reason": reason, "cure": cure}) if cure is not None else reason
