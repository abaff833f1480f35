"""What was erased: by its id alone, so that it can be erased again from a backup that is older."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Key, Moment, StationScoped, word
from core.domain.retention import ErasedKind


class Erasure(StationScoped, Base):
    """That a record was erased, and when; nothing of what it said."""

    __tablename__ = "erasures"
    __table_args__ = (UniqueConstraint("subject_id", "kind", "erased_at"),)

    id: Mapped[Key]
    kind: Mapped[ErasedKind] = mapped_column(word(ErasedKind))
    subject_id: Mapped[UUID]
    erased_at: Mapped[Moment]

    def __repr__(self) -> str:
        return f"<Erasure {self.id}>"
