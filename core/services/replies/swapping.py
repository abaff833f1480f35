"""Swaps: a duty is offered to all who may take it, and somebody takes it; some programs have the organizer approve."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, DutyRequest, DutySwap, Volunteer
from core.db.queries import replies as queries
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, Message, NotFoundError
from core.domain.notices import NoticeKind
from core.domain.replies import LIVE, OPEN_SWAPS, RequestOrigin, RequestState, SwapState
from core.security.permissions import require
from core.services.adults import Homes
from core.services.audit import record
from core.services.desk import Desk
from core.services.replies.fitness import Diary, NotFitError, obstacle, require_fit
from core.services.replies.occasions import Occasion, find_session, published
from core.services.replies.placing import hold, put_in, take_out, tell_calendars
from core.services.replies.safety import safety_of
from core.services.replies.telling import tell_one
from core.services.serving_rules import rules_of
from core.services.stations import scope_of_station
from core.services.volunteering import find_person


def offer(session: Session, desk: Desk, session_id: UUID, volunteer_id: UUID) -> DutySwap:
    """Offer somebody's duty to all who may take it, and tell them; it stays theirs until somebody has taken it.

    NotFoundError where they don't serve in the session, ConflictError where it has begun or is offered already.
    """
    hold(session, [session_id], [volunteer_id])
    row = find_session(session, session_id)
    occasion = published(row)
    role = occasion.serving.get(volunteer_id)
    if role is None:
        raise NotFoundError(Message("There is no such duty."))
    if occasion.starts_at <= desk.now:
        raise ConflictError(Message("The session has begun: call the station."))
    if any(one.volunteer_id == volunteer_id for one in session.scalars(queries.open_swaps_of_session(session_id))):
        raise ConflictError(Message("This duty is offered already."))
    swap = DutySwap(
        station_id=row.station_id,
        session_id=row.id,
        volunteer_id=volunteer_id,
        role=role,
        starts_at=occasion.starts_at,
        offered_at=desk.clock.now(),
    )
    session.add(swap)
    session.flush()
    _note(session, desk, swap, "swap.offered")
    for one in takers(session, desk, occasion, swap):
        tell_one(session, desk, NoticeKind.SWAP_OFFERED, one.id, row, swap.id.hex)
    return swap


def takers(session: Session, desk: Desk, occasion: Occasion, swap: DutySwap) -> list[Volunteer]:
    """Return everybody who may take an offered duty."""
    stations = scope_of_station(session, swap.station_id).stations
    people = [one for one in session.scalars(queries.candidates(stations)) if one.id != swap.volunteer_id]
    diary = Diary.around(session, occasion, [one.id for one in people])
    return [one for one in people if why_not_take(session, desk, occasion, swap, one, diary) is None]


def why_not_take(
    session: Session, desk: Desk, occasion: Occasion, swap: DutySwap, volunteer: Volunteer, diary: Diary
) -> Message | None:
    """Return what keeps somebody from taking an offered duty; None: nothing does."""
    found = obstacle(session, desk, occasion, swap.role, volunteer, diary, instead_of=swap.volunteer_id)
    return found or _would_harm(desk, occasion.row, swap, volunteer, diary.homes)


def _would_harm(desk: Desk, row: ActivitySession, swap: DutySwap, volunteer: Volunteer, homes: Homes) -> Message | None:
    today = desk.now.date()
    if not safety_of(row, homes, today=today).safe:
        return None
    if safety_of(row, homes, today=today, without=swap.volunteer_id, also=volunteer).safe:
        return None
    return Message("the session would have too few adults, or all of one household")


def take(session: Session, desk: Desk, swap_id: UUID, volunteer_id: UUID) -> DutySwap:
    """Take a duty that somebody offers; where its program wants it, the organizer approves first.

    ConflictError where somebody was quicker, NotFitError for somebody who may not take it.
    """
    swap = find_swap(session, swap_id)
    hold(session, [swap.session_id], [volunteer_id, swap.volunteer_id])
    if swap.state is not SwapState.OFFERED:
        raise ConflictError(Message("Somebody was quicker, or the offer was withdrawn."))
    volunteer = find_person(session, volunteer_id)
    if volunteer.id == swap.volunteer_id:
        raise ConflictError(Message("This duty is yours: withdraw the offer instead."))
    occasion = published(find_session(session, swap.session_id))
    _require_takable(session, desk, occasion, swap, volunteer)
    swap.taken_by_id, swap.taken_at = volunteer.id, desk.clock.now()
    if occasion.row.activity.program in rules_of(session, swap.station_id).approve_swaps:
        swap.state = SwapState.TAKEN
        session.flush()
        _note(session, desk, swap, "swap.taken")
        return swap
    _carry_out(session, desk, occasion, swap, volunteer)
    tell_one(session, desk, NoticeKind.SWAP_TAKEN, swap.volunteer_id, occasion.row, swap.id.hex)
    return swap


def decide(session: Session, desk: Desk, swap_id: UUID, *, approved: bool) -> DutySwap:
    """Approve a swap, or refuse it: then the duty is offered again. ConflictError where it doesn't wait for that."""
    require(desk.actor, Capability.PLAN)
    swap = find_swap(session, swap_id)
    hold(session, [swap.session_id], [one for one in (swap.volunteer_id, swap.taken_by_id) if one is not None])
    if swap.state is not SwapState.TAKEN or swap.taken_by_id is None:
        raise ConflictError(Message("This swap doesn't wait for a decision any more."))
    row, taker = find_session(session, swap.session_id), find_person(session, swap.taken_by_id)
    swap.decided_by, swap.decided_at = desk.actor.user_id, desk.clock.now()
    if approved:
        occasion = published(row)
        _require_takable(session, desk, occasion, swap, taker)
        _carry_out(session, desk, occasion, swap, taker)
    else:
        swap.state, swap.taken_by_id, swap.taken_at = SwapState.OFFERED, None, None
        session.flush()
        _note(session, desk, swap, "swap.refused")
    for one in (swap.volunteer_id, taker.id):
        tell_one(session, desk, NoticeKind.SWAP_DECIDED, one, row, f"{swap.id.hex}-{swap.decided_at.isoformat()}")
    return swap


