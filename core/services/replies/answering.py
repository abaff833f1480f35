"""Answers: yes, no with a reason, another time instead; taking an answer back; giving up a duty one has."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, DutyRequest, Volunteer
from core.db.models.activity import SessionStatus
from core.db.queries import replies as queries
from core.domain.actor import Actor, Role
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.notices import NoticeKind
from core.domain.replies import REFUSED, RequestOrigin, RequestState, SwapState
from core.security.permissions import require
from core.services.adults import Homes
from core.services.assignable import require_assignable_then
from core.services.desk import Desk
from core.services.replies.asking import end_needless, find_request, note
from core.services.replies.fitness import require_fit
from core.services.replies.occasions import find_session, occasion_of
from core.services.replies.placing import hold, put_in, take_out, tell_calendars
from core.services.replies.safety import is_unsafe
from core.services.replies.telling import alarm
from core.services.serving_rules import rules_of
from core.services.volunteering import find_person

LONGEST_REASON: Final = 500


def acting(volunteer: Volunteer) -> Actor:
    """Return a volunteer as who acts, without an account."""
    return Actor(Role.VOLUNTEER, volunteer.station_id, volunteer_id=volunteer.id)


def accept(session: Session, desk: Desk, request_id: UUID, volunteer_id: UUID) -> DutyRequest:
    """Note that somebody takes the duty for which they were asked; to say so twice changes nothing.

    ConflictError where the question isn't open any more or the place is taken, NotFitError where they may not take it
    by now, NotAssignableError where they may not serve at all.
    """
    request, volunteer = _own(session, request_id, volunteer_id)
    if request.state is RequestState.ACCEPTED:
        return request
    _require_open(request)
    _require_ahead(desk, request.starts_at)
    occasion = occasion_of(session, request)
    if occasion.serving.get(volunteer.id) is None:
        require_fit(session, desk, occasion, request.role, volunteer)
        if occasion.plan is None:
            put_in(session, occasion.row, request.role, volunteer)
    else:
        rules, today = rules_of(session, request.station_id), desk.now.date()
        require_assignable_then(volunteer, request.starts_at, request.ends_at, rules, today=today)
    _answer(session, desk, request, RequestState.ACCEPTED)
    if occasion.plan is None:
        end_needless(session, desk, find_session(session, request.session_id))
    tell_calendars(session, desk, occasion.row)
    return request


def decline(
    session: Session,
    desk: Desk,
    request_id: UUID,
    volunteer_id: UUID,
    *,
    reason: str = "",
    proposed_at: datetime | None = None,
) -> DutyRequest:
    """Note that somebody can't serve, and why; or that they could at another time, `proposed_at` in wall-clock time.

    A duty that they had agreed to, or that a plan gave them, is free from then on; where it begins soon, or isn't safe
    without them, the organizers are told at once.
    """
    request, volunteer = _own(session, request_id, volunteer_id)
    if request.state in REFUSED:
        return request
    if request.state is not RequestState.ACCEPTED:
        _require_open(request)
    _require_ahead(desk, request.starts_at)
    _require_said(desk, reason, proposed_at)
    request.reason, request.proposed_at = reason.strip() or None, proposed_at
    row = find_session(session, request.session_id)
    _answer(session, desk, request, RequestState.DECLINED if proposed_at is None else RequestState.PROPOSED)
    free(session, desk, row, volunteer.id, key=_turn(request))
    return request


def give_up(session: Session, desk: Desk, session_id: UUID, volunteer_id: UUID, *, reason: str = "") -> DutyRequest:
    """Give up a duty that a published plan gave somebody, whether they were asked or not, as `decline` does.

    NotFoundError where they don't serve in it.
    """
    hold(session, [session_id], [volunteer_id])
    row, volunteer = find_session(session, session_id), find_person(session, volunteer_id)
    duty = next((one for one in row.assignments if one.volunteer_id == volunteer_id), None)
    if duty is None or row.status is not SessionStatus.HELD:
        raise NotFoundError(Message("There is no such duty."))
    known = _live(session, session_id, volunteer_id)
    if known is None:
        known = DutyRequest(
            station_id=row.station_id,
            session_id=session_id,
            volunteer_id=volunteer.id,
            role=duty.role,
            origin=RequestOrigin.PLAN,
            starts_at=duty.starts_at,
            ends_at=duty.ends_at,
            state=RequestState.ACCEPTED,
            asked_at=desk.clock.now(),
        )
        session.add(known)
        session.flush()
    return decline(session, desk, known.id, volunteer_id, reason=reason)


def note_cancellation(
    session: Session, desk: Desk, session_id: UUID, volunteer_id: UUID, *, reason: str = ""
) -> DutyRequest:
    """Note for somebody who told the station that they can't serve after all, as `give_up` does."""
    require(desk.actor, Capability.PLAN)
    return give_up(session, desk, session_id, volunteer_id, reason=reason)


