"""Asking people for duties: one for an empty place, all whom a plan has serve, and whoever comes next."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, DutyRequest, Plan, Volunteer
from core.db.models.plan import PlanStatus
from core.db.queries import plans as plan_queries
from core.db.queries import replies as queries
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.notices import NoticeKind
from core.domain.replies import LIVE, RequestOrigin, RequestState, deadline_for, reminder_before
from core.security.permissions import require
from core.services.audit import record
from core.services.desk import Desk
from core.services.feed_ledger import update_ledger
from core.services.replies.fitness import require_fit
from core.services.replies.occasions import Occasion, answered_document, find_session, in_draft, published
from core.services.replies.placing import hold, tell_calendars
from core.services.replies.ranking import planner_for, ranked
from core.services.replies.telling import tell_volunteer
from core.services.serving_rules import rules_of
from core.services.volunteering import PAID, find_person


@dataclass(frozen=True)
class Terms:
    """On which terms somebody is asked: hours to answer, None for the station's own; whom to ask after them."""

    hours: int | None = None
    go_on: bool = False


def ask(
    session: Session, desk: Desk, session_id: UUID, role: str, volunteer_id: UUID, terms: Terms | None = None
) -> DutyRequest:
    """Ask somebody whether they take an empty place of a published session; return the request.

    NotFitError for somebody who may not take it, ConflictError for who is asked already or whom it doesn't suit then.
    """
    require(desk.actor, Capability.PLAN)
    hold(session, [session_id], [volunteer_id])
    occasion = published(find_session(session, session_id))
    volunteer = find_person(session, volunteer_id)
    return _ask(session, desk, occasion, role, volunteer, terms or Terms())


def _ask(
    session: Session, desk: Desk, occasion: Occasion, role: str, volunteer: Volunteer, terms: Terms
) -> DutyRequest:
    require_fit(session, desk, occasion, role, volunteer)
    words = session.scalars(queries.words_at([volunteer.id], occasion.starts_at, occasion.ends_at))
    last = [one for one in words if one.session_id == occasion.row.id]
    if any(one.state in LIVE for one in last):
        raise ConflictError(Message("%(name)s is asked for it already.", {"name": volunteer.name}))
    request = _request(desk, occasion, role, volunteer, terms, _hours(session, occasion, terms))
    request.origin = RequestOrigin.GAP
    session.add(request)
    session.flush()
    _tell(session, desk, [request])
    tell_calendars(session, desk, occasion.row)
    return request


def ask_next(session: Session, desk: Desk, request: DutyRequest) -> DutyRequest | None:
    """Ask the best person after one with whom it came to nothing; None where nobody is left, or the place is filled."""
    row = find_session(session, request.session_id)
    plan = None if request.plan_id is None else session.get_one(Plan, request.plan_id)
    occasion = published(row) if plan is None else in_draft(session, plan, row)
    if occasion.starts_at != request.starts_at or occasion.free(request.role) == 0:
        return None
    waiting = [one for one in _live(session, occasion) if one.role == request.role]
    if sum(one.state is RequestState.ASKED and one.volunteer_id not in occasion.serving for one in waiting) >= (
        occasion.free(request.role)
    ):
        return None
    planner = planner_for(session, desk, occasion)
    best = next(iter(ranked(session, desk, occasion, request.role, planner)), None)
    if best is None:
        return None
    found = _ask(session, desk, occasion, request.role, best.volunteer, Terms(go_on=True))
    found.asked_by = request.asked_by
    return found


def ask_for_plan(session: Session, desk: Desk, plan_id: UUID, terms: Terms | None = None) -> int:
    """Ask everybody whom a plan has serve in sessions ahead, and return how many questions that makes.

    Whoever is asked already, or has answered, for the same session and time isn't asked again, and those who are paid
    for their work are not asked. ConflictError for a plan that another has superseded.
    """
    require(desk.actor, Capability.PLAN)
    plan = session.scalars(plan_queries.plan_page(plan_id)).one_or_none()
    if plan is None:
        raise NotFoundError(Message("There is no such plan."))
    if plan.status is PlanStatus.SUPERSEDED:
        raise ConflictError(Message("Another plan was published since: ask for that one."))
    made = [
        request
        for occasion in _occasions(session, desk, plan)
        for request in _questions(session, desk, occasion, terms or Terms())
    ]
    session.flush()
    _tell(session, desk, made)
    asked = {one.session_id for one in made}
    update_ledger(session, desk.clock, desk.hooks, station_id=plan.station_id, only=asked, tells=False)
    return len(made)


def _occasions(session: Session, desk: Desk, plan: Plan) -> list[Occasion]:
    rows = list(session.scalars(queries.sessions_of_term_to_staff(plan.term_id)))
    if plan.status is PlanStatus.PUBLISHED:
        held = [row for row in rows if row.starts_at is not None and row.starts_at > desk.now]
        return [published(row) for row in held if row.ends_at is not None and row.status.value == "held"]
    planned = {one.key for one in answered_document(session, plan).sessions}
    found = (in_draft(session, plan, row) for row in rows if (str(row.activity_id), row.position) in planned)
    return [one for one in found if one.starts_at > desk.now]


