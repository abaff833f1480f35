"""Cancelling a registration, and taking that back within a short time."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivityIntake, Child, Registration
from core.db.queries import registration as queries
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, Message, NotFoundError
from core.domain.registering import HOLDING, LIVE, Place
from core.security.permissions import require
from core.services.desk import Desk
from core.services.registration.desk import (
    find_registration,
    fresh,
    join_group,
    leave_group,
    lock_children,
    lock_intakes,
    note,
    settle,
    taken,
)
from core.services.registration.offers import NotEligibleError, pass_on, still_standing

#: How long what was done can be taken back.
UNDO: Final = timedelta(minutes=10)


def cancel(session: Session, desk: Desk, registration_id: UUID) -> None:
    """Cancel a registration that counts; its place goes to the next child. ConflictError where it has ended already."""
    require(desk.actor, Capability.REGISTER_CHILDREN)
    activity_id = find_registration(session, registration_id).activity_id
    with seeing_all(session):
        intake = lock_intakes(session, [activity_id])[activity_id]
        row = fresh(session, registration_id)
        if row.state not in LIVE:
            raise ConflictError(Message("This registration has ended already: load the page again."))
        end(session, desk, intake, row, "cancelled")
        pass_on(session, desk, intake, row.id)


def end(session: Session, desk: Desk, intake: ActivityIntake, row: Registration, action: str) -> None:
    """Cancel a live registration of a locked activity, without giving its place to anybody."""
    settle(row, desk, Place.CANCELLED)
    row.to_tell = False
    leave_group(session, intake, row.child_id)
    session.flush()
    note(session, desk, intake, row, action, was=row.former.value if row.former else None)


def can_undo(desk: Desk, row: Registration) -> bool:
    """Tell whether the end of a registration can still be taken back, unless its place was given on meanwhile."""
    ended = row.state in {Place.CANCELLED, Place.DECLINED} and row.former is not None
    return ended and desk.clock.now() < row.changed_at + UNDO


def undo(session: Session, desk: Desk, registration_id: UUID) -> None:
    """Take back that a registration was cancelled or an offer declined: it is again exactly what it was.

    An offer of its place that nobody has told the family is taken back as well. ConflictError where it is too late, or
    the place is another's by now.
    """
    require(desk.actor, Capability.REGISTER_CHILDREN)
    known = find_registration(session, registration_id)
    child_id, activity_id = known.child_id, known.activity_id
    with seeing_all(session):
        child = lock_children(session, [child_id])[child_id]
        intake = lock_intakes(session, [activity_id])[activity_id]
        row = fresh(session, registration_id)
        if not can_undo(desk, row) or row.former is None:
            raise ConflictError(Message("It is too late to take this back: register the child again."))
        if _other_live(session, row):
            raise ConflictError(Message("The child is registered for this again already."))
        former = row.former
        if former in HOLDING:
            if obstacles := still_standing(session, desk, row):
                raise NotEligibleError(obstacles)
            _make_room(session, desk, intake, row)
        settle(row, desk, former)
        row.former = None
        session.flush()
        if former is Place.PLACED:
            join_group(session, intake, child)
        note(session, desk, intake, row, "restored", state=former.value)
        if former is Place.WAITING:
            pass_on(session, desk, intake)


def undo_request(session: Session, desk: Desk, request_id: UUID) -> int:
    """Take back all that one form has just registered, and return how many; ConflictError where it is too late."""
    require(desk.actor, Capability.REGISTER_CHILDREN)
    with seeing_all(session):
        rows = session.scalars(queries.of_request(request_id)).all()
    reached = set(session.scalars(select(Child.id).where(Child.id.in_({row.child_id for row in rows}))))
    known = [(row.id, row.activity_id) for row in rows if row.child_id in reached]
    if not known:
        raise NotFoundError(Message("There is no such registration."))
    if any(desk.clock.now() >= row.registered_at + UNDO for row in rows):
        raise ConflictError(Message("It is too late to take this back: cancel single registrations instead."))
    with seeing_all(session):
        intakes = lock_intakes(session, {activity for _key, activity in known})
        done = 0
        for key, activity in known:
            row = fresh(session, key)
            if row.state in LIVE:
                end(session, desk, intakes[activity], row, "undone")
                # What never was is not brought back.
                row.former = None
                done += 1
        for intake in intakes.values():
            pass_on(session, desk, intake)
        return done


def _make_room(session: Session, desk: Desk, intake: ActivityIntake, row: Registration) -> None:
    if taken(session, intake.activity_id) < intake.capacity:
        return
    query = select(Registration).where(
        Registration.place_of_id == row.id, Registration.state == Place.OFFERED, Registration.to_tell
    )
    offered = session.scalars(query).first()
    if offered is None:
        raise ConflictError(Message("The place has been given on meanwhile: it stays so."))
    settle(offered, desk, Place.WAITING)
    offered.offered_until, offered.to_tell = None, False
    session.flush()
    note(session, desk, intake, offered, "offer_withdrawn")


def _other_live(session: Session, row: Registration) -> bool:
    query = queries.live_of_child(row.child_id).where(Registration.activity_id == row.activity_id)
    return session.scalars(query).first() is not None
