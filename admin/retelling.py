"""Which calendars speak of a room or a venue: after its name has changed they are brought up to date."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivitySession, Room, Venue
from core.domain.clock import Clock
from core.hooks.calling import Hooks
from core.services.feed_ledger import update_ledger

#: The changes of which calendar entries speak.
_TOLD: Final[Mapping[type[Any], frozenset[str]]] = MappingProxyType(
    {
        Room: frozenset({"name", "venue_id", "zone"}),
        Venue: frozenset({"name", "address", "map_position"}),
    }
)


def retell(session: Session, clock: Clock, hooks: Hooks, row: Any, changed: frozenset[str]) -> None:
    """Bring the feeds up to date that speak of the row, if they speak of what has changed."""
    if _TOLD.get(type(row), frozenset()) & changed:
        for station_id in _stations(session, row):
            update_ledger(session, clock, hooks, station_id=station_id)


def _stations(session: Session, row: Room | Venue) -> list[UUID]:
    stations = (
        select(ActivitySession.station_id)
        .join(ActivitySession.activity)
        .outerjoin(ActivitySession.room)
        .where(_speaks_of(row))
        .distinct()
    )
    return list(session.scalars(stations))


def _speaks_of(row: Room | Venue) -> ColumnElement[bool]:
    if isinstance(row, Room):
        return ActivitySession.room_id == row.id
    return or_(Room.venue_id == row.id, Activity.place_id == row.id)