def withdraw_offer(session: Session, desk: Desk, swap_id: UUID, volunteer_id: UUID) -> DutySwap:
    """Take an offer back; ConflictError where the duty has been swapped."""
    swap = find_swap(session, swap_id)
    if swap.volunteer_id != volunteer_id:
        raise NotFoundError(Message("There is no such offer."))
    hold(session, [swap.session_id], [volunteer_id])
    if swap.state not in OPEN_SWAPS:
        raise ConflictError(Message("The duty is swapped already."))
    swap.state = SwapState.WITHDRAWN
    session.flush()
    _note(session, desk, swap, "swap.withdrawn")
    return swap


def find_swap(session: Session, swap_id: UUID) -> DutySwap:
    """Return a swap in reach; NotFoundError where there is none."""
    found = session.scalars(queries.swap(swap_id)).one_or_none()
    if found is None:
        raise NotFoundError(Message("There is no such offer."))
    return found


def _require_takable(session: Session, desk: Desk, occasion: Occasion, swap: DutySwap, volunteer: Volunteer) -> None:
    if occasion.serving.get(swap.volunteer_id) != swap.role or occasion.starts_at != swap.starts_at:
        raise ConflictError(Message("The duty has changed since it was offered."))
    require_fit(session, desk, occasion, swap.role, volunteer, instead_of=swap.volunteer_id)
    if (why := _would_harm(desk, occasion.row, swap, volunteer, Homes(session))) is not None:
        raise NotFitError(volunteer, why)


def _carry_out(session: Session, desk: Desk, occasion: Occasion, swap: DutySwap, volunteer: Volunteer) -> None:
    row = occasion.row
    take_out(session, row, swap.volunteer_id)
    put_in(session, row, swap.role, volunteer)
    for one in session.scalars(queries.live_requests_of_session(row.id)):
        if one.volunteer_id in {swap.volunteer_id, volunteer.id} and one.state in LIVE:
            one.state = RequestState.TAKEN_OVER
    session.flush()
    session.add(agreed(desk, row, swap.role, volunteer, RequestOrigin.SWAP))
    swap.state = SwapState.DONE
    session.flush()
    _note(session, desk, swap, "swap.done")
    tell_calendars(session, desk, row)


def agreed(desk: Desk, row: ActivitySession, role: str, volunteer: Volunteer, origin: RequestOrigin) -> DutyRequest:
    """Return the word of somebody who has taken a duty without being asked for it."""
    return DutyRequest(
        station_id=row.station_id,
        session_id=row.id,
        volunteer_id=volunteer.id,
        role=role,
        origin=origin,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=RequestState.ACCEPTED,
        asked_at=desk.clock.now(),
        answered_at=desk.clock.now(),
    )


def _note(session: Session, desk: Desk, swap: DutySwap, action: str) -> None:
    people = {"from": swap.volunteer_id.hex, **({"to": swap.taken_by_id.hex} if swap.taken_by_id else {})}
    record(
        session,
        desk.actor,
        desk.clock,
        station_id=swap.station_id,
        action=action,
        subject_kind="session",
        subject_id=swap.session_id,
        detail={"swap": swap.id.hex, **people},
    )
