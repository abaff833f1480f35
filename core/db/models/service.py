"""Service of volunteers: the ledger of their hours, objections to it, and the certificates that were issued."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, StationScoped, Text20, Text80, Text200, word
from core.db.models.activity import ActivitySession
from core.db.models.volunteer import Volunteer
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.service_hours import Appraisal, EntryKind


class ServiceEntry(StationScoped, Base):
    """A line of the ledger of hours: written once, and never changed; what was wrong is corrected by a further line."""

    __tablename__ = "service_entries"
    __table_args__ = (
        Index(
            "uq_service_entries_served",
            "session_id",
            "volunteer_id",
            unique=True,
            sqlite_where=text("kind = 'served'"),
            postgresql_where=text("kind = 'served'"),
        ),
        CheckConstraint("(kind = 'correction') = (corrects_id IS NOT NULL)", name="correction_of_a_line"),
        CheckConstraint("kind = 'correction' OR minutes >= 0", name="served_minutes"),
        CheckConstraint("kind = 'served' OR reason <> ''", name="correction_has_a_reason"),
    )

    id: Mapped[Key]
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    kind: Mapped[EntryKind] = mapped_column(word(EntryKind))
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_entries.id"))
    served_on: Mapped[date]
    #: What was done, in the words of the volunteer's own calendar.
    title: Mapped[Text200]
    #: Served, or added by the correction: less than 0 where it takes away.
    minutes: Mapped[int]
    appraisal: Mapped[Appraisal | None] = mapped_column(word(Appraisal))
    reason: Mapped[Text200] = mapped_column(default="")
    #: The day from which on it is shown.
    noted_on: Mapped[date]
    noted_at: Mapped[Moment]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    volunteer: Mapped[Volunteer] = relationship()
    session: Mapped[ActivitySession] = relationship()


class ServiceObjection(StationScoped, Base):
    """Somebody says that a line of the ledger is wrong; until it is answered the line isn't final."""

    __tablename__ = "service_objections"

    id: Mapped[Key]
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("service_entries.id"), index=True)
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id"), index=True)
    sealed_text: Mapped[Sealed] = mapped_column("text", Encrypted())
    text = SealedText[str]("sealed_text")
    #: How to reach whoever objected on the public page, empty where they don't say; None where it is the volunteer.
    sealed_contact: Mapped[Sealed | None] = mapped_column("contact", Encrypted())
    contact = SealedText[str | None]("sealed_contact")
    made_at: Mapped[Moment]
    answered_at: Mapped[Moment | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    answer: Mapped[Text200] = mapped_column(default="")

    entry: Mapped[ServiceEntry] = relationship()

    @property
    def in_public(self) -> bool:
        """Tell whether somebody said it on the public page, and not the volunteer."""
        return self.sealed_contact is not None


class ServiceCertificate(StationScoped, Base):
    """A certificate of service: its number, the hash of its address, and what the paper says."""

    __tablename__ = "service_certificates"
    __table_args__ = (UniqueConstraint("station_id", "number"),)

    id: Mapped[Key]
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id"), index=True)
    number: Mapped[Text20]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    issued_on: Mapped[date]
    issued_at: Mapped[Moment]
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    minutes: Mapped[int]
    #: What stands on the paper, as JSON (core.services.hours.certificates).
    sealed_paper: Mapped[Sealed] = mapped_column("paper", Encrypted())
    paper = SealedText[str]("sealed_paper")
    revoked_at: Mapped[Moment | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    revoked_reason: Mapped[Text80] = mapped_column(default="")

    volunteer: Mapped[Volunteer] = relationship()
