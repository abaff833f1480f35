"""Pins: what organizers have fixed of sessions that are still to be planned."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, LocalTime, Moment, StationScoped, Text200
from core.db.models.activity import ActivitySession
from core.db.models.place import Room
from core.db.models.user import User


class Pin(StationScoped, Base):
    """A session that every further plan holds at this start, in this room and, where it says so, with these people."""

    __tablename__ = "pins"

    id: Mapped[Key]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), unique=True)
    starts_at: Mapped[LocalTime]
    #: None: the session is held where it needs no room.
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))
    #: Ids of volunteers by role; empty: staff may change.
    staff: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[Text200] = mapped_column(default="")
    pinned_at: Mapped[Moment]
    pinned_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    session: Mapped[ActivitySession] = relationship()
    room: Mapped[Room | None] = relationship()
    author: Mapped[User | None] = relationship()
