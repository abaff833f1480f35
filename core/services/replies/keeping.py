"""What becomes of questions with time: a reminder, the end of the time to answer, the next best person."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import DutyRequest, DutySwap
from core.db.queries import replies as queries
from core.domain.errors import DomainError
from core.domain.notices import NoticeKind
from core.domain.replies import OPEN_SWAPS, REFUSED, RequestState, SwapState
from core.services.desk import Desk
from core.services.replies.answering import free
from core.services.replies.asking import ask_next, find_request, note
from core.services.replies.occasions import find_session
from core.services.replies.placing import hold, tell_calendars
from core.services.replies.telling import tell_volunteer

#: So long somebody who said no may think again before the next person is asked.
GRACE: Final = timedelta(minutes=10)


def requests_due(session: Session, desk: Desk) -> list[UUID]:
    """Return the requests of which something is to be done."""
    now = desk.clock.now()
    return list(session.scalars(queries.requests_due(now, now - GRACE, desk.now)))


def turn_request(session: Session, desk: Desk, request_id: UUID) -> bool:
    """Do what is due of a request; return whether there was anything: whoever comes second finds nothing."""
    request = find_request(session, request_id)
    hold(session, [request.session_id], [request.volunteer_id])
    now = desk.clock.now()
    if request.state is RequestState.ASKED and request.deadline is not None:
        if request.deadline <= now or request.starts_at <= desk.now:
            return _expire(session, desk, request)
        if request.reminded_at is None and request.remind_at is not None and request.remind_at <= now:
            request.reminded_at = now
            tell_volunteer(session, desk, NoticeKind.DUTY_ASKED, request, turn="-reminder")
            return True
        return False
    over = request.state is RequestState.EXPIRED or (
        request.state in REFUSED and request.answered_at is not None and request.answered_at <= now - GRACE
    )
    if request.go_on and request.went_on_at is None and over and request.starts_at > desk.now:
        return _go_on(session, desk, request)
    return False


def _expire(session: Session, desk: Desk, request: DutyRequest) -> bool:
    request.state = RequestState.EXPIRED
    session.flush()
    note(session, desk, request, "duty.expired")
    row = find_session(session, request.session_id)
    if request.go_on and request.starts_at > desk.now:
        if request.plan_id is None and row.starts_at == request.starts_at:
            # Who never answered doesn't keep the place of somebody who would come.
            free(session, desk, row, request.volunteer_id, key=f"{request.id.hex}-expired")
        _go_on(session, desk, request)
    tell_calendars(session, desk, row)
    return True


def _go_on(session: Session, desk: Desk, request: DutyRequest) -> bool:
    request.went_on_at = desk.clock.now()
    session.flush()
    try:
        ask_next(session, desk, request)
    except DomainError:
        # The session isn't held as it was any more, so there is nothing to ask for.
        return True
    return True


def swaps_due(session: Session, desk: Desk) -> list[UUID]:
    """Return the swaps that are open though their duty has begun."""
    return list(session.scalars(queries.swaps_over(desk.now)))


def end_swap(session: Session, desk: Desk, swap_id: UUID) -> bool:
    """End a swap whose duty has begun; return whether there was one."""
    swap = session.get_one(DutySwap, swap_id)
    hold(session, [swap.session_id], [swap.volunteer_id])
    if swap.state not in OPEN_SWAPS or swap.starts_at > desk.now:
        return False
    swap.state = SwapState.OVER
    session.flush()
    return True
