"""Plans as their pages list them, and what their changes speak of."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased, defer, joinedload

from core.db.models import ActivitySession, Plan, Room, Volunteer


def plans_in_reach() -> Select[Plan]:
    """The plans in reach with their terms, the newest first, without the long documents."""
    return (
        select(Plan)
        .join(Plan.term)
        .options(joinedload(Plan.term), defer(Plan.problem), defer(Plan.document), defer(Plan.shortfalls))
        .order_by(Plan.created_at.desc(), Plan.id.desc())
    )


def newest_plans() -> Select[Plan]:
    """The newest plan of each term in reach, without the long documents."""
    newer = aliased(Plan)
    newest = ~exists().where(newer.term_id == Plan.term_id, newer.version > Plan.version)
    return plans_in_reach().where(newest)


def plan_page(plan_id: UUID) -> Select[Plan]:
    """One plan with its term."""
    return select(Plan).where(Plan.id == plan_id).options(joinedload(Plan.term))


def sessions_named(ids: Collection[UUID]) -> Select[ActivitySession]:
    """Sessions by id, with their activities."""
    return select(ActivitySession).where(ActivitySession.id.in_(ids)).options(joinedload(ActivitySession.activity))


def rooms_named(ids: Collection[UUID]) -> Select[Room]:
    """Rooms by id."""
    return select(Room).where(Room.id.in_(ids))


def volunteers_named(ids: Collection[UUID]) -> Select[Volunteer]:
    """Volunteers by id."""
    return select(Volunteer).where(Volunteer.id.in_(ids))
