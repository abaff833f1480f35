"""Closing days: one action that shows first whom it hits, cancels what can't be held, and tells every calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Closure
from core.db.models.activity import SessionStatus
from core.db.queries import timetable as queries
from core.domain.actor import Actor
from core.domain.calendar.closure import BookedTime, sessions_hit
from core.domain.calendar.closure import Closure as Closing
from core.domain.clock import Clock
from core.domain.errors import InvalidInputError, Message, NotFoundError
from core.hooks.calling import Hooks
from core.services.audit import record
from core.services.feed_ledger import update_ledger


@dataclass(frozen=True)
class Consequences:
    """What closing would do: the published sessions that can't be held, by time, and the volunteers set free."""

    sessions: tuple[ActivitySession, ...]
    volunteers: frozenset[UUID]


def consequences(session: Session, station_id: UUID, closing: Closing, *, now: datetime) -> Consequences:
    """Return what closing would do to the published timetable; nothing is changed.

    A community that closes hits the sessions that its station holds in its rooms, as far as the scope reaches. What has
    begun by `now`, the station's wall-clock time, has happened and stays.
    """
    held = session.scalars(queries.held_sessions_at_station(station_id))
    rows = {row.id: row for row in held if row.starts_at is not None and row.starts_at > now}
    hit = sessions_hit(closing, _booked(rows.values()))
    sessions = tuple(rows[UUID(str(booked.id))] for booked in hit)
    return Consequences(sessions, frozenset(one.volunteer_id for row in sessions for one in row.assignments))


def close(
    session: Session, actor: Actor, clock: Clock, hooks: Hooks, station_id: UUID, closing: Closing, *, now: datetime
) -> Consequences:
    """Store a closure and cancel the sessions it hits, with its reason; return what it did.

    The sessions keep their identity: when the term is planned again they find other times where there are any.
    """
    if not closing.reason.strip():
        raise InvalidInputError(Message("Say why it is closed: volunteers and parents will read it."))
    done = consequences(session, station_id, closing, now=now)
    row = Closure(
        station_id=station_id,
        first=closing.first,
        last=closing.last,
        from_time=closing.from_time,
        venue_id=closing.venue_id,
        room_id=closing.room_id,
        reason=closing.reason,
        created_at=clock.now(),
    )
    session.add(row)
    for hit in done.sessions:
        hit.assignments.clear()
        hit.status, hit.reason = SessionStatus.CANCELLED, closing.reason
    for affected in sorted({station_id, *(hit.station_id for hit in done.sessions)}):
        update_ledger(session, clock, hooks, station_id=affected)
    _record(session, actor, clock, row, "closure.added", cancelled=len(done.sessions))
    return done


def reopen(session: Session, actor: Actor, clock: Clock, closure_id: UUID) -> None:
    """Take a closure back; what it cancelled comes back by planning the term again."""
    row = session.get(Closure, closure_id)
    if row is None:
        raise NotFoundError(Message("This closure doesn't exist any more."))
    session.delete(row)
    _record(session, actor, clock, row, "closure.removed", cancelled=0)


def _booked(rows: Iterable[ActivitySession]) -> Iterable[BookedTime]:
    for row in rows:
        if row.starts_at is not None and row.ends_at is not None:
            venue = row.room.venue_id if row.room else row.activity.place_id
            yield BookedTime(row.id, row.starts_at, row.ends_at, venue, row.room_id)


def _record(session: Session, actor: Actor, clock: Clock, row: Closure, action: str, *, cancelled: int) -> None:
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="closure",
        subject_id=row.id,
        detail={"first": row.first.isoformat(), "last": row.last.isoformat(), "cancelled": cancelled},
    )
