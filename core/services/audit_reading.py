"""Reading the audit log: a page of it, all of it for a file, and whether it is whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, AuditHead, Station, User
from core.db.queries import audit as queries
from core.db.queries.audit import AuditFilter
from core.db.scope import scope_of
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.security.permissions import require
from core.services.audit import ChainBreak, record
from core.services.audit_anchors import Anchor, verify_all

PER_PAGE: Final = 50
#: Longer logs leave in several files, by days.
MOST_EXPORTED: Final = 50_000


@dataclass(frozen=True)
class AuditPage:
    """Entries of one page, counted from 1, of so many pages and entries in all."""

    entries: Sequence[AuditEntry]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class ChainState:
    """Whether a station's log is whole, and the anchors that it was held against: from the oldest to the newest."""

    station: Station
    entries: int
    broken: ChainBreak | None
    oldest: datetime | None
    newest: datetime | None


def read_page(session: Session, actor: Actor, wanted: AuditFilter, page: int) -> AuditPage:
    """Return a page of the entries in reach that fit; one beyond the last is the last."""
    require(actor, Capability.READ_AUDIT)
    total = session.scalar(queries.counted(wanted)) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, page), pages)
    found = session.scalars(queries.entries(wanted).limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return AuditPage(found.all(), page, pages, total)


def export_entries(session: Session, actor: Actor, clock: Clock, wanted: AuditFilter) -> Sequence[AuditEntry]:
    """Return the newest entries that fit, to be written to a file, and note that they leave."""
    require(actor, Capability.READ_AUDIT)
    found = session.scalars(queries.entries(wanted).limit(MOST_EXPORTED)).all()
    if actor.station_id is not None:
        record(
            session,
            actor,
            clock,
            station_id=actor.station_id,
            action="audit.exported",
            subject_kind="audit",
            subject_id=None,
            detail={"entries": len(found)},
        )
    return found


def names_of(session: Session, entries: Iterable[AuditEntry]) -> Mapping[UUID, str]:
    """Return what the people in reach are called who did these things."""
    wanted = {entry.actor_id for entry in entries if entry.actor_id}
    return {row.id: row.display_name or row.login for row in session.scalars(select(User).where(User.id.in_(wanted)))}


def chain_states(session: Session, actor: Actor, anchors: Iterable[Anchor] = ()) -> list[ChainState]:
    """Return for each station in reach whether its log is as it was written, and agrees with the anchors given."""
    require(actor, Capability.READ_AUDIT)
    scope = scope_of(session)
    kept = [anchor for anchor in anchors if scope.everything or anchor.station_id in scope.stations]
    broken = dict(verify_all(session, kept).breaks)
    heads = {head.station_id: head.number for head in session.scalars(select(AuditHead))}
    logged = select(Station).where(Station.id.in_(heads.keys() | broken.keys())).order_by(Station.name)
    stations = session.scalars(logged)
    return [_state(station, heads.get(station.id, 0), broken.get(station.id), kept) for station in stations]


def _state(station: Station, entries: int, broken: ChainBreak | None, anchors: Iterable[Anchor]) -> ChainState:
    times = [anchor.at for anchor in anchors if anchor.station_id == station.id]
    return ChainState(station, entries, broken, min(times, default=None), max(times, default=None))