def take_back(session: Session, desk: Desk, request_id: UUID, volunteer_id: UUID) -> DutyRequest:
    """Take an answer back before the deadline; the question is open again.

    ConflictError after the deadline, and where somebody else was asked or has the place meanwhile.
    """
    request, volunteer = _own(session, request_id, volunteer_id)
    if request.state is RequestState.ASKED:
        return request
    if not can_take_back(desk, request):
        raise ConflictError(Message("It is too late to take the answer back: call the station."))
    if request.state in REFUSED and _live(session, request.session_id, volunteer.id) is not None:
        raise ConflictError(Message("You were asked again meanwhile: answer that question."))
    occasion = occasion_of(session, request)
    if request.state is RequestState.ACCEPTED and request.origin is RequestOrigin.GAP:
        free(session, desk, occasion.row, volunteer.id, key=_turn(request))
    elif request.state in REFUSED and occasion.plan is None:
        require_fit(session, desk, occasion, request.role, volunteer)
        if request.origin is RequestOrigin.PLAN:
            put_in(session, occasion.row, request.role, volunteer)
    request.state, request.answered_at = RequestState.ASKED, None
    request.reason = request.proposed_at = None
    session.flush()
    note(session, desk, request, "duty.answer_taken_back")
    tell_calendars(session, desk, occasion.row)
    return request


def can_take_back(desk: Desk, request: DutyRequest) -> bool:
    """Tell whether an answer may still be taken back, as far as the clock says."""
    answered = request.state in {RequestState.ACCEPTED, *REFUSED}
    in_time = request.deadline is not None and desk.clock.now() < request.deadline
    return answered and in_time and request.went_on_at is None


def find_own(session: Session, request_id: UUID, volunteer_id: UUID) -> DutyRequest:
    """Return somebody's own request; NotFoundError for another's."""
    found = find_request(session, request_id)
    if found.volunteer_id != volunteer_id:
        raise NotFoundError(Message("There is no such request."))
    return found


def _own(session: Session, request_id: UUID, volunteer_id: UUID) -> tuple[DutyRequest, Volunteer]:
    """Return somebody's own request with its session and person held."""
    found = find_own(session, request_id, volunteer_id)
    hold(session, [found.session_id], [volunteer_id])
    return found, find_person(session, volunteer_id)


def _live(session: Session, session_id: UUID, volunteer_id: UUID) -> DutyRequest | None:
    live = session.scalars(queries.live_requests_of_session(session_id))
    return next((one for one in live if one.volunteer_id == volunteer_id), None)


def _require_open(request: DutyRequest) -> None:
    if request.state is not RequestState.ASKED:
        raise ConflictError(Message("This question is not open any more. Thank you all the same."))


def _require_ahead(desk: Desk, starts_at: datetime) -> None:
    if starts_at <= desk.now:
        raise ConflictError(Message("The session has begun: call the station."))


def _require_said(desk: Desk, reason: str, proposed_at: datetime | None) -> None:
    if len(reason.strip()) > LONGEST_REASON:
        raise InvalidInputError(Message("Say it in 500 characters at most."))
    if proposed_at is not None and proposed_at <= desk.now:
        raise InvalidInputError(Message("Propose a time that lies ahead."))


def _answer(session: Session, desk: Desk, request: DutyRequest, state: RequestState) -> None:
    request.state, request.answered_at = state, desk.clock.now()
    session.flush()
    note(session, desk, request, f"duty.{state.value}")


def _turn(request: DutyRequest) -> str:
    return f"{request.id.hex}-{request.answered_at.isoformat() if request.answered_at else ''}"


def free(session: Session, desk: Desk, row: ActivitySession, volunteer_id: UUID, *, key: str) -> None:
    """Take somebody out of a session, end what they offered of it, and raise the alarms that are due."""
    homes = Homes(session)
    was_safe = not is_unsafe(row, homes, today=desk.now.date())
    served = take_out(session, row, volunteer_id)
    for swap in session.scalars(queries.open_swaps_of_session(row.id)):
        if swap.volunteer_id == volunteer_id:
            swap.state = SwapState.WITHDRAWN
    tell_calendars(session, desk, row)
    if not served or row.starts_at is None:
        return
    if row.starts_at - desk.now < rules_of(session, row.station_id).late:
        alarm(session, desk, NoticeKind.LATE_CANCELLATION, row, key)
    if was_safe and is_unsafe(find_session(session, row.id), homes, today=desk.now.date()):
        alarm(session, desk, NoticeKind.SESSION_UNSAFE, row, key)
