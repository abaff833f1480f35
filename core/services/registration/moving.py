"""Moving a child from one activity to another in one step: it never stands there with neither."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Activity
from core.db.queries import registration as queries
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, InvalidInputError, Message
from core.domain.registering import LIVE, Place
from core.hooks.joining import Obstacle
from core.security.permissions import require
from core.services.desk import Desk
from core.services.registration.desk import find_registration, fresh, lock_children, lock_intakes
from core.services.registration.ending import end
from core.services.registration.giving import Outcome, Wanted, register
from core.services.registration.offers import NotEligibleError, pass_on
from core.services.registration.prospects import Prospect, prospects, require_in_reach

#: What goes away where the child leaves the activity that it is about.
_GOES_ALONG: Final = frozenset({"clash", "too_far", "limit"})


def move(session: Session, desk: Desk, request_id: UUID, registration_id: UUID, into: UUID) -> Outcome:
    """Cancel a registration and register its child for another activity; what was left goes to the next child.

    A request that comes twice is carried out once. Nothing is done, and ConflictError raised, where the registration
    has ended, where the child can't join the other activity (NotEligibleError), or where it would lose a place to wait
    for one. InvalidInputError for the same one.
    """
    require(desk.actor, Capability.REGISTER_CHILDREN)
    known = find_registration(session, registration_id)
    child_id, left = known.child_id, known.activity_id
    if left == into:
        raise InvalidInputError(Message("Choose another activity."))
    require_in_reach(session, {child_id}, {into})
    with session.begin_nested(), seeing_all(session):
        lock_children(session, [child_id])
        intakes = lock_intakes(session, [left, into])
        row = fresh(session, registration_id)
        if row.state not in LIVE:
            if (done := _answered(session, request_id, child_id, into)) is not None:
                return done
            raise ConflictError(Message("This registration has ended already: load the page again."))
        had_place = row.state is Place.PLACED
        end(session, desk, intakes[left], row, "moved")
        # Whoever moved is somewhere else by now: it isn't taken back, but moved again.
        row.former = None
        (outcome,) = register(session, desk, request_id, [Wanted(child_id, into)])
        if outcome.obstacles:
            raise NotEligibleError(outcome.obstacles)
        if had_place and outcome.state is not Place.PLACED:
            raise ConflictError(Message("The last place was given this moment: the child keeps the one that it has."))
        pass_on(session, desk, intakes[left], row.id)
    return outcome


def where_to(session: Session, desk: Desk, registration_id: UUID) -> tuple[Prospect, ...]:
    """Return the activities of the term with a free place that a child could join if it left this one, by title."""
    row = find_registration(session, registration_id)
    child_id, left = row.child_id, row.activity_id
    term_id = session.get_one(Activity, left).term_id
    return tuple(
        one
        for one in prospects(session, desk, child_id, term_id)
        if one.state is None and one.free and one.activity_id != left and _go_along(one.obstacles, str(left))
    )


def _answered(session: Session, request_id: UUID, child_id: UUID, into: UUID) -> Outcome | None:
    """Return what this request has brought already, None where it hasn't come before."""
    rows = (row for row in session.scalars(queries.of_request(request_id)) if row.activity_id == into)
    row = next(rows, None)
    return None if row is None else Outcome(child_id, into, row.id, row.state, row.position, repeated=True)


def _go_along(obstacles: Sequence[Obstacle], left: str) -> bool:
    return all(one.code in _GOES_ALONG and left in one.about for one in obstacles)
