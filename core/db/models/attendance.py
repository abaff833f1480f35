"""Attendance: which children were at a session, and who of the volunteers served in it."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, LocalTime, Moment, OfAChild, StationScoped, word
from core.db.models.activity import ActivitySession
from core.db.models.child import Child
from core.db.models.volunteer import Volunteer
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.vocabulary import Presence, SensitiveField


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


class Handover(OfAChild, Base):
    """When a child came to a session, when it went home, and with whom; `alarm_at` where somebody who may not came."""

    __tablename__ = "handovers"
    __table_args__ = (
        UniqueConstraint("session_id", "child_id"),
        CheckConstraint("arrived_at <= left_at", name="arrived_before_left"),
    )

    id: Mapped[Key]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    #: From when until when, in the station's wall-clock time; empty where it wasn't noted.
    arrived_at: Mapped[LocalTime | None]
    left_at: Mapped[LocalTime | None]
    #: The guardian or the person for the pick-up, as the file had them; they may have been taken out of it since.
    person_id: Mapped[UUID | None]
    #: Who it was in words, and for whom the file doesn't name why the child was handed over to them.
    sealed_collector: Mapped[Sealed | None] = mapped_column("collector", Encrypted(SensitiveField.CONTACTS))
    collector = SealedText[str | None]("sealed_collector")
    #: When last somebody came for the child who may not.
    alarm_at: Mapped[Moment | None]
    noted_at: Mapped[Moment]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    session: Mapped[ActivitySession] = relationship()
    child: Mapped[Child] = relationship()

    def __repr__(self) -> str:
        return f"<Handover {self.id}>"


class VolunteerPresence(StationScoped, Base):
    """A stay of a volunteer at a session: whoever leaves and comes back has two, and nobody two that go on.

    The database refuses whoever may not serve on the session's day.
    """

    __tablename__ = "volunteer_presences"
    __table_args__ = (
        Index(
            "uq_volunteer_presences_here",
            "session_id",
            "volunteer_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        CheckConstraint("arrived_at <= left_at", name="arrived_before_left"),
    )

    id: Mapped[Key]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id"), index=True)
    #: The session's day as it was held.
    served_on: Mapped[date]
    #: From when until when, in the station's wall-clock time; empty where it wasn't noted.
    arrived_at: Mapped[LocalTime | None]
    left_at: Mapped[LocalTime | None]
    noted_at: Mapped[Moment]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    session: Mapped[ActivitySession] = relationship()
    volunteer: Mapped[Volunteer] = relationship()
