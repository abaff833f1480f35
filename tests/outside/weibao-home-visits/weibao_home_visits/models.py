"""The program's own tables: who is to be visited, by which series, and what was done."""

from datetime import date
from typing import Final
from uuid import UUID

from core.plugin_api import Base, Encrypted, Key, Message, OfAChild, Sealed, SealedText, StationScoped, Told
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

#: So many days pass at least from one visit to the next, unless somebody says otherwise: a month that is bent a little.
DAYS_APART: Final = 21


class HomeVisitNeed(OfAChild, Base):
    """A child who is to be visited once a month, from a first day and, once that is known, until a last one."""

    __tablename__ = "home_visits_needs"
    __table_args__ = (
        UniqueConstraint("child_id", "since"),
        CheckConstraint("days_apart BETWEEN 1 AND 28", name="days_apart"),
        CheckConstraint("until IS NULL OR since <= until", name="since_before_until"),
    )

    told = Told(
        Message("Home visits that are needed"),
        {
            "days_apart": Message("Days between visits"),
            "since": Message("Needed from"),
            "until": Message("Needed until"),
        },
    )
    ended_by = frozenset({"until"})

    id: Mapped[Key]
    days_apart: Mapped[int] = mapped_column(default=DAYS_APART)
    since: Mapped[date]
    until: Mapped[date | None]

    def covers(self, day: date) -> bool:
        """Tell whether the child needs visits on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


class HomeVisitSeries(StationScoped, Base):
    """Which need a series of visits, an activity, serves: one child a series, and a new series each term."""

    __tablename__ = "home_visits_series"
    __table_args__ = (UniqueConstraint("activity_id"),)

    id: Mapped[Key]
    need_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits_needs.id", ondelete="CASCADE"), index=True)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"))

    need: Mapped[HomeVisitNeed] = relationship()


class HomeVisit(StationScoped, Base):
    """A visit that was made: which session of a series, on which day, and what the visitors want to be remembered."""

    __tablename__ = "home_visits_visits"
    __table_args__ = (
        UniqueConstraint("series_id", "position"),
        CheckConstraint("position >= 0", name="position"),
    )

    id: Mapped[Key]
    series_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits_series.id", ondelete="CASCADE"), index=True)
    #: The session's number in the series, from 0.
    position: Mapped[int]
    done_on: Mapped[date]
    sealed_note: Mapped[Sealed | None] = mapped_column("note", Encrypted())
    note = SealedText[str | None]("sealed_note")

    series: Mapped[HomeVisitSeries] = relationship()
