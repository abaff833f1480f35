"""What part of the station tree somebody reaches."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Station, User
from core.db.queries import stations as queries
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, Scope
from core.domain.capabilities import Capability
from core.domain.errors import Message, NotFoundError
from core.security.permissions import may


def scope_of_station(session: Session, station_id: UUID) -> Scope:
    """Return the scope of a station, without any sealed file; the session must see the whole tree."""
    family = session.execute(queries.subtree_and_lineage(), {"station_id": station_id}).all()
    below = frozenset(row.id for row in family if row.reached)
    return Scope(stations=below, lineage=below | {row.id for row in family})


def subtrees(session: Session, stations: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Return each of the stations with all below it that are in reach."""
    parents = {row.id: row.parent_id for row in session.execute(queries.parents())}
    found = {one: {one} for one in stations}
    for one, parent in parents.items():
        above = parent
        while above is not None:
            if above in found:
                found[above].add(one)
            above = parents.get(above)
    return found


def stations_offering_to(session: Session, station_id: UUID) -> frozenset[UUID]:
    """Return a station and those above it: what they offer is for its children; what is offered below it isn't.

    The session must see the whole tree.
    """
    family = scope_of_station(session, station_id)
    return (family.lineage - family.stations) | {station_id}


def scope_of_user(session: Session, user: User) -> Scope:
    """Return the scope of an account: its station's, and of sealed files those that are its to see."""
    station = scope_of_station(session, user.station_id)
    return replace(station, user_id=user.id, sees_sealed=may(user.role, Capability.SEAL_CHILDREN))


def enter_public_station(session: Session, slug: str) -> Station:
    """Limit the session to the station with that public address, and return it; raise NotFoundError if none has it."""
    set_scope(session, EVERYTHING)
    station = session.scalars(queries.station_by_slug(slug)).one_or_none()
    if station is None:
        raise NotFoundError(Message("There is no such station."))
    set_scope(session, scope_of_station(session, station.id))
    return station
