"""Sealed files: who may still work with a child whose file is shut to everybody else."""

from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Key, Moment, OfAChild


class SealedChildWorker(OfAChild, Base):
    """Somebody who is named to work with a child whose file is sealed."""

    __tablename__ = "sealed_child_workers"
    __table_args__ = (UniqueConstraint("child_id", "user_id"),)

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    named_at: Mapped[Moment]

    def __repr__(self) -> str:
        return f"<SealedChildWorker {self.id}>"
