"""Terms to plan for, school breaks of the county, and the years that the State Council has arranged."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, LineageScoped, Moment, StationScoped, Text80, Text200, word
from core.domain.vocabulary import TermKind


class Term(StationScoped, Base):
    """A dated period to plan for."""

    __tablename__ = "terms"
    __table_args__ = (
        UniqueConstraint("station_id", "name"),
        CheckConstraint("first <= last", name="first_before_last"),
    )

    id: Mapped[Key]
    name: Mapped[Text80]
    kind: Mapped[TermKind] = mapped_column(word(TermKind))
    first: Mapped[date]
    last: Mapped[date]

    def __str__(self) -> str:
        return self.name


class SchoolBreak(LineageScoped, Base):
    """A break of the county's schools, or with `school_id` the exception of one school."""

    __tablename__ = "school_breaks"
    __table_args__ = (CheckConstraint("first <= last", name="first_before_last"),)

    id: Mapped[Key]
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("venues.id"))
    name: Mapped[Text80]
    first: Mapped[date]
    last: Mapped[date]

    def __str__(self) -> str:
        return self.name


class ArrangedYear(Base):
    """A year whose days off and working weekend days staff have entered from the State Council's notice."""

    __tablename__ = "arranged_years"

    id: Mapped[Key]
    year: Mapped[int] = mapped_column(unique=True)
    source: Mapped[Text200]
    published_on: Mapped[date]
    entered_at: Mapped[Moment]

    days: Mapped[list["ArrangedDay"]] = relationship(cascade="all, delete-orphan", order_by="ArrangedDay.day")

    def __str__(self) -> str:
        return str(self.year)


class ArrangedDay(Base):
    """One day of an arranged year: a day off by its holiday's name, or a weekend day that is a working day."""

    __tablename__ = "arranged_days"
    __table_args__ = (UniqueConstraint("arranged_year_id", "day"),)

    id: Mapped[Key]
    arranged_year_id: Mapped[UUID] = mapped_column(ForeignKey("arranged_years.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    off: Mapped[bool]
    name: Mapped[Text80] = mapped_column(default="")
