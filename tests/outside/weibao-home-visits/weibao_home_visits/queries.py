"""What is asked of the program's own tables."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from weibao_home_visits.models import HomeVisit, HomeVisitNeed, HomeVisitSeries


def needs_between(first: date, last: date) -> Select[HomeVisitNeed]:
    """The needs that hold on some day from the first to the last."""
    return (
        select(HomeVisitNeed)
        .where(HomeVisitNeed.since <= last, or_(HomeVisitNeed.until.is_(None), HomeVisitNeed.until >= first))
        .order_by(HomeVisitNeed.since, HomeVisitNeed.id)
    )


def needs_of(child_id: UUID) -> Select[HomeVisitNeed]:
    """All needs of a child."""
    return select(HomeVisitNeed).where(HomeVisitNeed.child_id == child_id)


def need(need_id: UUID) -> Select[HomeVisitNeed]:
    """One need."""
    return select(HomeVisitNeed).where(HomeVisitNeed.id == need_id)


def series_of(activities: Collection[str]) -> Select[HomeVisitSeries]:
    """The series of these activities, by their ids, with the needs that they serve."""
    return (
        select(HomeVisitSeries)
        .where(HomeVisitSeries.activity_id.in_([UUID(activity) for activity in activities]))
        .options(joinedload(HomeVisitSeries.need))
    )


def visits_between(first: date, last: date) -> Select[HomeVisit]:
    """The visits that were made from the first day to the last, with the series that they belong to."""
    return (
        select(HomeVisit)
        .where(HomeVisit.done_on >= first, HomeVisit.done_on <= last)
        .options(joinedload(HomeVisit.series))
        .order_by(HomeVisit.done_on, HomeVisit.id)
    )


def visit(series_id: UUID, position: int) -> Select[HomeVisit]:
    """What was noted of one session of a series."""
    return select(HomeVisit).where(HomeVisit.series_id == series_id, HomeVisit.position == position)
