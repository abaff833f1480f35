"""The waiting list: a free place goes to the next eligible child for a limited time, and from there to the next.

Whoever is passed over is noted with the reasons, and whoever comes before others by a decision with its reason.
"""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivityIntake, Child, Registration
from core.db.models.registration import TermIntake
from core.db.queries import registration as queries
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, InvalidInputError, Message
from core.domain.registering import STANDARD_OFFER, Channel, OfferHours, Place
from core.hooks.joining import Obstacle
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
    term_intake,
    waiting,
)
from core.services.registration.prospects import prospects_among
from core.services.registration.waiving import ReasonMissingError, tidy_reason

_NOT_OFFERED: Final = Message("No place is offered to this child now: load the page again.")


class NotEligibleError(ConflictError):
    """The child can't take the place that it is offered; `obstacles` say why."""

    code = "not_eligible"

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        super().__init__(Message("The child can't take this place: %(why)s", {"why": obstacles[0].reason}))
        self.obstacles = obstacles


def pass_on(session: Session, desk: Desk, intake: ActivityIntake, place_of: UUID | None = None) -> int:
    """Offer free places to those who wait, in their order, and return how many; the intake must be locked.

    `place_of` is the registration whose place is offered on, where it is one.
    """
    free = intake.capacity - taken(session, intake.activity_id)
    if free <= 0 or intake.given_up_on is not None:
        return 0
    offered = 0
    for row in waiting(session, intake.activity_id):
        if offered == free:
            break
        if codes := tuple(obstacle.code for obstacle in still_standing(session, desk, row)):
            _note_passed_over(session, desk, intake, row, codes)
            continue
        _offer(session, desk, intake, row, place_of)
        offered += 1
    return offered


def still_standing(session: Session, desk: Desk, row: Registration) -> tuple[Obstacle, ...]:
    """Return what keeps a registered child from a place today, less what was waived for it."""
    child = session.get_one(Child, row.child_id)
    (prospect,) = prospects_among(session, desk, child, [row.activity_id], Channel.DESK)
    return tuple(one for one in prospect.lasting if one.code not in row.waived)


def accept_offer(session: Session, desk: Desk, registration_id: UUID) -> None:
    """Give a child the place that it is offered.

    Raises ConflictError where the offer ran out or is gone, NotEligibleError where the child can't take it by now.
    """
    require(desk.actor, Capability.REGISTER_CHILDREN)
    known = find_registration(session, registration_id)
    child_id, activity_id = known.child_id, known.activity_id
    with seeing_all(session):
        child = lock_children(session, [child_id])[child_id]
        intake = lock_intakes(session, [activity_id])[activity_id]
        row = fresh(session, registration_id)
        if row.state is not Place.OFFERED:
            raise ConflictError(_NOT_OFFERED)
        if row.offered_until is not None and row.offered_until <= desk.clock.now():
            raise ConflictError(Message("The offer has run out: the place goes to the next child."))
        if obstacles := still_standing(session, desk, row):
            raise NotEligibleError(obstacles)
        settle(row, desk, Place.PLACED)
        row.offered_until, row.to_tell = None, False
        join_group(session, intake, child)
        note(session, desk, intake, row, "accepted")


def decline_offer(session: Session, desk: Desk, registration_id: UUID) -> None:
    """Note that a family doesn't want the place that it is offered; it goes to the next child."""
    require(desk.actor, Capability.REGISTER_CHILDREN)
    activity_id = find_registration(session, registration_id).activity_id
    with seeing_all(session):
        intake = lock_intakes(session, [activity_id])[activity_id]
        row = fresh(session, registration_id)
        if row.state is not Place.OFFERED:
            raise ConflictError(_NOT_OFFERED)
        settle(row, desk, Place.DECLINED)
        row.to_tell = False
        note(session, desk, intake, row, "declined")
        pass_on(session, desk, intake, row.id)


