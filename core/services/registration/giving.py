"""Registering: a place or a position on the waiting list at once, for several children and activities together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.guards import CAPACITY_GUARD
from core.db.models import ActivityIntake, Child, Registration
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, Message
from core.domain.registering import Channel, Place
from core.hooks.joining import Obstacle
from core.security.permissions import require
from core.services.registration.desk import (
    Desk,
    join_group,
    lock_children,
    lock_intakes,
    note,
    taken,
)
from core.services.registration.offers import pass_on
from core.services.registration.prospects import Prospect, prospects_among, require_in_reach
from core.services.registration.waiving import tidy_reason, unwaived

FULL: Final = Obstacle(
    "full", Message("All places are taken."), Message("Register the child at the desk: then it waits for one.")
)
REGISTERED: Final = Obstacle("registered", Message("The child is registered for this already."))


@dataclass(frozen=True)
class Wanted:
    """A child for an activity."""

    child_id: UUID
    activity_id: UUID


@dataclass(frozen=True)
class Outcome:
    """What came of one child's wish: a registration and where it stands, or what stood in the way.

    `repeated`: the same request was answered before, and this is that answer as it is now.
    """

    child_id: UUID
    activity_id: UUID
    registration_id: UUID | None = None
    state: Place | None = None
    position: int | None = None
    obstacles: tuple[Obstacle, ...] = ()
    repeated: bool = False


def register(
    session: Session,
    desk: Desk,
    request_id: UUID,
    wanted: Sequence[Wanted],
    *,
    channel: Channel = Channel.DESK,
    reason: str = "",
) -> tuple[Outcome, ...]:
    """Register children for activities, and return what came of each in the order in which they were wanted.

    A request that comes twice is answered twice and carried out once. With a reason all that the actor may waive is
    waived. Whatever is refused doesn't keep the rest from being done.
    """
    require(desk.actor, Capability.REGISTER_CHILDREN)
    text = tidy_reason(reason)
    require_in_reach(session, {one.child_id for one in wanted}, {one.activity_id for one in wanted})
    with seeing_all(session):
        children = lock_children(session, {one.child_id for one in wanted})
        intakes = lock_intakes(session, {one.activity_id for one in wanted})
        return tuple(
            _one(session, desk, request_id, children[one.child_id], intakes[one.activity_id], channel, text)
            for one in dict.fromkeys(wanted)
        )


def place_together(session: Session, desk: Desk, request_id: UUID, placed: Iterable[Wanted]) -> tuple[Outcome, ...]:
    """Give the places that were given together, by families' wishes, in one step; what can't be had waits or isn't.

    Rules are asked once more: what has changed since the allocation was made shows in the outcomes.
    """
    require(desk.actor, Capability.KEEP_REGISTRATION)
    wanted = tuple(dict.fromkeys(placed))
    require_in_reach(session, {one.child_id for one in wanted}, {one.activity_id for one in wanted})
    with seeing_all(session):
        children = lock_children(session, {one.child_id for one in wanted})
        intakes = lock_intakes(session, {one.activity_id for one in wanted})
        return tuple(
            _one(session, desk, request_id, children[one.child_id], intakes[one.activity_id], Channel.ALLOCATION, None)
            for one in wanted
        )


def _one(
    session: Session,
    desk: Desk,
    request_id: UUID,
    child: Child,
    intake: ActivityIntake,
    channel: Channel,
    reason: str | None,
) -> Outcome:
    if (known := _known(session, request_id, child.id, intake.activity_id)) is not None:
        return _answer(known, repeated=True)
    (prospect,) = prospects_among(session, desk, child, [intake.activity_id], channel)
    refused = _refused(desk, session, prospect, intake, channel, reason)
    if refused:
        return Outcome(child.id, intake.activity_id, obstacles=refused)
    row = Registration(
        station_id=intake.station_id,
        child_id=child.id,
        activity_id=intake.activity_id,
        request_id=request_id,
        channel=channel,
        waived=sorted({one.code for one in prospect.obstacles}),
        registered_at=desk.clock.now(),
        registered_by=desk.actor.user_id,
        changed_at=desk.clock.now(),
    )
    row.reason = reason if row.waived else None
    _set_down(session, intake, row)
    if row.state is Place.PLACED:
        join_group(session, intake, child)
    note(session, desk, intake, row, row.state.value, position=row.position, waived=row.waived, channel=channel.value)
    return _answer(row)


def _refused(
    desk: Desk, session: Session, prospect: Prospect, intake: ActivityIntake, channel: Channel, reason: str | None
) -> tuple[Obstacle, ...]:
    if prospect.state is not None:
        return (REGISTERED,)
    if standing := unwaived(desk.actor, prospect.obstacles, reason):
        return standing
    if prospect.waiting and prospect.taken < intake.capacity:
        # A place became free without anybody having been told: those who wait come first.
        pass_on(session, desk, intake)
    return (FULL,) if channel is Channel.WALK_IN and not _free(session, intake) else ()


def _free(session: Session, intake: ActivityIntake) -> bool:
    return taken(session, intake.activity_id) < intake.capacity


def _set_down(session: Session, intake: ActivityIntake, row: Registration) -> None:
    """Give the registration a place, or the next position on the waiting list; the database has the last word."""
    if _free(session, intake):
        row.state = Place.PLACED
    else:
        row.state, row.position = Place.WAITING, intake.next_position
        intake.next_position += 1
    try:
        session.add(row)
        session.flush()
    except IntegrityError as error:
        if CAPACITY_GUARD not in str(error.orig):
            raise
        # Without its cause: the database's message may quote a row.
        raise ConflictError(Message("The last place was given this moment: load the page again.")) from None


def _known(session: Session, request_id: UUID, child_id: UUID, activity_id: UUID) -> Registration | None:
    query = select(Registration).where(
        Registration.request_id == request_id,
        Registration.child_id == child_id,
        Registration.activity_id == activity_id,
    )
    return session.scalars(query).one_or_none()


def _answer(row: Registration, *, repeated: bool = False) -> Outcome:
    return Outcome(row.child_id, row.activity_id, row.id, row.state, row.position, repeated=repeated)
