"""The wall between stations: one session hook that limits every query, and one check on everything written.

What it can't see is textual SQL, which the product doesn't use outside migrations.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.attributes import get_history

from core.db.base import Base, LineageScoped, StationScoped
from core.db.models.station import Station
from core.domain.actor import Scope
from core.domain.errors import Message, NotAllowedError

_KEY = "scope"


def set_scope(session: Session, scope: Scope) -> None:
    """Limit the session to `scope` from now on; what it had loaded is let go, so that nothing stays within reach."""
    session.expunge_all()
    session.info[_KEY] = scope


def widen_scope(session: Session, station_id: UUID) -> None:
    """Add to the session's scope a station that was founded in it, below one of the scope's stations."""
    scope = scope_of(session)
    if not scope.everything:
        session.info[_KEY] = Scope(scope.stations | {station_id}, scope.lineage | {station_id})


def scope_of(session: Session) -> Scope:
    """Return the session's scope; raise KeyError for a session that was opened without one."""
    scope: Scope = session.info[_KEY]
    return scope


@event.listens_for(Session, "do_orm_execute")
def _limit_query(state: ORMExecuteState) -> None:
    """Add the scope's criteria to each select, update and delete; a session without a scope can't query at all."""
    if not (state.is_select or state.is_update or state.is_delete):
        return
    scope = scope_of(state.session)
    if scope.everything:
        return
    stations, lineage = list(scope.stations), list(scope.lineage)
    state.statement = state.statement.options(
        with_loader_criteria(
            StationScoped,
            lambda row: row.station_id.in_(stations),
            include_aliases=True,
        ),
        with_loader_criteria(
            LineageScoped,
            lambda row: row.station_id.in_(lineage),
            include_aliases=True,
        ),
        with_loader_criteria(Station, Station.id.in_(lineage), include_aliases=True),
    )


@event.listens_for(Session, "before_flush")
def _limit_write(session: Session, _context: Any, _instances: Any) -> None:
    """Refuse a row of a station outside the scope, and one that leaves the scope by a change of its station."""
    scope = scope_of(session)
    if scope.everything:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if not all(station in scope.stations for station in _stations_of(row)):
            raise NotAllowedError(Message("That belongs to another station."))


def _stations_of(row: Base) -> list[Any]:
    """Return the stations that the row belongs to, before and after the change that is about to be written."""
    if isinstance(row, Station):
        return [row.id] if inspect(row).persistent else [row.parent_id]
    if not isinstance(row, StationScoped | LineageScoped):
        return []
    history = get_history(row, "station_id")
    return [*history.deleted, row.station_id]
