"""Requests for duties, swaps, and what decides about both."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from core.db.models import (
    Activity,
    ActivitySession,
    Assignment,
    DutyRequest,
    DutySwap,
    Room,
    StationServing,
    User,
    Volunteer,
    VolunteerLink,
)
from core.db.models.activity import SessionStatus
from core.domain.actor import Role
from core.domain.replies import LIVE, OPEN_SWAPS, REFUSED, RequestState, SwapState
from core.domain.serving import Stage


def session_to_staff(session_id: UUID) -> Select[ActivitySession]:
    """One session with its roles, its place, and who serves in it with what they may and can."""
    return _sessions_to_staff().where(ActivitySession.id == session_id)


def _sessions_to_staff() -> Select[ActivitySession]:
    serving = joinedload(Assignment.volunteer)
    return select(ActivitySession).options(
        joinedload(ActivitySession.activity).joinedload(Activity.place),
        joinedload(ActivitySession.activity).selectinload(Activity.roles),
        joinedload(ActivitySession.activity).selectinload(Activity.groups),
        joinedload(ActivitySession.room).joinedload(Room.venue),
        selectinload(ActivitySession.assignments).options(
            serving.selectinload(Volunteer.clearances), serving.selectinload(Volunteer.skills)
        ),
    )


def held_between(first: datetime, last: datetime) -> Select[ActivitySession]:
    """Held sessions in reach that begin from `first` to before `last`, as `session_to_staff` loads them, by time."""
    return (
        _sessions_to_staff()
        .where(
            ActivitySession.status == SessionStatus.HELD,
            ActivitySession.starts_at >= first,
            ActivitySession.starts_at < last,
        )
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )


def sessions_of_term_to_staff(term_id: UUID) -> Select[ActivitySession]:
    """All sessions of a term, as `session_to_staff` loads them, by time."""
    return (
        _sessions_to_staff()
        .join(ActivitySession.activity)
        .where(Activity.term_id == term_id)
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )


def candidates(stations: Collection[UUID]) -> Select[Volunteer]:
    """People at the stations' disposal, with all that decides whether they may and can serve, by number."""
    return (
        select(Volunteer)
        .where(Volunteer.station_id.in_(stations), Volunteer.active, Volunteer.stage == Stage.ACCEPTED)
        .options(
            selectinload(Volunteer.skills),
            selectinload(Volunteer.clearances),
            selectinload(Volunteer.availabilities),
            selectinload(Volunteer.blackouts),
            selectinload(Volunteer.likes),
            selectinload(Volunteer.answer),
        )
        .order_by(Volunteer.number, Volunteer.id)
    )


def crew(people: Collection[UUID]) -> Select[Volunteer]:
    """Some people, with what they said of how they serve."""
    return select(Volunteer).where(Volunteer.id.in_(people)).options(selectinload(Volunteer.answer))


def assignments_between(people: Collection[UUID], first: datetime, last: datetime) -> Select[Assignment]:
    """Duties of some people that touch a stretch of time, with their places."""
    return (
        select(Assignment)
        .where(Assignment.volunteer_id.in_(people), Assignment.ends_at > first, Assignment.starts_at < last)
        .options(
            joinedload(Assignment.session).joinedload(ActivitySession.activity),
            joinedload(Assignment.session).joinedload(ActivitySession.room),
        )
    )


def duties_in_term(people: Collection[UUID], term_id: UUID) -> Select[UUID, int]:
    """How many duties each of some people has in a term; who has none is left out."""
    return (
        select(Assignment.volunteer_id, func.count())
        .join(ActivitySession, ActivitySession.id == Assignment.session_id)
        .join(Activity, Activity.id == ActivitySession.activity_id)
        .where(Assignment.volunteer_id.in_(people), Activity.term_id == term_id)
        .group_by(Assignment.volunteer_id)
    )


