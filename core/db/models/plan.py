"""Plans: immutable versions of a term's timetable in the exchange format, with the problem they answer."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, StationScoped, word
from core.db.models.calendar import Term


class PlanStatus(StrEnum):
    """A plan's life: drafted, published, and superseded by the next one published."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Plan(StationScoped, Base):
    """One version of a term's plan; `problem` and `document` are in the exchange format, ids are our own."""

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("term_id", "version"),
        Index(
            "uq_plans_one_published_per_term",
            "term_id",
            unique=True,
            sqlite_where=text("status = 'published'"),
            postgresql_where=text("status = 'published'"),
        ),
    )

    id: Mapped[Key]
    term_id: Mapped[UUID] = mapped_column(ForeignKey("terms.id"), index=True)
    version: Mapped[int]
    status: Mapped[PlanStatus] = mapped_column(word(PlanStatus), default=PlanStatus.DRAFT)
    problem: Mapped[dict[str, Any]]
    document: Mapped[dict[str, Any]]
    #: Solver status, seconds, seed, cost, bound, amounts per term and versions: what the run's page shows.
    summary: Mapped[dict[str, Any]]
    #: Each a session or staff place that could not be filled, with its verified reason.
    shortfalls: Mapped[list[dict[str, Any]]]
    created_at: Mapped[Moment]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[Moment | None]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    term: Mapped[Term] = relationship()
