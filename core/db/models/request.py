"""What guardians ask of the station by right: a copy, a correction, deletion, restriction."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Key, Moment, OfAChild, UtcDateTime, word
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.rights import Outcome, ReceivedHow, RequestKind


class RightsRequest(OfAChild, Base):
    """A guardian's request about a child's file; it goes with the file, and the audit log keeps the fact by ids."""

    __tablename__ = "rights_requests"
    __table_args__ = (
        CheckConstraint("received_on <= due_on", name="received_before_due"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered_with_an_outcome"),
    )

    id: Mapped[Key]
    kind: Mapped[RequestKind] = mapped_column(word(RequestKind))
    guardian_id: Mapped[UUID | None] = mapped_column(ForeignKey("guardians.id", ondelete="SET NULL"), index=True)
    received_on: Mapped[date]
    how: Mapped[ReceivedHow] = mapped_column(word(ReceivedHow))
    #: The last day for the answer.
    due_on: Mapped[date]
    entered_at: Mapped[Moment]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    outcome: Mapped[Outcome | None] = mapped_column(word(Outcome))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    sealed_reason: Mapped[Sealed | None] = mapped_column("reason", Encrypted())
    #: Why it was refused, as the guardian is told in writing.
    reason = SealedText[str | None]("sealed_reason")
    #: The names of the fields that were corrected.
    fields: Mapped[list[str]] = mapped_column(default=list)
    #: When a restriction ended; one that was granted and has not ended holds.
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    def __repr__(self) -> str:
        return f"<RightsRequest {self.id}>"
