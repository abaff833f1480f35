"""What can be closed, as a form offers it: the stations in reach, their venues and rooms."""

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Station
from core.db.queries import closures as queries
from core.db.queries.subscriptions import rooms
from core.db.scope import scope_of
from core.domain.calendar.closure import Closure


@dataclass(frozen=True)
class Closable:
    """A station, or one of its venues or rooms."""

    station_id: UUID
    name: str
    venue_id: UUID | None = None
    room_id: UUID | None = None

    @property
    def value(self) -> str:
        """The place as a form sends it."""
        return str(self.room_id or self.venue_id or self.station_id)

    def closing(self, first: date, last: date, from_time: time | None, reason: str) -> Closure:
        """Return the closure of this place; raise InvalidInputError where the days stand the wrong way round."""
        return Closure(first, last, reason, self.venue_id, self.room_id, from_time)


def closable_places(session: Session, own_station: UUID | None) -> list[Closable]:
    """Return all that the actor may close, their own station first, then other stations, venues and rooms."""
    reach = scope_of(session).stations
    stations = session.scalars(select(Station).where(Station.id.in_(reach)).order_by(Station.name)).all()
    found = [Closable(row.id, row.name) for row in sorted(stations, key=lambda row: row.id != own_station)]
    found += [Closable(row.station_id, row.name, venue_id=row.id) for row in session.scalars(queries.venues())]
    found += [
        Closable(row.station_id, f"{row.name} ({row.venue.name})", room_id=row.id) for row in session.scalars(rooms())
    ]
    return found
