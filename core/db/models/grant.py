"""Leave to read what is sensitive of a child: asked for, decided by somebody else, ended; and glass that was broken."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, OfAChild, StationScoped, word
from core.db.models.user import User
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.vocabulary import GrantState, SensitiveField


class AccessGrant(StationScoped, Base):
    """Somebody's leave to read some fields of some children for a purpose (未成年人网络保护条例, art. 36).

    It holds from `starts_at` until just before `ends_at`, while it is approved. One with `break_glass` was taken and
    not given: nobody decided it, and the head is told.
    """

    __tablename__ = "access_grants"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> user_id", name="decided_by_another"),
        CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name="decided_when"),
        CheckConstraint(
            "break_glass OR decided_by_id IS NOT NULL OR state NOT IN ('approved', 'refused')", name="somebody_decided"
        ),
        CheckConstraint("acknowledged_by_id IS NULL OR acknowledged_by_id <> user_id", name="acknowledged_by_another"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    #: Sealed, since people name children in it; None when its period is over.
    sealed_purpose: Mapped[Sealed | None] = mapped_column("purpose", Encrypted())
    purpose = SealedText[str | None]("sealed_purpose")
    #: Why it was refused, in the words of whoever decided; it goes with the purpose. None in older ones.
    sealed_refusal: Mapped[Sealed | None] = mapped_column("refusal", Encrypted())
    refusal = SealedText[str | None]("sealed_refusal")
    #: `SensitiveField`s, sorted.
    fields: Mapped[list[str]]
    #: Every child of the station and of what lies below it; otherwise `children` are meant.
    all_children: Mapped[bool]
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    state: Mapped[GrantState] = mapped_column(word(GrantState))
    break_glass: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[Moment]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    #: Who has taken note of broken glass.
    acknowledged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    children: Mapped[list["AccessGrantChild"]] = relationship(cascade="all, delete-orphan")

    @property
    def sensitive_fields(self) -> tuple[SensitiveField, ...]:
        """What the grant opens."""
        return tuple(SensitiveField(one) for one in self.fields)

    def is_open(self, now: datetime) -> bool:
        """Tell whether there is something to end: it waits for a decision, or counts now or later."""
        return self.state in {GrantState.ASKED, GrantState.APPROVED} and self.ends_at > now

    def __repr__(self) -> str:
        return f"<AccessGrant {self.id}>"


class AccessGrantChild(OfAChild, Base):
    """A child that a grant names."""

    __tablename__ = "access_grant_children"
    __table_args__ = (UniqueConstraint("grant_id", "child_id"),)

    id: Mapped[Key]
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("access_grants.id", ondelete="CASCADE"), index=True)
