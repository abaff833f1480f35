"""What hangs on a file and is entered piece by piece: guardians, who may pick the child up, categories with proof."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, ChildCategoryMark, Guardian, PickUpPerson
from core.db.opening import MachinePath, reading
from core.db.session import vault_of
from core.domain.actor import Actor
from core.domain.child_file import EvidenceKind
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.vocabulary import ChildCategory, ChildFileKind
from core.services.children.digest import refresh
from core.services.children.entry import GuardianEntry, PickUpEntry, checked_guardian, checked_pick_up
from core.services.children.keeping import fill_guardian, guardian_row, locked_child, note
from core.services.files import keep_child_file

_NOTE_LENGTH: Final = 500
Part = TypeVar("Part", Guardian, PickUpPerson, ChildCategoryMark)


@dataclass(frozen=True, kw_only=True)
class CategoryEntry:
    """A category of a child, since when, and what shows it."""

    category: ChildCategory = field(repr=False)
    from_day: date
    evidence: EvidenceKind | None = field(default=None, repr=False)
    evidence_day: date | None = None
    evidence_note: str = field(default="", repr=False)
    #: A scan, PDF, JPEG or PNG, with its name.
    file_name: str = field(default="", repr=False)
    file: bytes = field(default=b"", repr=False)


def find_part(session: Session, model: type[Part], part_id: UUID) -> Part:
    """Return a guardian, a person for the pick-up or a category in reach; raise NotFoundError otherwise."""
    row = session.scalars(select(model).where(model.id == part_id)).one_or_none()
    if row is None:
        raise NotFoundError(Message("There is no such entry."))
    return row


def add_guardian(
    session: Session, actor: Actor, clock: Clock, child_id: UUID, entry: GuardianEntry, *, demo: bool = False
) -> Guardian:
    """Add a guardian to a file; raise FieldError for what can't be right."""
    child = locked_child(session, child_id)
    row = guardian_row(vault_of(session), child, checked_guardian(entry, demo=demo))
    session.add(row)
    _changed(session, actor, clock, child, "guardian.added", row.id)
    return row


def change_guardian(
    session: Session, actor: Actor, clock: Clock, guardian_id: UUID, entry: GuardianEntry, *, demo: bool = False
) -> Guardian:
    """Change a guardian; what is empty and kept stays. Raises FieldError for what can't be right."""
    row = find_part(session, Guardian, guardian_id)
    child = locked_child(session, row.child_id)
    fill_guardian(vault_of(session), row, checked_guardian(entry, demo=demo))
    _changed(session, actor, clock, child, "guardian.changed", row.id)
    return row


def remove_guardian(session: Session, actor: Actor, clock: Clock, guardian_id: UUID) -> Child:
    """Take a guardian out of a file and return the file."""
    row = find_part(session, Guardian, guardian_id)
    child = locked_child(session, row.child_id)
    session.delete(row)
    _changed(session, actor, clock, child, "guardian.removed", guardian_id)
    return child


def add_pick_up(
    session: Session, actor: Actor, clock: Clock, child_id: UUID, entry: PickUpEntry, *, demo: bool = False
) -> PickUpPerson:
    """Note somebody who may pick the child up, or may not; raise FieldError for what can't be right."""
    child = locked_child(session, child_id)
    made = checked_pick_up(entry, demo=demo)
    row = PickUpPerson(station_id=child.station_id, child_id=child.id, allowed=made.allowed)
    row.name, row.relation, row.phone, row.note = made.name, made.relation, made.phone, made.note
    session.add(row)
    _changed(session, actor, clock, child, "pick_up.added", row.id)
    return row


def remove_pick_up(session: Session, actor: Actor, clock: Clock, person_id: UUID) -> Child:
    """Take a person for the pick-up out of a file and return the file."""
    row = find_part(session, PickUpPerson, person_id)
    child = locked_child(session, row.child_id)
    session.delete(row)
    _changed(session, actor, clock, child, "pick_up.removed", person_id)
    return child


def add_category(
    session: Session, actor: Actor, clock: Clock, child_id: UUID, entry: CategoryEntry, *, today: date
) -> ChildCategoryMark:
    """Note that a child is of a category; ConflictError where that holds already.

    Raises InvalidInputError for days that can't be, and for a file that is no scan.
    """
    child = locked_child(session, child_id)
    if entry.from_day > today or (entry.evidence_day or today) > today:
        raise InvalidInputError(Message("The day lies in the future: correct it."))
    with reading(session, MachinePath.FILES):
        holding = {row.category for row in child.categories if row.until_day is None or row.until_day >= entry.from_day}
    if entry.category.value in holding:
        raise ConflictError(Message("The child is of this category already: end that one first."))
    row = ChildCategoryMark(station_id=child.station_id, child_id=child.id, category=entry.category.value)
    row.from_day, row.evidence_day = entry.from_day, entry.evidence_day
    row.evidence = entry.evidence.value if entry.evidence else None
    row.evidence_note = entry.evidence_note.strip()[:_NOTE_LENGTH] or None
    if entry.file:
        kept = keep_child_file(session, actor, clock, child, ChildFileKind.EVIDENCE, entry.file_name, entry.file)
        row.evidence_file_id = kept.id
    session.add(row)
    _changed(session, actor, clock, child, "category.added", row.id)
    return row


def end_category(session: Session, actor: Actor, clock: Clock, mark_id: UUID, *, until: date, today: date) -> Child:
    """Note the last day on which a child is of a category, and return the file."""
    row = find_part(session, ChildCategoryMark, mark_id)
    child = locked_child(session, row.child_id)
    if until > today or (row.from_day is not None and until < row.from_day):
        raise InvalidInputError(Message("A category ends after it began and not in the future: correct the day."))
    row.until_day = until
    _changed(session, actor, clock, child, "category.ended", row.id)
    return child


def _changed(session: Session, actor: Actor, clock: Clock, child: Child, action: str, part_id: UUID) -> None:
    session.flush()
    session.expire(child, ["guardians", "categories", "pick_ups"])
    child.changed_at = clock.now()
    with reading(session, MachinePath.FILES):
        refresh(child)
    session.flush()
    note(session, actor, clock, child, action, {"entry": str(part_id)})