def faces(row: ActivitySession, role: str, now: datetime) -> Select[UUID]:
    """Who serves in a role in the other sessions ahead of a session's activity."""
    return (
        select(Assignment.volunteer_id)
        .join(ActivitySession, ActivitySession.id == Assignment.session_id)
        .where(
            ActivitySession.activity_id == row.activity_id,
            ActivitySession.id != row.id,
            Assignment.starts_at >= now,
            Assignment.role == role,
        )
        .distinct()
    )


def serving_rules(station_id: UUID) -> Select[StationServing]:
    """A station's own rules of serving, if it has any."""
    return select(StationServing).where(StationServing.station_id == station_id)


def _shown() -> Select[DutyRequest]:
    of_session = joinedload(DutyRequest.session)
    return select(DutyRequest).options(
        of_session.joinedload(ActivitySession.activity).options(
            joinedload(Activity.place), selectinload(Activity.groups), selectinload(Activity.roles)
        ),
        of_session.joinedload(ActivitySession.room).joinedload(Room.venue),
        joinedload(DutyRequest.room).joinedload(Room.venue),
        joinedload(DutyRequest.volunteer),
    )


def request(request_id: UUID) -> Select[DutyRequest]:
    """One request with session and person."""
    return _shown().where(DutyRequest.id == request_id)


def requests_of_volunteer(volunteer_id: UUID, now: datetime) -> Select[DutyRequest]:
    """What somebody is asked or has said about duties ahead, by time, less what is over."""
    told = {*LIVE, *REFUSED, RequestState.EXPIRED}
    return (
        _shown()
        .where(DutyRequest.volunteer_id == volunteer_id, DutyRequest.starts_at > now, DutyRequest.state.in_(told))
        .order_by(DutyRequest.starts_at, DutyRequest.asked_at, DutyRequest.id)
    )


def requests_of_session(session_id: UUID) -> Select[DutyRequest]:
    """What was asked about a session, the newest first."""
    return _shown().where(DutyRequest.session_id == session_id).order_by(DutyRequest.id.desc())


def requests_of_plan(plan_id: UUID) -> Select[DutyRequest]:
    """What was asked for a draft."""
    return select(DutyRequest).where(DutyRequest.plan_id == plan_id).order_by(DutyRequest.id)


def requests_ahead_in_term(term_id: UUID, now: datetime) -> Select[DutyRequest]:
    """All requests for sessions of a term that lie ahead, the oldest first."""
    return (
        select(DutyRequest)
        .join(ActivitySession, ActivitySession.id == DutyRequest.session_id)
        .join(Activity, Activity.id == ActivitySession.activity_id)
        .where(Activity.term_id == term_id, DutyRequest.starts_at > now)
        .order_by(DutyRequest.id)
    )


def words_at(people: Collection[UUID], first: datetime, last: datetime) -> Select[DutyRequest]:
    """What some people were asked or said about a stretch of time, the oldest first."""
    return (
        select(DutyRequest)
        .where(DutyRequest.volunteer_id.in_(people), DutyRequest.ends_at > first, DutyRequest.starts_at < last)
        .order_by(DutyRequest.id)
    )


def words_between(first: datetime, last: datetime) -> Select[DutyRequest]:
    """What people in reach were asked or said of sessions that begin in a stretch of time, the oldest first."""
    return (
        select(DutyRequest)
        .where(DutyRequest.starts_at >= first, DutyRequest.starts_at < last)
        .options(joinedload(DutyRequest.session).joinedload(ActivitySession.activity))
        .order_by(DutyRequest.id)
    )


def open_requests(now: datetime) -> Select[DutyRequest]:
    """Requests in reach about sessions ahead on which an organizer may look, by the time of the session."""
    looked_at = {RequestState.ASKED, RequestState.PROPOSED, RequestState.EXPIRED, RequestState.DECLINED}
    return (
        _shown()
        .where(DutyRequest.state.in_(looked_at), DutyRequest.starts_at > now)
        .order_by(DutyRequest.starts_at, DutyRequest.id)
    )