def put_first(session: Session, desk: Desk, registration_id: UUID, reason: str) -> None:
    """Let a child on the waiting list come before the others, with a reason; its position stays what it was."""
    require(desk.actor, Capability.WAIVE_RULES)
    text = tidy_reason(reason)
    if text is None:
        raise ReasonMissingError
    activity_id = find_registration(session, registration_id).activity_id
    with seeing_all(session):
        intake = lock_intakes(session, [activity_id])[activity_id]
        row = fresh(session, registration_id)
        if row.state is not Place.WAITING:
            raise ConflictError(Message("This child isn't on the waiting list: load the page again."))
        before = [other.id.hex for other in _before(session, row)]
        if row.first_since is not None or not before:
            raise InvalidInputError(Message("This child comes first already."))
        row.first_since, row.changed_at = desk.clock.now(), desk.clock.now()
        row.reason = text
        note(session, desk, intake, row, "put_first", overtaken=before)
        pass_on(session, desk, intake)


def note_told(session: Session, desk: Desk, registration_id: UUID) -> None:
    """Note that a family has been told what the station did."""
    require(desk.actor, Capability.REGISTER_CHILDREN)
    row = find_registration(session, registration_id)
    row.to_tell, row.notice = False, ""
    activity_id = row.activity_id
    with seeing_all(session):
        intake = lock_intakes(session, [activity_id])[activity_id]
        note(session, desk, intake, fresh(session, registration_id), "told")


def turn_over(session: Session, desk: Desk, activity_id: UUID) -> int:
    """End the offers of an activity that have run out, offer its free places, and return how many of both."""
    with seeing_all(session):
        intake = lock_intakes(session, [activity_id]).get(activity_id)
        if intake is None:
            return 0
        now, ended = desk.clock.now(), 0
        for row in session.scalars(queries.of_activity(activity_id).where(Registration.state == Place.OFFERED)).all():
            if row.offered_until is not None and row.offered_until <= now:
                settle(row, desk, Place.EXPIRED)
                row.to_tell = True
                note(session, desk, intake, row, "expired")
                pass_on(session, desk, intake, row.id)
                ended += 1
        return ended + pass_on(session, desk, intake)


def drop_lost_places(session: Session, desk: Desk) -> int:
    """Cancel the registrations of children who have left, or were taken out of the activity's group; return how many.

    What has become free is offered by `turn_over`.
    """
    intakes = lock_intakes(session, {row.activity_id for row in session.scalars(queries.lost_places())})
    still = queries.lost_places().where(Registration.activity_id.in_(intakes))
    rows = session.scalars(still.execution_options(populate_existing=True)).all()
    for row in rows:
        settle(row, desk, Place.CANCELLED)
        leave_group(session, intakes[row.activity_id], row.child_id)
        note(session, desk, intakes[row.activity_id], row, "lapsed")
    return len(rows)


def offer_hours(of_term: TermIntake | None) -> OfferHours:
    """Return how long families may think; a term of which nobody has decided takes what a new one would."""
    return of_term.offers if of_term else STANDARD_OFFER


def _before(session: Session, row: Registration) -> list[Registration]:
    """Return those who would be offered a place before this one."""
    before = []
    for other in waiting(session, row.activity_id):
        if other.id == row.id:
            break
        before.append(other)
    return before


def _offer(session: Session, desk: Desk, intake: ActivityIntake, row: Registration, place_of: UUID | None) -> None:
    of_term = term_intake(session, intake.activity.term_id)
    until = desk.moment(offer_hours(of_term).deadline(desk.now))
    settle(row, desk, Place.OFFERED)
    row.offered_until, row.place_of_id, row.to_tell, row.passed_over = until, place_of, True, []
    session.flush()
    note(session, desk, intake, row, "offered", until=until.isoformat())


def _note_passed_over(
    session: Session, desk: Desk, intake: ActivityIntake, row: Registration, codes: tuple[str, ...]
) -> None:
    if row.passed_over != list(codes):
        row.passed_over = list(codes)
        note(session, desk, intake, row, "passed_over", codes=list(codes))
