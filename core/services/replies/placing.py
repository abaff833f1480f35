"""Putting somebody into a published session and taking them out, one after another."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.guards import CLEARANCE_GUARD, VOLUNTEER_GUARD
from core.db.models import ActivitySession, Assignment, Volunteer
from core.domain.errors import ConflictError, Message
from core.services.desk import Desk
from core.services.feed_ledger import update_ledger


def hold(session: Session, sessions: Iterable[UUID], people: Iterable[UUID]) -> None:
    """Keep others from staffing these sessions, or these people elsewhere, until the transaction ends.

    What was read before is read anew. Sessions come first and all in the order of their ids, so that nobody waits for
    each other in a circle.
    """
    for key, wanted in ((ActivitySession.id, sessions), (Volunteer.id, people)):
        session.execute(select(key).where(key.in_(set(wanted))).order_by(key).with_for_update())
    session.expire_all()


def put_in(session: Session, row: ActivitySession, role: str, volunteer: Volunteer) -> None:
    """Have somebody serve in a held session.

    ConflictError where they are booked at another station at that time, or may not serve: the database's guards know.
    """
    try:
        with session.begin_nested():
            row.assignments.append(
                Assignment(
                    station_id=row.station_id,
                    volunteer_id=volunteer.id,
                    role=role,
                    starts_at=row.starts_at,
                    ends_at=row.ends_at,
                )
            )
            session.flush()
    except IntegrityError as error:
        if not any(guard in str(error.orig) for guard in (VOLUNTEER_GUARD, CLEARANCE_GUARD)):
            raise
        # Without its cause: the database's message may quote a row.
        raise ConflictError(
            Message("%(name)s is booked elsewhere at that time, or may not serve.", {"name": volunteer.name})
        ) from None
    session.refresh(row, ["assignments"])


def take_out(session: Session, row: ActivitySession, volunteer_id: UUID) -> bool:
    """Take somebody out of a session; return whether they served in it."""
    found = [one for one in row.assignments if one.volunteer_id == volunteer_id]
    for one in found:
        row.assignments.remove(one)
    session.flush()
    return bool(found)


def tell_calendars(session: Session, desk: Desk, row: ActivitySession) -> None:
    """Bring the calendars up to date with who serves in a session or is asked to; of their own deeds people know."""
    update_ledger(session, desk.clock, desk.hooks, station_id=row.station_id, only={row.id}, tells=False)
