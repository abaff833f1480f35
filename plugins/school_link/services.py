"""What station and school do about sessions: ask, confirm, decline, propose; and the secret addresses to do it at."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import (
    Actor,
    Clock,
    ConflictError,
    InvalidInputError,
    Message,
    NotFoundError,
    Role,
    enter_by_secret,
    record,
)
from plugins.school_link import queries
from plugins.school_link.models import Confirmation, LiaisonLink, School, State
from plugins.school_link.standing import Matter

#: A secret of 256 bits can't be guessed, nor found back from what is stored of it.
_SECRET_BYTES: Final = 32
#: How long a secret address answers.
LASTING: Final = timedelta(days=60)
_LONGEST_REASON: Final = 200
_NO_ADDRESS: Final = Message("Nothing answers at this address: ask the station for a new one.")


def ask(session: Session, actor: Actor, clock: Clock, matters: Iterable[Matter]) -> int:
    """Ask schools for sessions that they haven't been asked for as planned now; return how many these are.

    What a school has said of another time or room is forgotten: it was about something else.
    """
    open_ones = [matter for matter in matters if matter.answer is None]
    ids = {UUID(matter.planned.activity.id) for matter in open_ones}
    old = {(row.activity_id, row.session_index): row for row in session.scalars(queries.confirmations(ids))}
    for matter in open_ones:
        planned = matter.planned
        key = (UUID(planned.activity.id), planned.index)
        row = old.get(key) or Confirmation(activity_id=key[0], session_index=key[1])
        row.station_id, row.school_id = matter.school.station_id, matter.school.id
        row.starts_at, row.room_id = planned.starts_at, planned.room_id
        row.state, row.reason, row.proposed_start = State.ASKED, "", None
        row.asked_at, row.answered_at = clock.now(), None
        session.add(row)
    session.flush()
    for school in {matter.school.id: matter.school for matter in open_ones}.values():
        count = sum(matter.school.id == school.id for matter in open_ones)
        _record(session, actor, clock, school, "school_link.asked", {"sessions": count})
    return len(open_ones)


def open_link(session: Session, actor: Actor, clock: Clock, school_id: UUID, today: date) -> str:
    """Make a secret address for a school and return its token, which is shown once and not stored."""
    school = find_school(session, school_id)
    token = secrets.token_urlsafe(_SECRET_BYTES)
    session.add(
        LiaisonLink(
            station_id=school.station_id,
            school_id=school.id,
            token_hash=sha256(token.encode()).digest(),
            until=today + LASTING,
            created_at=clock.now(),
        )
    )
    session.flush()
    _record(session, actor, clock, school, "school_link.link_opened", {})
    return token


def revoke_link(session: Session, actor: Actor, clock: Clock, link_id: UUID) -> None:
    """End a secret address; it answers from now on as if it had never been."""
    link = session.get(LiaisonLink, link_id)
    if link is None:
        raise NotFoundError(Message("There is no such address."))
    if link.revoked_at is None:
        link.revoked_at = clock.now()
        _record(session, actor, clock, find_school(session, link.school_id), "school_link.link_revoked", {})


def enter(session: Session, token: str, today: date) -> School:
    """Return the school whose liaison holds the token, with the session limited to its station from then on.

    Raises NotFoundError, the same for an unknown, an expired and a revoked one.
    """
    try:
        link = enter_by_secret(session, LiaisonLink, token)
    except NotFoundError:
        raise NotFoundError(_NO_ADDRESS) from None
    if link.revoked_at is not None or link.until < today:
        raise NotFoundError(_NO_ADDRESS)
    return find_school(session, link.school_id)


def find_school(session: Session, school_id: UUID) -> School:
    """Return a partner school in reach; raise NotFoundError where there is none of that id."""
    school = session.get(School, school_id)
    if school is None:
        raise NotFoundError(Message("There is no such partner school."))
    return school


def confirm(session: Session, clock: Clock, school: School, matters: Iterable[Matter]) -> int:
    """Note that the school takes these sessions as they are planned; return how many it hadn't taken yet."""
    waiting = [matter.answer for matter in matters if matter.answer and matter.state is not State.CONFIRMED]
    for answer in waiting:
        _answer(answer, clock, State.CONFIRMED)
    session.flush()
    if waiting:
        _record(session, _liaison(school), clock, school, "school_link.confirmed", {"sessions": len(waiting)})
    return len(waiting)


def decline(session: Session, clock: Clock, school: School, matter: Matter, reason: str) -> None:
    """Note that the school can't take a session, and why; InvalidInputError without a reason."""
    text = " ".join(reason.replace("\0", "").split())
    if not text or len(text) > _LONGEST_REASON:
        raise InvalidInputError(
            Message("Say in at most %(most)s characters why it isn't possible.", {"most": _LONGEST_REASON})
        )
    _answer(_asked(matter), clock, State.DECLINED, reason=text)
    session.flush()
    _record(session, _liaison(school), clock, school, "school_link.declined", {})


def propose(
    session: Session, clock: Clock, school: School, matter: Matter, start: str, offered: Iterable[datetime]
) -> None:
    """Note another start that the school would rather have; ConflictError if the planner doesn't offer it any more."""
    chosen = next((one for one in offered if one.isoformat(timespec="minutes") == start), None)
    if chosen is None:
        raise ConflictError(Message("This time is no longer free: choose another one."))
    _answer(_asked(matter), clock, State.PROPOSED, proposed=chosen)
    session.flush()
    _record(session, _liaison(school), clock, school, "school_link.proposed", {})


def matter_of(matters: Iterable[Matter], school: School, confirmation_id: UUID) -> Matter:
    """Return what a school was asked under an id; raise NotFoundError if it isn't asked that, or no longer."""
    for matter in matters:
        if matter.school.id == school.id and matter.answer is not None and matter.answer.id == confirmation_id:
            return matter
    raise NotFoundError(Message("The plan has changed meanwhile: load the page anew."))


def _asked(matter: Matter) -> Confirmation:
    if matter.answer is None:
        raise NotFoundError(Message("The plan has changed meanwhile: load the page anew."))
    return matter.answer


def _answer(
    answer: Confirmation, clock: Clock, state: State, *, reason: str = "", proposed: datetime | None = None
) -> None:
    answer.state, answer.reason, answer.proposed_start = state, reason, proposed
    answer.answered_at = clock.now()


def _liaison(school: School) -> Actor:
    """Return whoever holds the school's secret, as the audit log knows them: nobody with an account."""
    return Actor(role=Role.VOLUNTEER, station_id=school.station_id)


def _record(session: Session, actor: Actor, clock: Clock, school: School, action: str, detail: dict[str, int]) -> None:
    record(
        session,
        actor,
        clock,
        station_id=school.station_id,
        action=action,
        subject_kind="school",
        subject_id=school.id,
        detail=detail,
    )
