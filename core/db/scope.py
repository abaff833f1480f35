"""The wall between stations: one session hook that limits every query, and one check on everything written.

What it can't see is SQL that goes past the session's `execute`: its connection, and its old `bulk_…` methods. The
product uses neither, and a test holds it to that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria
from sqlalchemy.orm.attributes import get_history

from core.db.base import Base, LineageScoped, StationScoped
from core.db.limitable import require_limitable
from core.db.models.station import Station
from core.db.row_security import tell_scope
from core.domain.actor import EVERYTHING, NOTHING, Scope
from core.domain.errors import Message, NotAllowedError

_KEY = "scope"


def set_scope(session: Session, scope: Scope) -> None:
    """Limit the session to `scope` from now on; what it had loaded is let go, so that nothing stays within reach.

    What waited to be written is written first, within the scope that held until now.
    """
    session.flush()
    session.expunge_all()
    _keep(session, scope)


def widen_scope(session: Session, station_id: UUID) -> None:
    """Add to the session's scope a station that was founded in it, below one of the scope's stations."""
    scope = scope_of(session)
    if not scope.everything:
        _keep(session, Scope(scope.stations | {station_id}, scope.lineage | {station_id}))


def scope_of(session: Session) -> Scope:
    """Return the session's scope; raise KeyError for a session that was opened without one."""
    scope: Scope = session.info[_KEY]
    return scope


@contextmanager
def beyond_the_wall(session: Session) -> Iterator[Connection]:
    """Lend the session's connection with both walls open, for the one question whether a value is taken anywhere.

    What comes back must say nothing but the value that was asked for.
    """
    connection = session.connection()
    tell_scope(connection, EVERYTHING)
    try:
        yield connection
    finally:
        tell_scope(connection, scope_of(session))


def _keep(session: Session, scope: Scope) -> None:
    session.info[_KEY] = scope
    if session.in_transaction():
        tell_scope(session.connection(), scope)


def _tell_database(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Tell the database the scope, for the second wall; a session without one may reach nothing."""
    tell_scope(connection, session.info.get(_KEY, NOTHING))


def _limit_query(state: ORMExecuteState) -> None:
    """Add the scope's criteria to each statement, and refuse those that criteria can't limit.

    A session without a scope can't do anything at all.
    """
    scope = scope_of(state.session)
    if scope.everything:
        return
    if not (state.is_relationship_load or state.is_column_load):
        require_limitable(state)
    # What holds for those below is theirs to read, not to change.
    inherited = scope.lineage if state.is_select else scope.stations
    stations, lineage = list(scope.stations), list(inherited)
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
        return _stations_of_station(row)
    if not isinstance(row, StationScoped | LineageScoped):
        return []
    history = get_history(row, "station_id")
    return [*history.deleted, row.station_id]


def _stations_of_station(row: Station) -> list[Any]:
    # A station that is moved is taken from one parent and given to another, and all its rows with it.
    history = get_history(row, "parent_id")
    moved = [*history.deleted, row.parent_id] if history.deleted else []
    return [row.id, *moved] if inspect(row).persistent else [row.parent_id]


event.listen(Session, "after_begin", _tell_database)
event.listen(Session, "do_orm_execute", _limit_query)
event.listen(Session, "before_flush", _limit_write)
