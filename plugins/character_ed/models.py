"""The program's own tables: the virtue of each month, the mix of lines that is asked for, and the awards."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.plugin_api import Base, Key, StationScoped, Text20, Text80, Text2000


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


class MixSetting(StationScoped, Base):
    """The mix of lines that a station asks for in terms of at least so many days; the longest that fits a term counts.

    `times_per_line` is how often each group should have each of the five lines; `alternate`: none of them comes twice
    running.
    """

    __tablename__ = "character_ed_settings"
    __table_args__ = (
        UniqueConstraint("station_id", "least_days"),
        CheckConstraint("least_days >= 0", name="least_days"),
        CheckConstraint("times_per_line BETWEEN 0 AND 20", name="times_per_line"),
    )

    id: Mapped[Key]
    least_days: Mapped[int]
    times_per_line: Mapped[int]
    alternate: Mapped[bool]

    def __str__(self) -> str:
        return str(self.least_days)


class Award(StationScoped, Base):
    """An award for which children collect stamps: so many in all, on at least so many of the five lines.

    Who has reached it is counted from attendance and stored nowhere.
    """

    __tablename__ = "character_ed_awards"
    __table_args__ = (
        UniqueConstraint("station_id", "name"),
        CheckConstraint("stamps >= 1", name="stamps"),
        CheckConstraint("lines BETWEEN 1 AND 5", name="lines"),
    )

    id: Mapped[Key]
    name: Mapped[Text80]
    stamps: Mapped[int]
    lines: Mapped[int]

    def __str__(self) -> str:
        return self.name
