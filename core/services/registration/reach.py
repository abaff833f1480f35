"""For what a desk may register: the activities of its own stations, and those that the stations above it offer to all.

A community's children take part in what their station offers, and the community's director registers them for it. Of
the station itself nothing opens by that: no list, no other child, no closed activity.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityIntake
from core.db.queries import registration as queries
from core.db.scope import scope_of, seeing_all

_OPEN: Final = select(ActivityIntake.activity_id).join(ActivityIntake.activity).where(~Activity.closed)


def offered_activities(session: Session, term_id: UUID) -> frozenset[UUID]:
    """Return the activities of a term that take registrations and for which the desk may register children."""
    own = frozenset(row.activity_id for row in session.scalars(queries.intakes_of(term_id)))
    return own | _from_above(session, _OPEN.where(Activity.term_id == term_id))


def offered_from_above(session: Session, activities: Collection[UUID]) -> frozenset[UUID]:
    """Return which of some activities are offered to all by the stations above the desk's, and take registrations."""
    return _from_above(session, _OPEN.where(Activity.id.in_(activities)))


def _from_above(session: Session, query: Select[UUID]) -> frozenset[UUID]:
    above = scope_of(session).lineage - scope_of(session).stations
    if not above:
        return frozenset()
    with seeing_all(session):
        return frozenset(session.scalars(query.where(Activity.station_id.in_(above))))
