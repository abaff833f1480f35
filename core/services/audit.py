"""The audit log: who did what, written in the transaction of what it records, and proof that nothing was changed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, AuditHead, Station
from core.db.session import vault_of
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError

_BEGINNING: Final = bytes(32)
#: The head is linked once more, so that no entry's link can stand in for it when the last entries are cut off.
_END: Final = b"end"


@dataclass(frozen=True)
class ChainBreak:
    """Where a station's audit chain is not what was written: the number of the entry, and what is wrong."""

    number: int
    message: Message


@dataclass(frozen=True)
class Event:
    """What happened to what, as an entry says it."""

    action: str
    subject_kind: str
    subject_id: UUID | None
    detail: Mapping[str, Any]


def record(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    station_id: UUID,
    action: str,
    subject_kind: str,
    subject_id: UUID | None,
    detail: Mapping[str, Any],
) -> AuditEntry:
    """Add an entry to the station's chain, in the session's transaction, and return it.

    `detail` is JSON and says what happened without a child's data and without any secret. Entries of one station wait
    for each other: until the transaction ends nobody else adds to the chain.
    """
    (entry,) = record_all(session, actor, clock, station_id, [Event(action, subject_kind, subject_id, detail)])
    return entry


def record_all(
    session: Session, actor: Actor, clock: Clock, station_id: UUID, events: Iterable[Event]
) -> tuple[AuditEntry, ...]:
    """Add entries to the station's chain as `record` does, in their order and at one moment."""
    head, vault, now = _lock_head(session, station_id), vault_of(session), clock.now()
    entries = []
    for event in events:
        entry = AuditEntry(
            station_id=station_id,
            number=head.number + 1,
            at=now,
            actor_id=actor.user_id,
            action=event.action,
            subject_kind=event.subject_kind,
            subject_id=event.subject_id,
            detail=dict(event.detail),
        )
        entry.link = vault.link(head.link, _content(entry))
        head.number, head.link = entry.number, vault.link(entry.link, _END)
        entries.append(entry)
    session.add_all(entries)
    session.flush()
    return tuple(entries)


def verify_chain(session: Session, station_id: UUID) -> ChainBreak | None:
    """Return the first place at which the station's chain was changed, reordered or cut off; None: it is whole.

    What can't be told is a whole database put back to an earlier state: for that there are anchors.
    """
    vault = vault_of(session)
    end, number = _BEGINNING, 0
    for entry in session.scalars(_entries(station_id)):
        number += 1
        if entry.number != number:
            return ChainBreak(number, Message("An entry is missing from the audit log."))
        if entry.link != vault.link(end, _content(entry)):
            return ChainBreak(number, Message("An entry of the audit log, or what stood before it, was changed."))
        end = vault.link(entry.link, _END)
    head = session.scalar(_head(station_id))
    if (head.number, head.link) != (number, end) if head else number:
        return ChainBreak(number + 1, Message("The end of the audit log was cut off or changed."))
    return None


def _lock_head(session: Session, station_id: UUID) -> AuditHead:
    locked = _head(station_id).with_for_update().execution_options(populate_existing=True)
    if head := session.scalar(locked):
        return head
    # The first entry: who comes second waits at the station's row, and then finds the head.
    station = select(Station.id).where(Station.id == station_id).with_for_update(key_share=True)
    if session.scalar(station) is None:
        raise NotFoundError(Message("There is no such station."))
    head = session.scalar(locked)
    if head is None:
        head = AuditHead(station_id=station_id, number=0, link=_BEGINNING)
        session.add(head)
    return head


def end_at(session: Session, station_id: UUID, number: int) -> bytes | None:
    """Return the 32 bytes that closed the station's chain when this entry was its last; None without such an entry."""
    link = session.scalar(
        select(AuditEntry.link).where(AuditEntry.station_id == station_id, AuditEntry.number == number)
    )
    return None if link is None else vault_of(session).link(link, _END)


def _head(station_id: UUID) -> Select[AuditHead]:
    return select(AuditHead).where(AuditHead.station_id == station_id)


def _entries(station_id: UUID) -> Select[AuditEntry]:
    return select(AuditEntry).where(AuditEntry.station_id == station_id).order_by(AuditEntry.number)


def _content(entry: AuditEntry) -> bytes:
    """Return all that the entry says as canonical JSON: sorted keys, no spaces, UTF-8."""
    content = {
        "station": entry.station_id.hex,
        "number": entry.number,
        "at": entry.at.isoformat(),
        "actor": entry.actor_id.hex if entry.actor_id else None,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id.hex if entry.subject_id else None,
        "detail": entry.detail,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
