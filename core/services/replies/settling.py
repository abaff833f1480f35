"""After a plan was published: what was asked and answered for it holds on, or ends because it has changed."""

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, DutyRequest, Plan
from core.db.models.activity import SessionStatus
from core.db.queries import replies as queries
from core.domain.notices import NoticeKind
from core.domain.replies import LIVE, OPEN_SWAPS, RequestState, SwapState
from core.services.desk import Desk
from core.services.replies.asking import note, set_deadline
from core.services.replies.telling import tell_volunteer
from core.services.serving_rules import rules_of


def settle(session: Session, desk: Desk, plan: Plan) -> None:
    """Bring requests and swaps of a term in line with the plan that was just published.

    An answer holds for the time that it was given for: whoever is to serve at another time is asked anew.
    """
    rows = {row.id: row for row in session.scalars(queries.sessions_of_term_to_staff(plan.term_id))}
    for request in session.scalars(queries.requests_ahead_in_term(plan.term_id, desk.now)).all():
        if request.state in LIVE:
            _settle(session, desk, request, rows[request.session_id])
    for swap in session.scalars(queries.open_swaps(desk.now)).all():
        if (row := rows.get(swap.session_id)) is not None and swap.state in OPEN_SWAPS:
            serves = any(one.volunteer_id == swap.volunteer_id and one.role == swap.role for one in row.assignments)
            if not serves or row.starts_at != swap.starts_at:
                swap.state = SwapState.OVER
    session.flush()


def _settle(session: Session, desk: Desk, request: DutyRequest, row: ActivitySession) -> None:
    duty = next((one for one in row.assignments if one.volunteer_id == request.volunteer_id), None)
    held_then = row.status is SessionStatus.HELD and row.starts_at == request.starts_at
    request.plan_id = request.room_id = None
    if duty is None:
        if not (held_then and request.state is RequestState.ASKED and _has_room(row, request.role)):
            request.state, request.went_on_at = RequestState.WITHDRAWN, desk.clock.now()
            session.flush()
            note(session, desk, request, "duty.withdrawn")
        return
    request.role = duty.role
    if held_then:
        return
    rules = rules_of(session, row.station_id)
    request.state, request.answered_at, request.asked_at = RequestState.ASKED, None, desk.clock.now()
    request.starts_at, request.ends_at = duty.starts_at, duty.ends_at
    set_deadline(desk, request, (rules.reply_hours, rules.remind_hours))
    session.flush()
    tell_volunteer(session, desk, NoticeKind.DUTY_ASKED, request)
    note(session, desk, request, "duty.asked")


def _has_room(row: ActivitySession, role: str) -> bool:
    wanted = next((one.wanted for one in row.activity.roles if one.role == role), 0)
    return sum(one.role == role for one in row.assignments) < wanted
