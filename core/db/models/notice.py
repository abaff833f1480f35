"""Notices: the outbox, and how each person wants to hear."""

from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Key, Moment, StationScoped, Text20, Text80, Text200, word
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.notices import Channel, NoticeKind, NoticeState, Pace


class OutboxNotice(StationScoped, Base):
    """Something that somebody is told: written with what it is about, in one transaction, and sent after it.

    It has neither address nor wording: both are found when it is sent.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("recipient", "kind", "key"),
        Index("ix_outbox_due", "state", "not_before"),
        CheckConstraint("volunteer_id IS NULL OR user_id IS NULL", name="one_recipient"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name="sending_is_leased"),
        CheckConstraint("state NOT IN ('sending', 'sent') OR message_id IS NOT NULL", name="sent_as_a_message"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_a_moment"),
    )

    id: Mapped[Key]
    kind: Mapped[NoticeKind] = mapped_column(word(NoticeKind))
    #: Whom it is for, as `Addressee.key` says it: keys of rows may be missing, and two that are missing are not equal.
    recipient: Mapped[Text80]
    volunteer_id: Mapped[UUID | None] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("sessions.id", ondelete="SET NULL"), index=True)
    key: Mapped[Text200]
    #: As in `Notice.facts`: ids, and the wording and times of sessions.
    facts: Mapped[dict[str, Any]]
    urgent: Mapped[bool] = mapped_column(default=False)
    state: Mapped[NoticeState] = mapped_column(word(NoticeState), default=NoticeState.WAITING)
    #: None until it is decided, shortly before it goes.
    channel: Mapped[Channel | None] = mapped_column(word(Channel))
    put_at: Mapped[Moment]
    not_before: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    #: Until when the server that is at it has it to itself, and which server that is.
    leased_until: Mapped[Moment | None]
    leased_by: Mapped[Text80] = mapped_column(default="")
    #: The message that carries it, alone or with others; the same when it is sent again, so that a second can be told.
    message_id: Mapped[UUID | None] = mapped_column(index=True)
    #: Why it failed last, as a code.
    error: Mapped[Text80] = mapped_column(default="")
    sent_at: Mapped[Moment | None]
    #: Who called, or asked for it to be sent again.
    handled_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    handled_at: Mapped[Moment | None]

    def __repr__(self) -> str:
        return f"<OutboxNotice {self.id}>"


class NoticeChoices(StationScoped, Base):
    """How a volunteer or an account wants to hear; who has none is told by what the station knows of them."""

    __tablename__ = "notice_choices"
    __table_args__ = (CheckConstraint("(volunteer_id IS NULL) <> (user_id IS NULL)", name="of_one_person"),)

    id: Mapped[Key]
    volunteer_id: Mapped[UUID | None] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), unique=True)
    #: Of an account that is no volunteer's: those hear as the volunteer chose.
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    sealed_mail: Mapped[Sealed | None] = mapped_column("mail", Encrypted())
    mail = SealedText[str | None]("sealed_mail")
    #: For text messages; a volunteer without one has the number of their file.
    sealed_mobile: Mapped[Sealed | None] = mapped_column("mobile", Encrypted())
    mobile = SealedText[str | None]("sealed_mobile")
    #: The member's id in the organization's WeChat Work.
    sealed_wecom: Mapped[Sealed | None] = mapped_column("wecom", Encrypted())
    wecom = SealedText[str | None]("sealed_wecom")
    #: `Channel`s, the one to try first; empty: whichever there is.
    channels: Mapped[list[str]] = mapped_column(default=list)
    language: Mapped[Text20] = mapped_column(default="zh_Hans_CN")
    quiet_from: Mapped[time] = mapped_column(default=time(21))
    quiet_until: Mapped[time] = mapped_column(default=time(8))
    pace: Mapped[Pace] = mapped_column(word(Pace), default=Pace.AT_ONCE)
    #: Duties come as invitations that a calendar program answers, one mail each.
    invitations: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[Moment]

    def __repr__(self) -> str:
        return f"<NoticeChoices {self.id}>"
