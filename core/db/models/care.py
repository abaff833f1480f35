"""How a child's file is kept current: visits, how often they are due, and the turns that a file takes."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Key, LineageScoped, Moment, OfAChild, Text20, Text80, word
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.child_file import LeftReason, Turn, VisitKind
from core.domain.vocabulary import SensitiveField


class Visit(OfAChild, Base):
    """Somebody went to a child, called, or checked the data of its file."""

    __tablename__ = "visits"

    id: Mapped[Key]
    kind: Mapped[VisitKind] = mapped_column(word(VisitKind))
    visited_on: Mapped[date]
    sealed_visitor: Mapped[Sealed] = mapped_column("visitor", Encrypted())
    visitor = SealedText[str]("sealed_visitor")
    sealed_checked: Mapped[Sealed] = mapped_column("checked", Encrypted())
    checked = SealedText[str]("sealed_checked")
    #: The next visit's last day as the visitor set it; sealed, since how soon it is tells of the child's category.
    sealed_next_due: Mapped[Sealed | None] = mapped_column("next_due", Encrypted())
    next_due = SealedText[str | None]("sealed_next_due")
    noted_at: Mapped[Moment]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    def __repr__(self) -> str:
        return f"<Visit {self.id}>"


class ReviewInterval(LineageScoped, Base):
    """How often a station and those below it visit the children of a category."""

    __tablename__ = "review_intervals"
    __table_args__ = (
        UniqueConstraint("station_id", "category"),
        CheckConstraint("months BETWEEN 1 AND 24", name="months"),
    )

    id: Mapped[Key]
    #: `ChildCategory`; not as a word that the database checks, since its schema would then name every category.
    category: Mapped[str] = mapped_column(String(40))
    months: Mapped[int]


class ChildTurn(OfAChild, Base):
    """A child moved, left, came back, or its file took in another one."""

    __tablename__ = "child_turns"

    id: Mapped[Key]
    turn: Mapped[Turn] = mapped_column(word(Turn))
    day: Mapped[date]
    noted_at: Mapped[Moment]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[LeftReason | None] = mapped_column(word(LeftReason))
    #: The names of the stations, which either side may read though the other station is out of its reach.
    from_station: Mapped[Text80] = mapped_column(default="")
    to_station: Mapped[Text80] = mapped_column(default="")
    sealed_note: Mapped[Sealed | None] = mapped_column("note", Encrypted())
    note = SealedText[str | None]("sealed_note")
    #: The file that was merged into this one: what it was, by which old addresses still find the child.
    merged_id: Mapped[UUID | None] = mapped_column(index=True)
    merged_number: Mapped[Text20] = mapped_column(default="")
    sealed_former: Mapped[Sealed | None] = mapped_column("former", Encrypted(SensitiveField.ID_NUMBER))
    #: What the merged file said, as JSON.
    former = SealedText[str | None]("sealed_former")
    #: What it takes to take a merging back, as JSON (core.services.merging.undoing); emptied when that is over.
    sealed_undo: Mapped[Sealed | None] = mapped_column("undo", Encrypted(SensitiveField.ID_NUMBER))
    undo = SealedText[str | None]("sealed_undo")
    #: What followed the child, by table: how many rows.
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    def __repr__(self) -> str:
        return f"<ChildTurn {self.id}>"
