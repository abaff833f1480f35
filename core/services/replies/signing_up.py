"""Signing up by oneself for places that are empty and for which nobody else is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivityRole, ActivitySession, DutyRequest, Volunteer
from core.db.queries import replies as queries
from core.domain.errors import ConflictError, Message
from core.domain.replies import LIVE, RequestOrigin, RequestState
from core.services.desk import Desk
from core.services.feed_ledger import is_private
from core.services.replies.asking import end_needless, note
from core.services.replies.fitness import Diary, obstacle, require_fit
from core.services.replies.occasions import Occasion, find_session, published
from core.services.replies.placing import hold, put_in, tell_calendars
from core.services.replies.swapping import agreed
from core.services.serving_rules import rules_of
from core.services.volunteering import find_person

#: How far ahead open places are shown.
AHEAD: Final = timedelta(days=28)
#: How far after a proposed time places are looked for, and how many are worth reading.
_AFTER: Final = timedelta(days=7)
_MOST: Final = 12


@dataclass(frozen=True)
class OpenPlace:
    """A role of a session that has room, for somebody who may take it."""

    row: ActivitySession
    role: ActivityRole
    free: int


def open_places(session: Session, desk: Desk, volunteer: Volunteer) -> list[OpenPlace]:
    """Return the places that somebody may take by themselves in the weeks ahead, by time; none where it isn't wanted.

    What is private is never among them: for a closed group or a home visit people are asked.
    """
    if not rules_of(session, volunteer.station_id).sign_up:
        return []
    rows = session.scalars(queries.held_between(desk.now, desk.now + AHEAD))
    return [place for row in rows if not is_private(row) for place in _places(session, desk, row, volunteer)]


def other_places(session: Session, desk: Desk, request: DutyRequest) -> list[OpenPlace]:
    """Return the places that whoever was asked could be asked for instead, the nearest to when they could come first.

    That is the time that they proposed, else the one that they were asked for.
    """
    volunteer, wanted = find_person(session, request.volunteer_id), request.proposed_at or request.starts_at
    until = max(desk.now + AHEAD, wanted + _AFTER)
    asked = session.scalars(queries.requests_of_volunteer(volunteer.id, desk.now))
    known = {one.session_id for one in asked if one.state in LIVE} | {request.session_id}
    rows = (row for row in session.scalars(queries.held_between(desk.now, until)) if row.id not in known)
    found = [place for row in rows for place in _places(session, desk, row, volunteer)]
    return sorted(found, key=lambda place: abs((place.row.starts_at or wanted) - wanted))[:_MOST]


def _places(session: Session, desk: Desk, row: ActivitySession, volunteer: Volunteer) -> Iterator[OpenPlace]:
    occasion = published(row)
    if volunteer.id in occasion.serving or not any(occasion.free(role.role) for role in row.activity.roles):
        return
    diary = Diary.around(session, occasion, [volunteer.id])
    for role in row.activity.roles:
        free = _unasked(session, occasion, role.role)
        if free > 0 and obstacle(session, desk, occasion, role.role, volunteer, diary) is None:
            yield OpenPlace(row, role, free)


def _unasked(session: Session, occasion: Occasion, role: str) -> int:
    """Return how many places are free for which nobody is asked."""
    live = session.scalars(queries.live_requests_of_session(occasion.row.id))
    asked = sum(
        one.state is RequestState.ASKED and one.role == role and one.volunteer_id not in occasion.serving
        for one in live
    )
    return max(0, occasion.free(role) - asked)


def sign_up(session: Session, desk: Desk, session_id: UUID, role: str, volunteer_id: UUID) -> DutyRequest:
    """Have somebody take an empty place by themselves.

    ConflictError where the station doesn't want that or the place is kept for somebody who is asked, NotFitError where
    they may not take it or somebody was quicker.
    """
    hold(session, [session_id], [volunteer_id])
    row, volunteer = find_session(session, session_id), find_person(session, volunteer_id)
    occasion = published(row)
    if is_private(row) or not rules_of(session, row.station_id).sign_up:
        raise ConflictError(Message("For this session the station asks people itself."))
    require_fit(session, desk, occasion, role, volunteer)
    own = next(
        (one for one in session.scalars(queries.live_requests_of_session(row.id)) if one.volunteer_id == volunteer_id),
        None,
    )
    if own is None and _unasked(session, occasion, role) <= 0:
        raise ConflictError(Message("Somebody is being asked for this place: try again later."))
    put_in(session, row, role, volunteer)
    if own is None:
        own = agreed(desk, row, role, volunteer, RequestOrigin.SIGN_UP)
        session.add(own)
    own.state, own.answered_at, own.role = RequestState.ACCEPTED, desk.clock.now(), role
    session.flush()
    note(session, desk, own, "duty.signed_up")
    end_needless(session, desk, find_session(session, row.id))
    tell_calendars(session, desk, row)
    return own
