"""What volunteers say of when, where and with whom they serve, and when they and shared rooms are busy elsewhere."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, LocalTime, Moment, StationScoped, Text20, word
from core.db.sealed import Encrypted, Sealed, SealedText


class VolunteerAnswer(StationScoped, Base):
    """What a volunteer said beside their times: how often a week, where, in which programs, with whom."""

    __tablename__ = "volunteer_answers"
    __table_args__ = (CheckConstraint("max_per_week > 0", name="max_per_week"),)

    id: Mapped[Key]
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), unique=True)
    #: None: as often as a day and a term allow.
    max_per_week: Mapped[int | None]
    #: Ids of the venues they go to; none: anywhere.
    venues: Mapped[list[str]] = mapped_column(default=list)
    #: How much they like a program, by its key, from 2 to -2; -3: never.
    programs: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    #: With whom and without whom they serve, as `Company` writes it; for the planner and the head.
    sealed_company: Mapped[Sealed | None] = mapped_column("company", Encrypted())
    company = SealedText[str | None]("sealed_company")
    #: The whole answer before this one, as `Answer` writes it, so that a save can be taken back.
    sealed_before: Mapped[Sealed | None] = mapped_column("before", Encrypted())
    before = SealedText[str | None]("sealed_before")
    said_at: Mapped[Moment]
    said_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class BusyWay(StrEnum):
    """How busy times came: from an address that is asked again and again, from a file, or by hand."""

    ADDRESS = "address"
    FILE = "file"
    HAND = "hand"


class BusyCalendar(StationScoped, Base):
    """A calendar of a volunteer's, or of a room shared with others; of what it says only its busy times stay."""

    __tablename__ = "busy_calendars"
    __table_args__ = (CheckConstraint("volunteer_id IS NULL OR room_id IS NULL", name="one_owner"),)

    id: Mapped[Key]
    volunteer_id: Mapped[UUID | None] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    way: Mapped[BusyWay] = mapped_column(word(BusyWay))
    #: Whoever knows the address reads the whole calendar.
    sealed_url: Mapped[Sealed | None] = mapped_column("url", Encrypted())
    url = SealedText[str | None]("sealed_url")
    sealed_etag: Mapped[Sealed | None] = mapped_column("etag", Encrypted())
    etag = SealedText[str | None]("sealed_etag")
    given_at: Mapped[Moment]
    #: When it was read last, and when it is read next; None for what isn't fetched.
    read_at: Mapped[Moment | None]
    next_fetch_at: Mapped[Moment | None] = mapped_column(index=True)
    #: Why it couldn't be read the last time, as `Trouble` says it; empty: it could.
    failure: Mapped[Text20] = mapped_column(default="")
    #: How many of its entries made no sense.
    unread: Mapped[int] = mapped_column(default=0)

    times: Mapped[list["BusyTime"]] = relationship(cascade="all, delete-orphan", order_by="BusyTime.starts_at")


class BusyTime(StationScoped, Base):
    """A stretch in which somebody, or a room, is taken elsewhere; wall-clock time of the station."""

    __tablename__ = "busy_times"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="starts_before_ends"),)

    id: Mapped[Key]
    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("busy_calendars.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[LocalTime]
    ends_at: Mapped[LocalTime]