def _questions(session: Session, desk: Desk, occasion: Occasion, terms: Terms) -> list[DutyRequest]:
    live = {one.volunteer_id: one for one in _live(session, occasion)}
    hours, made = _hours(session, occasion, terms), []
    for volunteer_id, role in sorted(occasion.serving.items()):
        volunteer, known = session.get(Volunteer, volunteer_id), live.get(volunteer_id)
        if volunteer is None or volunteer.kind in PAID:
            continue
        if known is not None and known.starts_at == occasion.starts_at:
            if occasion.plan is not None and known.plan_id is not None:
                known.plan_id = occasion.plan.id
            continue
        if known is not None:
            known.state = RequestState.WITHDRAWN
            session.flush()
        request = _request(desk, occasion, role, volunteer, terms, hours)
        session.add(request)
        made.append(request)
    return made


def withdraw(session: Session, desk: Desk, request_id: UUID) -> DutyRequest:
    """Take a question back that nobody has answered; ConflictError where it was answered."""
    require(desk.actor, Capability.PLAN)
    request = find_request(session, request_id)
    hold(session, [request.session_id], [request.volunteer_id])
    if request.state is not RequestState.ASKED:
        raise ConflictError(Message("This question was answered meanwhile."))
    end(session, desk, request)
    tell_calendars(session, desk, find_session(session, request.session_id))
    return request


def end(session: Session, desk: Desk, request: DutyRequest) -> None:
    """End a question that needs no answer any more, and tell who was asked."""
    request.state, request.went_on_at = RequestState.WITHDRAWN, desk.clock.now()
    session.flush()
    tell_volunteer(session, desk, NoticeKind.DUTY_WITHDRAWN, request)
    note(session, desk, request, "duty.withdrawn")


def end_needless(session: Session, desk: Desk, row: ActivitySession) -> None:
    """End the questions for places of a published session that are filled by now."""
    occasion = published(row)
    for one in _live(session, occasion):
        waits = one.state is RequestState.ASKED and one.volunteer_id not in occasion.serving and one.plan_id is None
        if waits and occasion.free(one.role) == 0:
            end(session, desk, one)


def find_request(session: Session, request_id: UUID) -> DutyRequest:
    """Return a request in reach; NotFoundError where there is none."""
    found = session.scalars(queries.request(request_id)).one_or_none()
    if found is None:
        raise NotFoundError(Message("There is no such request."))
    return found


def note(session: Session, desk: Desk, request: DutyRequest, action: str, **detail: str | int | bool) -> None:
    """Note in the audit log what became of a request."""
    record(
        session,
        desk.actor,
        desk.clock,
        station_id=request.station_id,
        action=action,
        subject_kind="session",
        subject_id=request.session_id,
        detail={"request": request.id.hex, "volunteer": request.volunteer_id.hex, "role": request.role, **detail},
    )


def local_moment(desk: Desk, starts_at: datetime) -> datetime:
    """Return a wall-clock time of the station as a moment in UTC."""
    return desk.moment(starts_at).astimezone(UTC)


def _live(session: Session, occasion: Occasion) -> list[DutyRequest]:
    return list(session.scalars(queries.live_requests_of_session(occasion.row.id)))


def _hours(session: Session, occasion: Occasion, terms: Terms) -> tuple[int, int]:
    rules = rules_of(session, occasion.row.station_id)
    hours = rules.reply_hours if terms.hours is None else terms.hours
    if not 1 <= hours <= 336:  # noqa: PLR2004 (two weeks)
        raise InvalidInputError(Message("Give 1 to 336 hours to answer."))
    return hours, rules.remind_hours


def _request(
    desk: Desk, occasion: Occasion, role: str, volunteer: Volunteer, terms: Terms, hours: tuple[int, int]
) -> DutyRequest:
    request = DutyRequest(
        station_id=occasion.row.station_id,
        session_id=occasion.row.id,
        volunteer_id=volunteer.id,
        role=role,
        origin=RequestOrigin.PLAN,
        starts_at=occasion.starts_at,
        ends_at=occasion.ends_at,
        room_id=None if occasion.plan is None or occasion.room is None else occasion.room.id,
        plan_id=None if occasion.plan is None else occasion.plan.id,
        state=RequestState.ASKED,
        asked_at=desk.clock.now(),
        asked_by=desk.actor.user_id,
        go_on=terms.go_on,
    )
    set_deadline(desk, request, hours)
    return request


def set_deadline(desk: Desk, request: DutyRequest, hours: tuple[int, int]) -> None:
    """Give so many hours to answer, with a reminder so many hours before the end; less where the duty is soon."""
    now, begins = desk.clock.now(), local_moment(desk, request.starts_at)
    deadline = deadline_for(now, begins, hours[0])
    request.deadline, request.reminded_at = deadline, None
    request.remind_at = reminder_before(now, deadline, hours[1])


def _tell(session: Session, desk: Desk, requests: list[DutyRequest]) -> None:
    for one in requests:
        tell_volunteer(session, desk, NoticeKind.DUTY_ASKED, one)
        note(session, desk, one, "duty.asked")
