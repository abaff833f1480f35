"""The program's own tables: partner schools with their days, teachers and classes, and what they have agreed to."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.plugin_api import (
    Base,
    BySecret,
    Key,
    LocalTime,
    Message,
    Moment,
    StationScoped,
    Text80,
    Text200,
    word,
)


class DayKind(StrEnum):
    """What is special about some days of a school."""

    EXAM = "exam"
    CLOSED = "closed"
    OPEN = "open"
    LESSONS = "lessons"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _DAY_KINDS[self.value]


_DAY_KINDS: Final = {
    "exam": Message("Exams"),
    "closed": Message("Closed"),
    "open": Message("Open all the same"),
    "lessons": Message("Lessons on a free day"),
}


class State(StrEnum):
    """What a school has said of a session that it was asked for."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    PROPOSED = "proposed"


class SchoolAgreement(StationScoped, Base):
    """What a station has agreed with a school: for how long, for which rooms, and whose task it is at the school.

    `contact` is an office or a function, never a person's name.
    """

    __tablename__ = "school_link_agreements"
    __table_args__ = (
        UniqueConstraint("station_id", "school", "valid_from"),
        CheckConstraint("valid_from <= valid_until", name="from_before_until"),
    )

    id: Mapped[Key]
    school: Mapped[Text80]
    rooms: Mapped[Text200]
    contact: Mapped[Text80]
    valid_from: Mapped[date]
    valid_until: Mapped[date]

    def __str__(self) -> str:
        return self.school


class School(StationScoped, Base):
    """A partner school: a venue of core's, whose rooms and breaks core knows, with what else the program needs.

    Between `opens` and `closes` the station may use its rooms; on days with lessons its pupils are free from
    `lessons_end` on, and `way` is the minutes that they need to the station. `liaison` is an office or a function.
    """

    __tablename__ = "school_link_schools"
    __table_args__ = (
        UniqueConstraint("venue_id"),
        CheckConstraint("opens < closes", name="opens_before_it_closes"),
        CheckConstraint("way BETWEEN 0 AND 240", name="way"),
    )

    id: Mapped[Key]
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venues.id"))
    opens: Mapped[time]
    closes: Mapped[time]
    lessons_end: Mapped[time]
    way: Mapped[int] = mapped_column(default=20)
    liaison: Mapped[Text80] = mapped_column(default="")
    #: The liaison teacher, where that is one of the station's volunteers.
    liaison_id: Mapped[UUID | None] = mapped_column(ForeignKey("volunteers.id", ondelete="SET NULL"))
    #: Nothing is published that the school hasn't confirmed.
    confirms: Mapped[bool] = mapped_column(default=False)

    venue: Mapped[Any] = relationship("Venue", lazy="joined", viewonly=True)

    @property
    def name(self) -> str:
        """The name of its venue."""
        return str(self.venue)

    def __str__(self) -> str:
        return self.name


class SchoolDay(StationScoped, Base):
    """Days on which a school departs from its calendar, both included."""

    __tablename__ = "school_link_school_days"
    __table_args__ = (
        UniqueConstraint("school_id", "first", "kind"),
        CheckConstraint("first <= last", name="first_before_last"),
    )

    id: Mapped[Key]
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school_link_schools.id", ondelete="CASCADE"), index=True)
    first: Mapped[date]
    last: Mapped[date]
    kind: Mapped[DayKind] = mapped_column(word(DayKind))
    note: Mapped[Text80] = mapped_column(default="")


class SchoolTeacher(StationScoped, Base):
    """A teacher of a school who accompanies its pupils: a volunteer like others, checked like others."""

    __tablename__ = "school_link_teachers"
    __table_args__ = (UniqueConstraint("school_id", "volunteer_id"),)

    id: Mapped[Key]
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school_link_schools.id", ondelete="CASCADE"), index=True)
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)


class SchoolClass(StationScoped, Base):
    """A class of a school: its children are known by a group of the station, or only their number is."""

    __tablename__ = "school_link_classes"
    __table_args__ = (
        UniqueConstraint("school_id", "name"),
        CheckConstraint("grade BETWEEN 1 AND 12", name="grade"),
        CheckConstraint("(group_id IS NULL) = (pupils IS NOT NULL) AND COALESCE(pupils, 1) > 0", name="pupils"),
    )

    id: Mapped[Key]
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school_link_schools.id", ondelete="CASCADE"), index=True)
    name: Mapped[Text80]
    grade: Mapped[int]
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    pupils: Mapped[int | None]

    def __str__(self) -> str:
        return self.name


class Confirmation(StationScoped, Base):
    """What a school was asked for, a session at a time in a room, and what it has said."""

    __tablename__ = "school_link_confirmations"
    __table_args__ = (
        UniqueConstraint("activity_id", "session_index"),
        CheckConstraint("session_index >= 0", name="session_index"),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(state = 'proposed') = (proposed_start IS NOT NULL)", name="proposed"),
        CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_with_a_reason"),
    )

    id: Mapped[Key]
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school_link_schools.id", ondelete="CASCADE"), index=True)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    #: The session's number in its series, from 0.
    session_index: Mapped[int]
    starts_at: Mapped[LocalTime]
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))
    state: Mapped[State] = mapped_column(word(State), default=State.ASKED)
    reason: Mapped[Text200] = mapped_column(default="")
    proposed_start: Mapped[datetime | None]
    asked_at: Mapped[Moment]
    answered_at: Mapped[Moment | None]

    room: Mapped[Any] = relationship("Room", viewonly=True)


class LiaisonLink(BySecret, Base):
    """A secret address at which a school's liaison answers, until a day and unless it is revoked."""

    __tablename__ = "school_link_links"

    id: Mapped[Key]
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school_link_schools.id", ondelete="CASCADE"), index=True)
    until: Mapped[date]
    created_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]
