"""Two files side by side before they are merged: what is sensitive shows only as the same, different or missing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.base import OfAChild
from core.db.models import Attendance, Child, Consent, GroupMember, Guardian, PickUpPerson, Visit
from core.db.opening import MachinePath, reading
from core.domain.errors import Message


class Likeness(Enum):
    """How a sensitive field of two files compares, which is all that is told of it."""

    SAME = Message("The same in both")
    DIFFERENT = Message("Different: the kept file's stays, the other's goes into the history")
    FILLED = Message("Empty in the kept file: it is filled from the other")
    MISSING = Message("Empty in the other file")


@dataclass(frozen=True)
class Compared:
    """A line of the comparison: what each file says, or how the two compare where nobody may read it here."""

    label: Message
    kept: str | int | None = field(default=None, repr=False)
    former: str | int | None = field(default=None, repr=False)
    likeness: Likeness | None = None


_SENSITIVE: Final = (
    ("id_number", Message("Number of the document")),
    ("birth_date", Message("Date of birth")),
    ("address", Message("Address")),
    ("health", Message("Health")),
    ("emergency_phone", Message("Phone in an emergency")),
)
_COUNTED: Final[tuple[tuple[type[OfAChild], Message], ...]] = (
    (Guardian, Message("Guardians")),
    (PickUpPerson, Message("Persons for the pick-up")),
    (GroupMember, Message("Groups")),
    (Consent, Message("Consents")),
    (Attendance, Message("Notes of attendance")),
    (Visit, Message("Visits")),
)


def compared(session: Session, kept: Child, former: Child) -> Sequence[Compared]:
    """Return the lines of the comparison: names as they are, sensitive fields by likeness, all else by counts.

    Categories are not counted: that a child is of any is nobody's business who doesn't need it.
    """
    lines = [
        Compared(Message("Number"), kept.number, former.number),
        Compared(Message("Full name"), kept.name, former.name),
        Compared(Message("School"), kept.school, former.school),
    ]
    with reading(session, MachinePath.FILES):
        for name, label in _SENSITIVE:
            likeness = _likeness(getattr(kept, name), getattr(former, name))
            if likeness is not None:
                lines.append(Compared(label, likeness=likeness))
    for model, label in _COUNTED:
        lines.append(Compared(label, _count(session, model, kept), _count(session, model, former)))
    return lines


def _count(session: Session, model: type[OfAChild], child: Child) -> int:
    query = select(func.count()).select_from(model).where(model.child_id == child.id)
    return session.scalar(query) or 0


def _likeness(kept: str | None, former: str | None) -> Likeness | None:
    if not kept and not former:
        return None
    if kept == former:
        return Likeness.SAME
    if not kept:
        return Likeness.FILLED
    return Likeness.DIFFERENT if former else Likeness.MISSING
