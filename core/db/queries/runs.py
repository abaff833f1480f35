"""Runs of the planner, and pins."""

from collections.abc import Collection
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from core.db.models import Activity, ActivitySession, Pin
from core.db.models.run import Run, RunState

Row = TypeVar("Row", bound=Run)
OPEN = (RunState.QUEUED, RunState.RUNNING)


def open_runs(model: type[Row]) -> Select[Row]:
    """The runs in reach that are not over, with their terms, the newest first."""
    return (
        select(model)
        .where(model.state.in_(OPEN))
        .options(joinedload(model.term))  # type: ignore[attr-defined]
        .order_by(model.asked_at.desc(), model.id.desc())
    )


def open_run_of(model: type[Row], term_id: UUID) -> Select[Row]:
    """The run of a term that is not over, if any."""
    return open_runs(model).where(model.term_id == term_id)


def run_page(model: type[Row], run_id: UUID) -> Select[Row]:
    """One run with its term."""
    return select(model).where(model.id == run_id).options(joinedload(model.term))  # type: ignore[attr-defined]


def run_taken(model: type[Row], run_id: UUID) -> Select[Row]:
    """One run as it is now, locked until the transaction ends."""
    found = select(model).where(model.id == run_id)
    return found.with_for_update().execution_options(populate_existing=True)


def pins_of(term_id: UUID) -> Select[Pin]:
    """The pins of a term by time, with session, activity, room and who set them."""
    return (
        select(Pin)
        .join(Pin.session)
        .join(ActivitySession.activity)
        .where(Activity.term_id == term_id)
        .options(
            joinedload(Pin.session).joinedload(ActivitySession.activity), joinedload(Pin.room), joinedload(Pin.author)
        )
        .order_by(Pin.starts_at, Pin.id)
    )


def pin_of(session_id: UUID) -> Select[Pin]:
    """The pin of a session, if any."""
    return select(Pin).where(Pin.session_id == session_id)


def sessions_of_activities(activities: Collection[UUID]) -> Select[ActivitySession]:
    """All sessions of these activities, with the activities."""
    return (
        select(ActivitySession)
        .where(ActivitySession.activity_id.in_(activities))
        .options(joinedload(ActivitySession.activity))
    )
