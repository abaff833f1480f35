"""Registrations as people read them: an activity's list, a term's numbers, a receipt, brothers and sisters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityIntake, Child, Guardian, Registration
from core.db.queries import registration as queries
from core.db.scope import seeing_all
from core.domain.errors import Message, NotFoundError
from core.domain.registering import HOLDING, LIVE, Place
from core.services.registration.clashes import Stretch, published_times
from core.services.registration.desk import find_intake
from core.services.registration.prospects import standing_counts


@dataclass(frozen=True)
class Line:
    """A registration on a list, with its child; `turn` is the place in the order of those who wait, from 1."""

    row: Registration
    child: Child = field(repr=False)
    turn: int | None = None


@dataclass(frozen=True)
class ActivityList:
    """Who is registered for an activity: by name those whom the reader sees, and how many besides."""

    intake: ActivityIntake
    taken: int
    placed: tuple[Line, ...]
    offered: tuple[Line, ...]
    waiting: tuple[Line, ...]
    ended: tuple[Line, ...]
    unseen: int

    @property
    def free(self) -> int:
        """How many places are free."""
        return max(0, self.intake.capacity - self.taken)


@dataclass(frozen=True)
class Numbers:
    """An activity of a term in numbers."""

    intake: ActivityIntake
    placed: int
    offered: int
    waiting: int


@dataclass(frozen=True)
class ReceiptLine:
    """One registration on a receipt."""

    row: Registration
    child: Child = field(repr=False)
    activity: Activity
    times: tuple[Stretch, ...]


def activity_list(session: Session, activity_id: UUID) -> ActivityList:
    """Return who is registered for an activity in reach."""
    find_intake(session, activity_id)
    with seeing_all(session):
        counts = standing_counts(session, [activity_id])[activity_id]
        order = [row.id for row in session.scalars(queries.waiting_for(activity_id))]
    rows = session.execute(
        select(Registration, Child)
        .join(Child, Child.id == Registration.child_id)
        .where(Registration.activity_id == activity_id)
        .order_by(Registration.registered_at, Registration.id)
    )
    turns = {key: number for number, key in enumerate(order, 1)}
    lines = [Line(row, child, turns.get(row.id)) for row, child in rows]
    seen = sum(line.row.state in LIVE for line in lines)
    return ActivityList(
        intake=find_intake(session, activity_id),
        taken=sum(counts.get(state, 0) for state in HOLDING),
        placed=_in(lines, Place.PLACED),
        offered=_in(lines, Place.OFFERED),
        waiting=tuple(sorted(_in(lines, Place.WAITING), key=lambda line: line.turn or 0)),
        ended=tuple(line for line in lines if line.row.state not in LIVE),
        unseen=sum(counts.values()) - seen,
    )


def numbers_of_term(session: Session, term_id: UUID) -> tuple[Numbers, ...]:
    """Return the activities of a term that take registrations, in numbers, by title."""
    reached = [row.activity_id for row in session.scalars(queries.intakes_of(term_id))]
    with seeing_all(session):
        counts = standing_counts(session, reached)
    return tuple(
        Numbers(
            intake,
            *(counts[intake.activity_id].get(state, 0) for state in (Place.PLACED, Place.OFFERED, Place.WAITING)),
        )
        for intake in session.scalars(queries.intakes_of(term_id))
    )


def receipt(session: Session, request_id: UUID) -> tuple[ReceiptLine, ...]:
    """Return what one form has registered of children in reach, by child and title; NotFoundError where it is nothing.

    The activities may be of a station above, so their rows come from beyond the wall, as they were.
    """
    with seeing_all(session):
        of_form = session.execute(
            select(Registration, Activity)
            .join(Activity, Activity.id == Registration.activity_id)
            .where(Registration.request_id == request_id)
            .order_by(Activity.title)
        ).all()
        times = published_times(session, {activity.id for _row, activity in of_form})
    wanted = {row.child_id for row, _activity in of_form}
    people = session.scalars(select(Child).where(Child.id.in_(wanted)).order_by(Child.number)).all()
    if not people:
        raise NotFoundError(Message("There is no such receipt."))
    return tuple(
        ReceiptLine(row, child, activity, times[activity.id])
        for child in people
        for row, activity in of_form
        if row.child_id == child.id
    )


def siblings(session: Session, children: Collection[UUID]) -> Sequence[Child]:
    """Return other children in reach with a guardian of the same phone, by number."""
    phones = select(Guardian.phone_index).where(Guardian.child_id.in_(children))
    related = select(Guardian.child_id).where(Guardian.phone_index.in_(phones), Guardian.child_id.not_in(children))
    query = select(Child).where(Child.id.in_(related), Child.left_on.is_(None)).order_by(Child.number)
    return session.scalars(query).all()


def _in(lines: Sequence[Line], state: Place) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.row.state is state)
