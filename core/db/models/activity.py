"""Activities, their sessions, and who serves in them as published."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, LocalTime, Moment, StationScoped, Text80, Text200, Text2000, word
from core.db.models.calendar import Term
from core.db.models.child import Group
from core.db.models.place import Room, Venue
from core.db.models.volunteer import Volunteer
from core.domain.vocabulary import ActivityLine, Skill


class ActivityState(StrEnum):
    """How far an organizer has got with an activity; only what is ready is planned."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    READY = "ready"


class Activity(StationScoped, Base):
    """A series of sessions that a program offers: what, for whom, how often, with which staff and room."""

    __tablename__ = "activities"
    __table_args__ = (
        UniqueConstraint("term_id", "title"),
        CheckConstraint("session_count > 0", name="session_count"),
        CheckConstraint("duration > 0", name="duration"),
        CheckConstraint("min_adults >= 0", name="min_adults"),
        CheckConstraint("priority >= 1", name="priority"),
    )

    id: Mapped[Key]
    term_id: Mapped[UUID] = mapped_column(ForeignKey("terms.id"), index=True)
    #: `program.type`, such as `sst.companionship`: defined by the program's plugin, which may be absent today.
    type_key: Mapped[Text80]
    title: Mapped[Text80]
    description: Mapped[Text2000] = mapped_column(default="")
    line: Mapped[ActivityLine] = mapped_column(word(ActivityLine))
    state: Mapped[ActivityState] = mapped_column(word(ActivityState), default=ActivityState.READY)
    #: Why it was given back, for whoever described it.
    state_note: Mapped[Text200] = mapped_column(default="")
    session_count: Mapped[int]
    #: Minutes.
    duration: Mapped[int]
    #: Children expected.
    size: Mapped[int]
    #: Times of day at which a session may start, as HH:MM.
    times: Mapped[list[str]]
    #: Weekdays on which it may be held, Monday 0; empty: on every open day.
    weekdays: Mapped[list[int]] = mapped_column(default=list)
    #: It is held within these dates; None: within the term.
    first: Mapped[date | None]
    last: Mapped[date | None]
    #: Zones and features that the room must have; no zones: it needs no room, and `place_id` may say where it is.
    zones: Mapped[list[str]]
    features: Mapped[list[str]] = mapped_column(default=list)
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("venues.id"))
    min_adults: Mapped[int] = mapped_column(default=2)
    ordered: Mapped[bool] = mapped_column(default=False)
    max_per_day: Mapped[int] = mapped_column(default=1)
    min_days: Mapped[int] = mapped_column(default=1)
    priority: Mapped[int] = mapped_column(default=1)
    #: A closed group, a home visit, a private talk: never on a public page, with a neutral title in feeds.
    closed: Mapped[bool] = mapped_column(default=False)
    #: The skill that adults have once they have completed it; None: it is no training.
    grants_skill: Mapped[Skill | None] = mapped_column(word(Skill))
    #: What the program's own form adds.
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)

    term: Mapped[Term] = relationship()
    place: Mapped[Venue | None] = relationship()
    roles: Mapped[list["ActivityRole"]] = relationship(cascade="all, delete-orphan", order_by="ActivityRole.position")
    rooms: Mapped[list[Room]] = relationship(secondary="activity_rooms", viewonly=True)
    room_choices: Mapped[list["ActivityRoom"]] = relationship(cascade="all, delete-orphan")
    groups: Mapped[list[Group]] = relationship(secondary="activity_groups", viewonly=True)
    group_choices: Mapped[list["ActivityGroup"]] = relationship(cascade="all, delete-orphan")
    sessions: Mapped[list["ActivitySession"]] = relationship(
        back_populates="activity", cascade="all, delete-orphan", order_by="ActivitySession.position"
    )

    @property
    def program(self) -> str:
        """The program that offers it, by the key of its plugin."""
        return self.type_key.partition(".")[0]

    def __str__(self) -> str:
        return self.title


class ActivityRole(StationScoped, Base):
    """A role that volunteers fill in each session of an activity."""

    __tablename__ = "activity_roles"
    __table_args__ = (
        UniqueConstraint("activity_id", "role"),
        CheckConstraint("required >= 0 AND wanted >= required", name="wanted_at_least_required"),
    )

    id: Mapped[Key]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[Text80]
    skill: Mapped[Skill | None] = mapped_column(word(Skill))
    required: Mapped[int]
    wanted: Mapped[int]
    continuity: Mapped[bool] = mapped_column(default=False)
    max_people: Mapped[int | None]


class ActivityRoom(StationScoped, Base):
    """A room on an activity's list; with no row any fitting room may be taken."""

    __tablename__ = "activity_rooms"
    __table_args__ = (UniqueConstraint("activity_id", "room_id"),)

    id: Mapped[Key]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"), index=True)


class ActivityGroup(StationScoped, Base):
    """A group that an activity is for."""

    __tablename__ = "activity_groups"
    __table_args__ = (UniqueConstraint("activity_id", "group_id"),)

    id: Mapped[Key]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("groups.id"), index=True)


class SessionStatus(StrEnum):
    """Where a session stands with the public."""

    UNPUBLISHED = "unpublished"
    HELD = "held"
    CANCELLED = "cancelled"


class ActivitySession(StationScoped, Base):
    """One meeting of an activity as published; its identity is for ever, its time and room may change.

    The database refuses two held sessions in one room at once (guards in the migrations): `room_free_at` is the end
    plus the room's turnover.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("activity_id", "position"),
        UniqueConstraint("id", "starts_at", "ends_at"),
        # A check that comes out as NULL passes: IS TRUE refuses missing times, around which no guard could stand.
        CheckConstraint(
            "status <> 'held' OR (starts_at < ends_at AND room_free_at >= ends_at) IS TRUE", name="held_has_a_time"
        ),
    )

    id: Mapped[Key]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), index=True)
    #: The session's index in the series, from 0.
    position: Mapped[int]
    status: Mapped[SessionStatus] = mapped_column(word(SessionStatus), default=SessionStatus.UNPUBLISHED)
    starts_at: Mapped[LocalTime | None] = mapped_column(index=True)
    ends_at: Mapped[LocalTime | None]
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"), index=True)
    room_free_at: Mapped[LocalTime | None]
    #: When staff opened the door to the children, with enough adults there.
    begun_at: Mapped[Moment | None]
    #: Why it was cancelled, for the people affected.
    reason: Mapped[Text200] = mapped_column(default="")

    activity: Mapped[Activity] = relationship(back_populates="sessions")
    room: Mapped[Room | None] = relationship()
    assignments: Mapped[list["Assignment"]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by="Assignment.role"
    )


class Assignment(StationScoped, Base):
    """A volunteer serving in a held session, with the session's times.

    The composite foreign key keeps the times the same as the session's; the database refuses a volunteer in two
    places at once.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("session_id", "volunteer_id"),
        ForeignKeyConstraint(
            ["session_id", "starts_at", "ends_at"],
            ["sessions.id", "sessions.starts_at", "sessions.ends_at"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
    )

    id: Mapped[Key]
    session_id: Mapped[UUID] = mapped_column(index=True)
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id"), index=True)
    role: Mapped[Text80]
    starts_at: Mapped[LocalTime]
    ends_at: Mapped[LocalTime]

    session: Mapped[ActivitySession] = relationship(back_populates="assignments")
    volunteer: Mapped[Volunteer] = relationship()
