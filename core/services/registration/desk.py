"""Who registers and with what, and the rows that a registration holds on to while it decides."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import ActivityIntake, Child, GroupMember, Registration, TermIntake
from core.db.queries import registration as queries
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError
from core.domain.registering import HOLDING, Place
from core.services.audit import Deed, record_together
from core.services.desk import Desk


class Timed(Protocol):
    """Whoever goes by a clock, a desk above all."""

    @property
    def clock(self) -> Clock:
        """The clock."""


def find_registration(session: Session, registration_id: UUID) -> Registration:
    """Return a registration in reach; raise NotFoundError otherwise."""
    row = session.scalars(select(Registration).where(Registration.id == registration_id)).one_or_none()
    if row is None:
        raise NotFoundError(Message("There is no such registration."))
    return row


def find_intake(session: Session, activity_id: UUID) -> ActivityIntake:
    """Return what an activity in reach takes; raise NotFoundError where nobody is registered for it."""
    row = session.scalars(queries.intake_of(activity_id)).one_or_none()
    if row is None:
        raise NotFoundError(Message("Nobody is registered for this activity: decide first what it takes."))
    return row


def lock_intakes(session: Session, activities: Collection[UUID]) -> Mapping[UUID, ActivityIntake]:
    """Return what activities take, of which nobody else gives or takes places until the transaction ends."""
    return {row.activity_id: row for row in session.scalars(queries.locked_intakes(set(activities)))}


def lock_children(session: Session, children: Collection[UUID]) -> Mapping[UUID, Child]:
    """Return children whom nobody else registers until the transaction ends; before any intake, always."""
    return {row.id: row for row in session.scalars(queries.locked_children(set(children)))}


def fresh(session: Session, registration_id: UUID) -> Registration:
    """Return a registration as it is now that its activity is locked; it may have gone on since it was looked up."""
    query = select(Registration).where(Registration.id == registration_id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def taken(session: Session, activity_id: UUID) -> int:
    """Return how many places of an activity are given or offered; the session must see everybody."""
    query = select(func.count(Registration.id)).where(
        Registration.activity_id == activity_id, Registration.state.in_(HOLDING)
    )
    return session.scalar(query) or 0


def waiting(session: Session, activity_id: UUID) -> Sequence[Registration]:
    """Return the waiting list in its order; the session must see everybody."""
    return session.scalars(queries.waiting_for(activity_id)).all()


def term_intake(session: Session, term_id: UUID) -> TermIntake | None:
    """Return how a term's places are given, None where nobody has decided."""
    return session.scalars(queries.term_intake_of(term_id)).one_or_none()


def join_group(session: Session, intake: ActivityIntake, child: Child) -> None:
    """Put a child who has a place into the activity's group, by which planner, sheets and feeds know it."""
    if _membership(session, intake, child.id) is None:
        session.add(GroupMember(station_id=child.station_id, group_id=intake.group_id, child_id=child.id))
        session.flush()


def leave_group(session: Session, intake: ActivityIntake, child_id: UUID) -> None:
    """Take a child who has no place any more out of the activity's group."""
    if (row := _membership(session, intake, child_id)) is not None:
        session.delete(row)
        session.flush()


def settle(row: Registration, desk: Timed, state: Place) -> None:
    """Bring a registration into a state; what it was is kept where it ends."""
    if state not in HOLDING | {Place.WAITING}:
        row.former = row.state
    row.state, row.changed_at = state, desk.clock.now()
    if state is not Place.OFFERED:
        row.place_of_id = None


def note(
    session: Session, desk: Desk, intake: ActivityIntake, row: Registration, action: str, **detail: object
) -> None:
    """Record what happened to a registration in the log of the station that offers the activity."""
    record_together(session, [deed(desk, intake, row, action, **detail)])


def deed(desk: Desk, intake: ActivityIntake, row: Registration, action: str, **detail: object) -> Deed:
    """Return what happened to a registration, as the log of the station that offers the activity says it."""
    return Deed(
        desk.actor,
        desk.clock.now(),
        station_id=intake.station_id,
        action=f"registration.{action}",
        subject_kind="registration",
        subject_id=row.id,
        detail={"child": row.child_id.hex, "activity": row.activity_id.hex, **detail},
    )


def _membership(session: Session, intake: ActivityIntake, child_id: UUID) -> GroupMember | None:
    query = select(GroupMember).where(GroupMember.group_id == intake.group_id, GroupMember.child_id == child_id)
    return session.scalars(query).one_or_none()
