"""The program's own tables: ratios for child care, booked appointments, and families who were there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.plugin_api import Base, Key, LocalTime, Message, Moment, OfAChild, StationScoped, Text200, Told

#: More grown-ups of one family than this are a slip of the finger.
MOST_ADULTS = 4


class CareRatio(StationScoped, Base):
    """How many children up to an age, in whole years, one adult may look after at a station, and who says so."""

    __tablename__ = "parent_school_ratios"
    __table_args__ = (
        UniqueConstraint("station_id", "up_to_age"),
        CheckConstraint("up_to_age BETWEEN 0 AND 17", name="up_to_age"),
        CheckConstraint("children_per_adult BETWEEN 1 AND 30", name="children_per_adult"),
    )

    id: Mapped[Key]
    up_to_age: Mapped[int]
    children_per_adult: Mapped[int]
    source: Mapped[Text200] = mapped_column(default="")

    def __str__(self) -> str:
        return f"≤ {self.up_to_age}: {self.children_per_adult}"


class Booking(OfAChild, Base):
    """An appointment that a family was given; the family is known by a child's file, and nothing is said of why.

    `agreed_for` is the station's wall-clock time of which the family was told: a session may be moved afterwards.
    """

    __tablename__ = "parent_school_bookings"
    __table_args__ = (
        Index(
            "uq_parent_school_bookings_one_family_per_slot",
            "session_id",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        CheckConstraint("cancelled_at IS NULL OR booked_at <= cancelled_at", name="booked_before_cancelled"),
    )

    told = Told(
        Message("Appointments for advice"),
        {
            "agreed_for": Message("Agreed for"),
            "booked_at": Message("Booked at"),
            "cancelled_at": Message("Cancelled at"),
        },
    )
    ended_by = frozenset({"cancelled_at"})

    id: Mapped[Key]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    agreed_for: Mapped[LocalTime]
    booked_at: Mapped[Moment]
    booked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    cancelled_at: Mapped[Moment | None]

    @property
    def is_active(self) -> bool:
        """Say whether the family still has the appointment."""
        return self.cancelled_at is None

    def is_moved(self, starts_at: datetime) -> bool:
        """Say whether the session is now at another time than the family was told."""
        return self.agreed_for != starts_at

    def __repr__(self) -> str:
        return f"<Booking {self.id}>"


class FamilyAttendance(OfAChild, Base):
    """How many grown-ups of a family were at a talk or at a part of a course; the family is known by a child's file."""

    __tablename__ = "parent_school_attendance"
    __table_args__ = (
        UniqueConstraint("session_id", "child_id"),
        CheckConstraint(f"adults BETWEEN 1 AND {MOST_ADULTS}", name="adults"),
    )
    told = Told(
        Message("Families at talks"),
        {"adults": Message("Grown-ups who came"), "noted_at": Message("Noted at")},
    )

    id: Mapped[Key]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    adults: Mapped[int]
    noted_at: Mapped[Moment]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    def __repr__(self) -> str:
        return f"<FamilyAttendance {self.id}>"
