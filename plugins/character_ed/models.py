"""The program's own table: the virtue of each month."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.plugin_api import Base, Key, StationScoped, Text20, Text2000


class MonthlyVirtue(StationScoped, Base):
    """The virtue that a station speaks of in a month, with what it means in words that children know."""

    __tablename__ = "character_ed_virtues"
    __table_args__ = (
        UniqueConstraint("station_id", "year", "month"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
    )

    id: Mapped[Key]
    year: Mapped[int]
    month: Mapped[int]
    name: Mapped[Text20]
    explanation: Mapped[Text2000]

    def __str__(self) -> str:
        return self.name
