"""Runs: a row first, which a process then carries out, and of which no more than one a term is open."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, StationScoped, Text80, word
from core.db.models.calendar import Term
from core.db.models.plan import Plan

_OPEN = text("state IN ('queued', 'running')")


class RunState(StrEnum):
    """A run's life: asked for, taken by a process, and over in one of three ways."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    #: Stopped before there was any result; one that was stopped later is done, with the best so far.
    CANCELLED = "cancelled"


class Run(StationScoped):
    """Work that somebody has asked for, of a kind of its own for each table, and what has become of it."""

    id: Mapped[Key]
    term_id: Mapped[UUID] = mapped_column(ForeignKey("terms.id"), index=True)
    seconds: Mapped[int]
    state: Mapped[RunState] = mapped_column(word(RunState), default=RunState.QUEUED)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[Moment]
    #: The process that has the run, by machine and number; empty while nobody has taken it.
    worker: Mapped[Text80] = mapped_column(default="")
    #: How often a process has taken it: each time but the first, the one before had died.
    attempts: Mapped[int] = mapped_column(default=0)
    #: When its process last said that it is alive.
    heartbeat_at: Mapped[Moment | None]
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    #: What its page shows meanwhile; the service that writes it says what is in it.
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ended_at: Mapped[Moment | None]
    #: Why it failed: the error's code, and its message as JSON, with ids in place of names.
    error_code: Mapped[Text80] = mapped_column(default="")
    error: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PlanningRun(Run, Base):
    """Somebody's wish that a term be planned, what has become of it, and the news that its page shows meanwhile.

    Its progress is a `history` of [seconds, cost, bound] and the newest figures, as core.services.planning.news says.
    """

    __tablename__ = "planning_runs"
    __table_args__ = (
        CheckConstraint("seconds > 0", name="seconds"),
        Index("uq_planning_runs_one_open_per_term", "term_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    seed: Mapped[int] = mapped_column(default=0)
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("plans.id"))

    term: Mapped[Term] = relationship()
    plan: Mapped[Plan | None] = relationship()