def live_requests_of_session(session_id: UUID) -> Select[DutyRequest]:
    """Requests of a session that are asked or accepted, the oldest first."""
    return (
        select(DutyRequest)
        .where(DutyRequest.session_id == session_id, DutyRequest.state.in_(LIVE))
        .options(joinedload(DutyRequest.volunteer))
        .order_by(DutyRequest.id)
    )


def requests_to_tell(station_id: UUID, sessions: Collection[UUID] | None) -> Select[DutyRequest]:
    """Of a station's sessions, the requests of which a volunteer's calendar says that they wait or were answered."""
    told = {*LIVE, RequestState.EXPIRED}
    query = _shown().where(DutyRequest.station_id == station_id, DutyRequest.state.in_(told)).order_by(DutyRequest.id)
    return query if sessions is None else query.where(DutyRequest.session_id.in_(sessions))


def requests_due(now: datetime, since: datetime, local: datetime) -> Select[UUID]:
    """Requests to remind of, to end, or after which the next person is to be asked; `since`: said no before that."""
    return select(DutyRequest.id).where(_due(now, since, local)).order_by(DutyRequest.id)


def _due(now: datetime, since: datetime, local: datetime) -> ColumnElement[bool]:
    asked = and_(
        DutyRequest.state == RequestState.ASKED,
        or_(
            DutyRequest.deadline <= now,
            DutyRequest.starts_at <= local,
            and_(DutyRequest.reminded_at.is_(None), DutyRequest.remind_at <= now),
        ),
    )
    to_go_on = and_(
        DutyRequest.go_on,
        DutyRequest.went_on_at.is_(None),
        DutyRequest.starts_at > local,
        or_(
            DutyRequest.state == RequestState.EXPIRED,
            and_(DutyRequest.state.in_(REFUSED), DutyRequest.answered_at <= since),
        ),
    )
    return or_(asked, to_go_on)


def _swaps() -> Select[DutySwap]:
    return select(DutySwap).options(
        joinedload(DutySwap.session).joinedload(ActivitySession.activity).selectinload(Activity.roles),
        joinedload(DutySwap.session).joinedload(ActivitySession.room).joinedload(Room.venue),
        joinedload(DutySwap.volunteer),
        joinedload(DutySwap.taken_by),
    )


def swap(swap_id: UUID) -> Select[DutySwap]:
    """One swap with session and people."""
    return _swaps().where(DutySwap.id == swap_id)


def open_swaps(now: datetime) -> Select[DutySwap]:
    """Swaps in reach that are open and whose duty lies ahead, by its time."""
    return (
        _swaps()
        .where(DutySwap.state.in_(OPEN_SWAPS), DutySwap.starts_at > now)
        .order_by(DutySwap.starts_at, DutySwap.id)
    )


def open_swaps_of_session(session_id: UUID) -> Select[DutySwap]:
    """Open swaps of a session's duties."""
    return _swaps().where(DutySwap.session_id == session_id, DutySwap.state.in_(OPEN_SWAPS)).order_by(DutySwap.id)


def swaps_over(local: datetime) -> Select[UUID]:
    """Swaps that are open though their duty has begun."""
    open_still = DutySwap.state.in_((SwapState.OFFERED, SwapState.TAKEN))
    return select(DutySwap.id).where(open_still, DutySwap.starts_at <= local).order_by(DutySwap.id)


def organizers(station_id: UUID, roles: Collection[Role]) -> Select[User]:
    """The accounts of a station that plan."""
    return select(User).where(User.active, User.station_id == station_id, User.role.in_(roles)).order_by(User.login)


def link_of_token(token_hash: bytes) -> Select[VolunteerLink]:
    """The secret address of which this is the hash."""
    return select(VolunteerLink).where(VolunteerLink.token_hash == token_hash)


def live_links(volunteer_id: UUID, now: datetime) -> Select[VolunteerLink]:
    """Somebody's secret addresses that work, the newest first."""
    return (
        select(VolunteerLink)
        .where(
            VolunteerLink.volunteer_id == volunteer_id,
            VolunteerLink.revoked_at.is_(None),
            VolunteerLink.expires_at > now,
        )
        .order_by(VolunteerLink.id.desc())
    )
