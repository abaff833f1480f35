"""The ways between venues as they were entered: for everybody who asks whether there is time to get there."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.queries import planning as queries
from core.domain.ways import DEFAULT_WAY, Ways


def entered_ways(session: Session, venues: Iterable[UUID | None], default: int = DEFAULT_WAY) -> Ways:
    """Return the ways in reach between some venues; `default` are the minutes of those that nobody has entered."""
    ends = {venue for venue in venues if venue is not None}
    rows = session.scalars(queries.ways_between(ends)) if len(ends) > 1 else ()
    return Ways(default, {frozenset({row.from_venue_id, row.to_venue_id}): row.minutes for row in rows})
