"""What has to be done every day, one row a day: who does it and what has come of it."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Key, Moment, Text80


class DailyWork(Base):
    """A day's work; the day is unique, so that of several servers one does it."""

    __tablename__ = "daily_work"

    id: Mapped[Key]
    day: Mapped[date] = mapped_column(unique=True)
    #: The process that does it, by machine and number.
    worker: Mapped[Text80]
    #: When its process last said that it is alive.
    heartbeat_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    #: By part: how much was done, or the kind of the error with which it failed.
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    def __repr__(self) -> str:
        return f"<DailyWork {self.day}>"
