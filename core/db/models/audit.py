"""The audit log: a hash chain per station, written in the transaction of what it records."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Key, Moment, StationScoped, Text80


class AuditEntry(StationScoped, Base):
    """Who did what to which row, and when; never a child's data, never a secret."""

    __tablename__ = "audit_entries"
    __table_args__ = (UniqueConstraint("station_id", "number"),)

    id: Mapped[Key]
    #: Counts from 1 within the station, without gaps.
    number: Mapped[int]
    at: Mapped[Moment]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[Text80]
    subject_kind: Mapped[Text80]
    subject_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any]]
    link: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditHead(StationScoped, Base):
    """The end of a station's chain; locked while an entry is added, so that the chain never forks."""

    __tablename__ = "audit_heads"
    __table_args__ = (UniqueConstraint("station_id"),)

    id: Mapped[Key]
    number: Mapped[int]
    link: Mapped[bytes] = mapped_column(LargeBinary(32))
