"""Calendar feeds: their secret addresses, and the ledger of what each has said."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Key, LocalTime, Moment, OfAChild, StationScoped, Text20, Text80, Text200, word


class FeedKind(StrEnum):
    """Whose calendar it is."""

    VOLUNTEER = "volunteer"
    ROOM = "room"
    PROGRAM = "program"
    STATION = "station"


class FeedToken(StationScoped, Base):
    """A feed's secret address: only the token's SHA-256 is stored; the token itself is shown once."""

    __tablename__ = "feed_tokens"

    id: Mapped[Key]
    kind: Mapped[FeedKind] = mapped_column(word(FeedKind))
    #: The volunteer's, room's or station's id, or the program's key.
    subject: Mapped[Text80]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[Moment]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    revoked_at: Mapped[Moment | None]
    last_fetched_at: Mapped[Moment | None]
    #: The subscriber's.
    language: Mapped[Text20] = mapped_column(default="zh_Hans_CN")
    #: Minutes before each session at which the calendar reminds; None: it doesn't.
    alarm: Mapped[int | None]


class OfASession:
    """What a feed says of one session, as last published; one that ended stays, cancelled, so that calendars learn it.

    `sequence` rises with every published change of what is said (RFC 5545, section 3.8.7.4).
    """

    id: Mapped[Key]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[bool] = mapped_column(default=False)
    #: The day's holiday arrangement isn't announced yet.
    provisional: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[LocalTime]
    ends_at: Mapped[LocalTime]
    title: Mapped[Text200]
    location: Mapped[str] = mapped_column(Text())
    description: Mapped[str] = mapped_column(Text())
    #: The program's name and, on a line of its own, its word for the session.
    category: Mapped[Text80]
    #: The same for those who read English.
    title_en: Mapped[Text200] = mapped_column(default="")
    description_en: Mapped[str] = mapped_column(Text(), default="")
    category_en: Mapped[Text80] = mapped_column(default="")
    #: One of the names of CSS, the program's; empty where nobody is to know it.
    color: Mapped[Text20] = mapped_column(default="")
    #: The venue's.
    position: Mapped[Text80] = mapped_column(default="")
    changed_at: Mapped[Moment]


class FeedItem(OfASession, StationScoped, Base):
    """What the feed of a station, program, room or volunteer says of a session."""

    __tablename__ = "feed_items"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "session_id"),
        # Has all that is asked of a feed at each fetch.
        Index("ix_feed_items_of_a_feed", "subject", "kind", "station_id", "cancelled", "changed_at", "sequence"),
    )

    kind: Mapped[FeedKind] = mapped_column(word(FeedKind))
    subject: Mapped[Text80]


class FeedChange(StationScoped, Base):
    """A change of what a volunteer's calendar says of a session: what it said before, and who was told by phone."""

    __tablename__ = "feed_changes"

    id: Mapped[Key]
    item_id: Mapped[UUID] = mapped_column(ForeignKey("feed_items.id", ondelete="CASCADE"), index=True)
    changed_at: Mapped[Moment]
    #: None: it said nothing, or that the session was cancelled.
    was_starts_at: Mapped[LocalTime | None]
    was_location: Mapped[str] = mapped_column(Text(), default="")
    #: When staff called the volunteer about it.
    called_at: Mapped[Moment | None]
    called_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class ChildFeedItem(OfASession, OfAChild, Base):
    """What the calendar of a child's guardians has said of a session; it goes with the child's file, and is as shut."""

    __tablename__ = "child_feed_items"
    __table_args__ = (UniqueConstraint("child_id", "session_id"),)

    def __repr__(self) -> str:
        return f"<ChildFeedItem {self.id}>"
