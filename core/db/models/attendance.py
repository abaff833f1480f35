"""Attendance: which children were at a session."""

from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, OfAChild, word
from core.db.models.activity import ActivitySession
from core.db.models.child import Child
from core.domain.vocabulary import Presence


class Attendance(OfAChild, Base):
    """Whether a child was at a session, as somebody of the station noted it."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("session_id", "child_id"),)

    id: Mapped[Key]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    presence: Mapped[Presence] = mapped_column(word(Presence))
    noted_at: Mapped[Moment]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    session: Mapped[ActivitySession] = relationship()
    child: Mapped[Child] = relationship()

    def __repr__(self) -> str:
        return f"<Attendance {self.id}>"
