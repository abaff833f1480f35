"""Imports a workbook: all of it in the caller's transaction, or with every error named nothing of it."""

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.models import Installation
from core.db.opening import MachinePath, reading
from core.db.queries.activities import activity_titled
from core.db.queries.planning import term_named
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message
from core.hooks.calling import Hooks
from core.hooks.types import ActivityType
from core.services.audit import record
from core.services.settings import Offers, offers_of
from core.services.workbook.check import check_sheets, refuse
from core.services.workbook.content import ActivityRow, WorkbookContent
from core.services.workbook.kinds import Circumstances
from core.services.workbook.programs import completed, known_alone, with_references
from core.services.workbook.read import read_sheets
from core.services.workbook.store.children import refresh_digests
from core.services.workbook.store.conflicts import find_conflicts
from core.services.workbook.store.keep import Keeper
from core.services.workbook.store.ledger import ImportSummary, Ledger
from core.services.workbook.store.shelves import SHELVES
from core.services.workbook.store.stations import store_stations
from core.services.workbook.store.stock import Stock

_ZONE_BEFORE_INIT: Final = "Asia/Shanghai"


def import_workbook(
    session: Session, actor: Actor, clock: Clock, hooks: Hooks, data: bytes, *, demo: bool
) -> ImportSummary:
    """Store the workbook in `data` and return what was added, changed and left as it was.

    Rows are recognised by their names and numbers, so the same workbook changes nothing the second time. What isn't in
    the workbook stays, but for hours and availability: a station or volunteer on those sheets has just what they say.
    `demo` takes made-up ID numbers and phones. The caller commits.

    Raises UnreadableWorkbookError; InvalidWorkbookError with every error of rows and of clashes with what is stored;
    ConflictError where somebody else stored a clashing row meanwhile.
    """
    cells = read_sheets(data)
    circumstances = circumstances_of(session, clock, demo=demo)
    stock = Stock(session, now=clock.now(), today=circumstances.today, by=actor.user_id)
    checked = check_sheets(cells, circumstances, stock.known())
    kinds = hooks.activity_types
    content, wrong = completed(checked.content, kinds, lambda row, kind: known_alone(_offers(session, row, kind), row))
    refuse((*checked.errors, *wrong, *find_conflicts(stock, content)))
    try:
        summary = _store(session, actor, clock, stock, content)
        _refer(session, kinds, content)
    except IntegrityError:
        # Without its cause: the database's message may quote a row.
        raise ConflictError(
            Message("The workbook clashes with what somebody else entered meanwhile: import it once more.")
        ) from None
    return summary


def _refer(session: Session, kinds: Mapping[str, ActivityType], content: WorkbookContent) -> None:
    """Give activities the ids of what their settings name, now that all of it is stored."""
    for row, settings in with_references(content, kinds, lambda row, kind: _offers(session, row, kind)):
        term = session.scalars(term_named(row.term)).one()
        activity = session.scalars(activity_titled(term.id, row.title)).one()
        if activity.settings != settings:
            activity.settings = settings
    session.flush()


def _store(session: Session, actor: Actor, clock: Clock, stock: Stock, content: WorkbookContent) -> ImportSummary:
    ledger = Ledger()
    keeper = Keeper(stock, clock, ledger)
    stock.put_stations(store_stations(session, stock, content.stations, absent_of(content, "stations"), ledger))
    # To see whether a row changes, what is stored of it is opened; nothing of that leaves the import.
    with reading(session, MachinePath.WORKBOOK):
        for shelf in SHELVES:
            keeper.keep(shelf, getattr(content, shelf.sheet), absent_of(content, shelf.sheet))
        refresh_digests(stock, (*(row.number for row in content.children), *(row.child for row in content.guardians)))
    session.flush()
    record_import(session, actor, clock, ledger)
    return ledger.summary()


def record_import(session: Session, actor: Actor, clock: Clock, ledger: Ledger) -> None:
    """Record in each station's log how many rows of which sheets an import added and changed."""
    for station_id, changes in ledger.changes().items():
        record(
            session,
            actor,
            clock,
            station_id=station_id,
            action="workbook.imported",
            subject_kind="workbook",
            subject_id=None,
            detail=changes,
        )


def _offers(session: Session, row: ActivityRow, kind: ActivityType) -> Offers:
    """Return what the form's questions can refer to in the row's term; nothing in a term that is new itself."""
    term = session.scalars(term_named(row.term)).first()
    return {} if term is None else offers_of(session, kind, term)


def absent_of(content: WorkbookContent, sheet: str) -> frozenset[str]:
    """Return the attributes for which a sheet has no column."""
    return frozenset(name for of, name in content.absent if of == sheet)


def circumstances_of(session: Session, clock: Clock, *, demo: bool) -> Circumstances:
    """Return the installation's today, and whether made-up people are taken."""
    zone = session.scalar(select(Installation.timezone)) or _ZONE_BEFORE_INIT
    return Circumstances(clock.now().astimezone(ZoneInfo(zone)).date(), demo)
