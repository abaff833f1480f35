"""Making and changing a child's file; each change is recorded by the names of its fields, never by what they say."""

from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from core.db.models import Child, Guardian
from core.db.opening import MachinePath, reading
from core.db.session import vault_of
from core.domain.actor import Actor
from core.domain.ages import school_year
from core.domain.child_file import IdDocument
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message, NotFoundError
from core.domain.numbering import next_of
from core.security.vault import Vault
from core.services.audit import record, wait_turn
from core.services.children.digest import refresh
from core.services.children.duplicates import id_number_index, name_birth_index, numbers_at, refuse_taken
from core.services.children.entry import (
    STORED,
    ChildEntry,
    GuardianEntry,
    checked_entry,
    checked_guardian,
    refuse_grown_up,
)

#: With it begin the numbers that stations give files by themselves.
_LETTER: Final = "C"
_STALE: Final = Message("Somebody changed this file meanwhile: compare below what they entered, then save once more.")


class StaleFileError(ConflictError):
    """The file was changed since the person loaded it; what they typed is kept for them."""

    code = "stale_file"


def find_child(session: Session, child_id: UUID) -> Child:
    """Return a file in reach; raise NotFoundError otherwise."""
    child = session.scalars(select(Child).where(Child.id == child_id)).one_or_none()
    if child is None:
        raise NotFoundError(Message("There is no such file."))
    return child


def create_child(
    session: Session,
    actor: Actor,
    clock: Clock,
    station_id: UUID,
    entry: ChildEntry,
    guardians: tuple[GuardianEntry, ...] = (),
    *,
    today: date,
    demo: bool = False,
) -> Child:
    """Make a file and return it; without a number in the entry it gets the station's next one.

    Raises FieldError for what can't be right, and for an ID number or a file's number that is taken already.
    """
    entry = checked_entry(entry, today=today, demo=demo)
    refuse_grown_up(entry, today)
    people = [checked_guardian(guardian, demo=demo) for guardian in guardians]
    wait_turn(session, station_id)
    entry = replace(entry, number=entry.number or next_of(_LETTER, numbers_at(session, station_id)))
    refuse_taken(session, station_id, entry, but=None)
    child = Child(station_id=station_id, number=entry.number, created_at=clock.now(), version=1)
    _fill(vault_of(session), child, entry, today)
    child.guardians = [guardian_row(vault_of(session), child, person) for person in people]
    refresh(child)
    session.add(child)
    session.flush()
    note(session, actor, clock, child, "child.created", {"guardians": len(people)})
    return child


def change_child(
    session: Session,
    actor: Actor,
    clock: Clock,
    child_id: UUID,
    entry: ChildEntry,
    *,
    version: int,
    today: date,
    demo: bool = False,
) -> Child:
    """Change a file and return it; `version` is the one that the person has seen.

    Raises StaleFileError if it has changed since, FieldError for what can't be right or is taken already.
    """
    child = locked_child(session, child_id)
    if child.version != version:
        raise StaleFileError(_STALE)
    # What the person can't see is kept and compared; nothing of it leaves the service.
    with reading(session, MachinePath.FILES):
        entry = checked_entry(_with_kept(child, entry), today=today, demo=demo, stored=child.id_number)
        wait_turn(session, child.station_id)
        refuse_taken(session, child.station_id, entry, but=child)
        changed = _fill(vault_of(session), child, entry, today)
    if changed:
        touch(session, child, clock)
        session.flush()
        note(session, actor, clock, child, "child.changed", {"fields": sorted(changed)})
    return child


def locked_child(session: Session, child_id: UUID) -> Child:
    """Return a file as it is now, which nobody else changes until the transaction ends."""
    query = select(Child).where(Child.id == child_id).with_for_update().execution_options(populate_existing=True)
    child = session.scalars(query).one_or_none()
    if child is None:
        raise NotFoundError(Message("There is no such file."))
    return child


def touch(session: Session, child: Child, clock: Clock) -> None:
    """Count a change of the file, and bring what lists show into line."""
    child.version += 1
    child.changed_at = clock.now()
    with reading(session, MachinePath.FILES):
        refresh(child)


def note(session: Session, actor: Actor, clock: Clock, child: Child, action: str, detail: dict[str, Any]) -> None:
    """Record what happened to a file in its station's audit log."""
    record(
        session,
        actor,
        clock,
        station_id=child.station_id,
        action=action,
        subject_kind="child",
        subject_id=child.id,
        detail=detail,
    )


def guardian_row(vault: Vault, child: Child, entry: GuardianEntry) -> Guardian:
    """Return a guardian's row for a file."""
    row = Guardian(station_id=child.station_id, child_id=child.id)
    fill_guardian(vault, row, entry)
    return row


def fill_guardian(vault: Vault, row: Guardian, entry: GuardianEntry) -> None:
    """Bring a guardian's row into line with a checked entry."""
    row.relation = entry.relation
    if entry.name:
        row.name = entry.name
    if entry.phones:
        first, *more = entry.phones
        row.phone, row.more_phones = first, " ".join(more) or None
        row.phone_index = vault.blind_index("guardians.phone", first)
    if entry.address or "address" not in entry.kept:
        row.address = entry.address


def _with_kept(child: Child, entry: ChildEntry) -> ChildEntry:
    """Return the entry with what is stored in place of the empty fields that the person could not see."""
    kept = {name: _stored(child, name) for name in entry.kept if getattr(entry, name) is None}
    if "id_number" in kept and entry.document is not None and entry.document.value != child.document:
        del kept["id_number"]
    return replace(entry, **kept)


def _stored(child: Child, name: str) -> Any:
    value = getattr(child, name)
    if name == "birth_date":
        return date.fromisoformat(value)
    return IdDocument(value) if name == "document" and value else value


def _fill(vault: Vault, child: Child, entry: ChildEntry, today: date) -> set[str]:
    """Bring a file into line with a checked entry and return the names of the fields that changed."""
    wanted = {name: _plain(getattr(entry, name)) for name in (*STORED, "birth_date")}
    fresh = inspect(child).transient
    different = {name for name, value in wanted.items() if (None if fresh else getattr(child, name)) != value}
    if "grade" in different:
        child.grade_year = school_year(today) if entry.grade else None
    for name in different:
        setattr(child, name, wanted[name])
    child.id_number_index = id_number_index(vault, entry.document, entry.id_number)
    child.name_birth_index = name_birth_index(vault, child.name, child.birth_date)
    return different


def _plain(value: Any) -> Any:
    """Return a value as it is stored: words by their codes, days as text."""
    return value.isoformat() if isinstance(value, date) else getattr(value, "value", value)
