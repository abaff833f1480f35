"""Guardians' consents and what they were asked with, what each guardian may do, and their secret addresses."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Key, Moment, OfAChild, Text20, Text80, word
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.vocabulary import ConsentHow, ConsentPurpose, GuardianAccess, LegalBasis


class Consent(OfAChild, Base):
    """Why the station may do something with a child's data: a guardian's dated consent, or a duty by law.

    A row is never rewritten: the database lets it be withdrawn once, and move with the child's file.
    """

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR given_on <= valid_until", name="given_before_its_end"),
        CheckConstraint("withdrawn_on IS NULL OR given_on <= withdrawn_on", name="given_before_withdrawn"),
        CheckConstraint("(basis = 'duty') = (law IS NOT NULL)", name="a_duty_names_its_law"),
        CheckConstraint("basis <> 'duty' OR withdrawn_on IS NULL", name="a_duty_is_not_withdrawn"),
        CheckConstraint("basis <> 'duty' OR purpose IN ('data', 'health')", name="a_duty_is_to_keep_data"),
    )

    id: Mapped[Key]
    purpose: Mapped[ConsentPurpose] = mapped_column(word(ConsentPurpose))
    basis: Mapped[LegalBasis] = mapped_column(word(LegalBasis), default=LegalBasis.CONSENT)
    law: Mapped[Text80 | None]
    #: Which `ConsentText` of the purpose was shown; None where that was not noted.
    text_version: Mapped[int | None]
    #: Without a foreign key: the ledger outlives the guardian's own row, until the child's file is erased.
    guardian_id: Mapped[UUID | None]
    how: Mapped[ConsentHow] = mapped_column(word(ConsentHow), default=ConsentHow.PAPER)
    #: The scan of the signed paper, a `ChildFile`; added when there is one, and again once that one was dropped.
    scan_id: Mapped[UUID | None]
    given_on: Mapped[date]
    valid_until: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    #: The account's id for paper, the guardian's for a link.
    withdrawn_by: Mapped[UUID | None]
    #: Whose will it was, which may be another guardian than who gave it; None where nobody noted.
    withdrawn_guardian_id: Mapped[UUID | None]
    withdrawn_how: Mapped[ConsentHow | None] = mapped_column(word(ConsentHow, name="withdrawn_how"))

    def __repr__(self) -> str:
        return f"<Consent {self.id}>"


class ConsentText(Base):
    """What guardians are asked with, in one version; kept for ever, since somebody has agreed to it."""

    __tablename__ = "consent_texts"
    __table_args__ = (UniqueConstraint("purpose", "version"),)

    id: Mapped[Key]
    purpose: Mapped[ConsentPurpose] = mapped_column(word(ConsentPurpose))
    version: Mapped[int]
    chinese: Mapped[str] = mapped_column(Text())
    english: Mapped[str] = mapped_column(Text())
    valid_from: Mapped[date]


class GuardianLeave(OfAChild, Base):
    """What a guardian may do at a secret address, and who decided so; without it nothing."""

    __tablename__ = "guardian_leaves"

    id: Mapped[Key]
    guardian_id: Mapped[UUID] = mapped_column(ForeignKey("guardians.id", ondelete="CASCADE"), unique=True)
    access: Mapped[GuardianAccess] = mapped_column(word(GuardianAccess))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[Moment]
    #: Why, such as the number of a court's order: for who decides, nobody else.
    sealed_reason: Mapped[Sealed | None] = mapped_column("reason", Encrypted())
    reason = SealedText[str | None]("sealed_reason")

    def __repr__(self) -> str:
        return f"<GuardianLeave {self.id}>"


class GuardianLink(OfAChild, Base):
    """A guardian's secret address for one child; its second factor is a code on another sheet."""

    __tablename__ = "guardian_links"

    id: Mapped[Key]
    guardian_id: Mapped[UUID] = mapped_column(ForeignKey("guardians.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    #: Keyed HMAC: six digits would be guessed back from a plain hash.
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    #: Of the calendar's own address; None until the guardian asks for one.
    feed_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    feed_opened_at: Mapped[Moment | None]
    feed_fetched_at: Mapped[Moment | None]
    #: The guardian's.
    feed_language: Mapped[Text20] = mapped_column(default="zh_Hans_CN")
    #: Minutes before each session at which the calendar reminds; None: it doesn't.
    feed_alarm: Mapped[int | None]
    created_at: Mapped[Moment]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]
    last_used_at: Mapped[Moment | None]
    failed_codes: Mapped[int] = mapped_column(default=0)
    #: When too many wrong codes were tried: the code is spent, and the address waits for a new one from the station.
    locked_at: Mapped[Moment | None]

    def __repr__(self) -> str:
        return f"<GuardianLink {self.id}>"
