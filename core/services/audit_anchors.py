"""Anchors of the audit log: where each chain ended at some time, kept away from the database.

A chain alone can't tell that the whole database was put back to an earlier state. An anchor can: the log has to have at
least as many entries as it says, and the same link there. Anchors are lines of JSON in a file to which is only added.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, AuditHead
from core.domain.errors import ConflictError, InvalidInputError, Message
from core.services.audit import ChainBreak, end_at, verify_chain


@dataclass(frozen=True)
class Anchor:
    """The end of a station's chain at a moment: how many entries it had, and the 32 bytes that close it."""

    at: datetime
    station_id: UUID
    number: int
    link: bytes

    def to_line(self) -> str:
        """Return the anchor as one line of JSON."""
        values = {"at": self.at.isoformat(), "station": str(self.station_id), "number": self.number}
        return json.dumps({**values, "link": self.link.hex()})


@dataclass(frozen=True)
class Verified:
    """How many entries of how many chains were looked at, and where a station's chain is not what was written."""

    entries: int
    stations: int
    breaks: tuple[tuple[UUID, ChainBreak], ...]


def read_anchors(text: str) -> tuple[Anchor, ...]:
    """Return the anchors of a file's text; raise InvalidInputError that names the line which is none."""
    return tuple(_read(line, number) for number, line in enumerate(text.splitlines(), start=1) if line.strip())


def anchors_now(session: Session, now: datetime) -> tuple[Anchor, ...]:
    """Return an anchor for each chain as it ends now; raise ConflictError where one was tampered with."""
    for station, _ in _broken(session, ()):
        raise ConflictError(
            Message("The audit log of station %(station)s is broken: see “weibao audit verify”.", {"station": station})
        )
    heads = session.scalars(select(AuditHead).where(AuditHead.number > 0).order_by(AuditHead.station_id))
    return tuple(Anchor(now, head.station_id, head.number, head.link) for head in heads)


def verify_all(session: Session, anchors: Sequence[Anchor] = ()) -> Verified:
    """Look at every station's chain, and at whether it still has what was anchored."""
    stations = _stations(session, anchors)
    entries = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    return Verified(entries, len(stations), tuple(_broken(session, anchors)))


def _broken(session: Session, anchors: Sequence[Anchor]) -> Iterator[tuple[UUID, ChainBreak]]:
    for station in _stations(session, anchors):
        mine = (anchor for anchor in anchors if anchor.station_id == station)
        if found := verify_chain(session, station) or _beside(session, mine):
            yield station, found


def _beside(session: Session, anchors: Iterable[Anchor]) -> ChainBreak | None:
    for anchor in anchors:
        if end_at(session, anchor.station_id, anchor.number) != anchor.link:
            return ChainBreak(
                anchor.number,
                Message("The audit log is not the one that was anchored: an earlier state was put back, or another."),
            )
    return None


def _stations(session: Session, anchors: Iterable[Anchor]) -> list[UUID]:
    """Return every station that has a chain, should have one, or has remains of one."""
    entries, heads = (
        session.scalars(select(AuditEntry.station_id).distinct()),
        session.scalars(select(AuditHead.station_id)),
    )
    return sorted({*entries, *heads, *(anchor.station_id for anchor in anchors)})


def _read(line: str, number: int) -> Anchor:
    try:
        said = json.loads(line)
        at, link = datetime.fromisoformat(said["at"]), bytes.fromhex(said["link"])
        return Anchor(at, UUID(said["station"]), int(said["number"]), link)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInputError(
            Message("Line %(number)s of the anchors is no anchor: take the file as it was written.", {"number": number})
        ) from error
