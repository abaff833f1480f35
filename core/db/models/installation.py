"""The installation itself: one row, made at `init`."""

from sqlalchemy.orm import Mapped

from core.db.base import Base, Key, Moment, Text80


class Installation(Base):
    """Its id is part of every calendar entry's UID, so that a change of domain doubles nobody's calendar."""

    __tablename__ = "installation"

    id: Mapped[Key]
    timezone: Mapped[Text80]
    demo: Mapped[bool]
    created_at: Mapped[Moment]
