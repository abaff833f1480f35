"""The wall between stations, and around sealed files: one session hook that limits every query, one check on writing.

What it can't see is SQL that goes past the session's `execute`: its connection, and its old `bulk_…` methods. The
product uses neither, and a test holds it to that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria
from sqlalchemy.orm.attributes import get_history

from core.db.base import Base, LineageScoped, OfAChild, StationScoped
from core.db.limitable import require_limitable
from core.db.models.child import Child
from core.db.models.sealing import SealedChildWorker
from core.db.models.station import Station
from core.db.row_security import tell_scope
from core.domain.actor import EVERYTHING, NOTHING, Scope
from core.domain.errors import Message, NotAllowedError

_KEY = "scope"
_HIDDEN = "hidden_children"


def set_scope(session: Session, scope: Scope) -> None:
    """Limit the session to `scope` from now on; what it had loaded is let go, so that nothing stays within reach.

    What waited to be written is written first, within the scope that held until now.
    """
    session.flush()
    session.expunge_all()
    _keep(session, scope)


@contextmanager
def seeing_all(session: Session) -> Iterator[None]:
    """Open both walls for a piece of work that must not depend on who does it, such as counting an activity's places.

    What was loaded is let go at both ends, so nothing of it stays within reach: such work takes ids and returns values.
    """
    reach = scope_of(session)
    set_scope(session, EVERYTHING)
    try:
        yield
    finally:
        if session.is_active:
            set_scope(session, reach)
        else:
            # The transaction is lost; the next one begins with the actor's scope.
            session.info[_KEY] = reach


def widen_scope(session: Session, station_id: UUID) -> None:
    """Add to the session's scope a station that was founded in it, below one of the scope's stations."""
    scope = scope_of(session)
    if not scope.everything:
        wider = replace(scope, stations=scope.stations | {station_id}, lineage=scope.lineage | {station_id})
        _keep(session, wider)


def scope_of(session: Session) -> Scope:
    """Return the session's scope; raise KeyError for a session that was opened without one."""
    scope: Scope = session.info[_KEY]
    return scope


def hidden_children(session: Session) -> frozenset[UUID]:
    """Return the children within the scope's stations whose file is sealed to the session."""
    session.connection()
    hidden: frozenset[UUID] = session.info[_HIDDEN]
    return hidden


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
        tell_scope(connection, scope_of(session), session.info[_HIDDEN])


def _keep(session: Session, scope: Scope) -> None:
    session.info[_KEY] = scope
    if session.in_transaction():
        _enter(session, session.connection(), scope)


def _begin(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Raise both walls for the transaction; a session without a scope may reach nothing."""
    _enter(session, connection, session.info.get(_KEY, NOTHING))


def _enter(session: Session, connection: Connection, scope: Scope) -> None:
    """Find out which sealed files the transaction doesn't see, and tell the database, for the second wall."""
    hidden: frozenset[UUID] = frozenset()
    if scope.stations and not (scope.everything or scope.sees_sealed):
        # Who may see them is asked with the second wall open: behind it there is nothing sealed.
        tell_scope(connection, EVERYTHING)
        hidden = frozenset(connection.scalars(_sealed_to(scope)))
    session.info[_HIDDEN] = hidden
    tell_scope(connection, scope, hidden)


def _sealed_to(scope: Scope) -> Select[UUID]:
    children, workers = Child.__table__, SealedChildWorker.__table__
    named = select(workers.c.child_id).where(workers.c.user_id == scope.user_id)
    return select(children.c.id).where(
        children.c.sealed_file, children.c.station_id.in_(scope.stations), children.c.id.not_in(named)
    )


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
        with_loader_criteria(Station, lambda row: row.id.in_(lineage), include_aliases=True),
    )
    if hidden := list(hidden_children(state.session)):
        state.statement = state.statement.options(
            with_loader_criteria(Child, lambda row: row.id.not_in(hidden), include_aliases=True),
            with_loader_criteria(OfAChild, lambda row: row.child_id.not_in(hidden), include_aliases=True),
        )


def _limit_write(session: Session, _context: Any, _instances: Any) -> None:
    """Refuse a row of a station outside the scope or of a file sealed to it, and one that leaves it by a change."""
    scope = scope_of(session)
    if scope.everything:
        return
    hidden = hidden_children(session)
    for row in (*session.new, *session.dirty, *session.deleted):
        if not all(station in scope.stations for station in _stations_of(row)):
            raise NotAllowedError(Message("That belongs to another station."))
        if isinstance(row, OfAChild) and row.child_id in hidden:
            raise NotAllowedError(Message("That belongs to another station."))
        if isinstance(row, Child) and not scope.sees_sealed and _changes_the_seal(row):
            raise NotAllowedError(Message("Only the head seals files and opens them again."))


def _changes_the_seal(child: Child) -> bool:
    return bool(get_history(child, "sealed_file").deleted if inspect(child).persistent else child.sealed_file)


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


event.listen(Session, "after_begin", _begin)
event.listen(Session, "do_orm_execute", _limit_query)
event.listen(Session, "before_flush", _limit_write)
