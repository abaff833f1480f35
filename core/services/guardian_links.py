"""What guardians may do, and their secret addresses: made, opened with a code, revoked.

Whoever comes with an address that is unknown, revoked, over, of a sealed child or of a guardian without access is told
one and the same thing: that nothing is found.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, Guardian, GuardianLeave, GuardianLink, User
from core.db.queries import consents as queries
from core.db.scope import set_scope
from core.db.session import vault_of
from core.domain.actor import EVERYTHING, SYSTEM, Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.vocabulary import GuardianAccess
from core.security.permissions import HOLDERS, require
from core.services.audit import record
from core.services.feeds import TOKEN_BYTES, Choices, token_hash
from core.services.stations import scope_of_station

LASTS: Final = timedelta(days=180)
CODE_DIGITS: Final = 6
MAX_WRONG_CODES: Final = 5
REASON_LENGTH: Final = 500
_NO_ADDRESS: Final = Message("There is no such address.")
_NOTHING: Final = Message("There is nothing at this address.")


@dataclass(frozen=True)
class NewLink:
    """An address that was just made: its token and its code, both shown this one time."""

    token: str = field(repr=False)
    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class Visit:
    """Somebody at an address that works: of which guardian and child, and what the guardian may do."""

    link: GuardianLink
    guardian: Guardian
    child: Child
    access: GuardianAccess


def decide_access(
    session: Session, actor: Actor, clock: Clock, guardian_id: UUID, access: GuardianAccess, *, reason: str = ""
) -> GuardianLeave:
    """Decide, as the head, what a guardian may do; less than before ends the calendar, and none the addresses.

    `reason` is sealed and takes the place of the one before. Raises InvalidInputError where it is too long.
    """
    require(actor, Capability.DECIDE_ACCESS)
    if len(reason.strip()) > REASON_LENGTH:
        raise InvalidInputError(Message("Say why in 500 characters at most."))
    guardian = _guardian(session, guardian_id)
    leave = session.scalars(queries.leave_of(guardian_id)).one_or_none()
    if leave is None:
        leave = GuardianLeave(station_id=guardian.station_id, child_id=guardian.child_id, guardian_id=guardian.id)
        session.add(leave)
    leave.access, leave.decided_by, leave.decided_at = access, actor.user_id, clock.now()
    leave.reason = reason.strip() or None
    for link in _links_of(session, clock, guardian):
        if access is not GuardianAccess.FULL:
            link.feed_hash = None
        if access is GuardianAccess.NONE:
            _revoke(session, actor, clock, link)
    session.flush()
    detail = {"guardian": str(guardian.id), "access": access.value}
    _record(session, actor, clock, guardian, "guardian.access_decided", detail)
    return leave


def deciders(session: Session) -> list[User]:
    """Return the accounts in reach that decide what guardians may do, by name."""
    query = select(User).where(User.active, User.role.in_(HOLDERS[Capability.DECIDE_ACCESS]))
    return list(session.scalars(query.order_by(User.display_name, User.login)))


def access_of(session: Session, guardian: Guardian) -> GuardianAccess:
    """Return what a guardian may do: nothing until somebody has decided."""
    leave = session.scalars(queries.leave_of(guardian.id)).one_or_none()
    return GuardianAccess.NONE if leave is None else leave.access


def make_link(session: Session, actor: Actor, clock: Clock, guardian_id: UUID) -> NewLink:
    """Make a guardian's address and end the one before.

    Raises ConflictError for a child whose file is sealed and for a guardian without access.
    """
    require(actor, Capability.KEEP_CONSENTS)
    guardian = _guardian(session, guardian_id)
    if session.get_one(Child, guardian.child_id).sealed_file:
        raise ConflictError(Message("The child's file is sealed: no address can be made for it."))
    if access_of(session, guardian) is GuardianAccess.NONE:
        raise ConflictError(Message("Decide first what this guardian may do."))
    for link in _links_of(session, clock, guardian):
        _revoke(session, actor, clock, link)
    token, code, now = secrets.token_urlsafe(TOKEN_BYTES), _new_code(), clock.now()
    row = GuardianLink(
        station_id=guardian.station_id,
        child_id=guardian.child_id,
        guardian_id=guardian.id,
        token_hash=token_hash(token),
        created_at=now,
        created_by=actor.user_id,
        expires_at=now + LASTS,
    )
    row.code_hash = _code_hash(session, row, code)
    session.add(row)
    session.flush()
    _record(session, actor, clock, guardian, "guardian_link.made", {"link": str(row.id)})
    return NewLink(token, code, row.expires_at)


def renew_code(session: Session, actor: Actor, clock: Clock, link_id: UUID) -> str:
    """Make a new code for an address and end the one before, locked or not; return it, it is shown once.

    Raises NotFoundError for an address that doesn't work any more.
    """
    require(actor, Capability.KEEP_CONSENTS)
    link = session.get(GuardianLink, link_id)
    if link is None or link.revoked_at is not None or link.expires_at <= clock.now():
        raise NotFoundError(_NO_ADDRESS)
    code = _new_code()
    link.code_hash, link.failed_codes, link.locked_at = _code_hash(session, link, code), 0, None
    session.flush()
    guardian = session.get_one(Guardian, link.guardian_id)
    _record(session, actor, clock, guardian, "guardian_link.code_renewed", {"link": str(link.id)})
    return code


def revoke_link(session: Session, actor: Actor, clock: Clock, link_id: UUID) -> GuardianLink:
    """End an address and its calendar; from now on both answer as if they had never been."""
    require(actor, Capability.KEEP_CONSENTS)
    link = session.get(GuardianLink, link_id)
    if link is None:
        raise NotFoundError(_NO_ADDRESS)
    if link.revoked_at is None:
        _revoke(session, actor, clock, link)
    return link


def revoke_links_of_child(session: Session, actor: Actor, clock: Clock, child_id: UUID) -> None:
    """End all addresses of a child's guardians, as when its file is sealed."""
    for link in session.scalars(queries.live_links(child_id, clock.now())).all():
        _revoke(session, actor, clock, link)


def try_code(session: Session, clock: Clock, token: str, code: str) -> UUID | None:
    """Return the address's id if the code is right, None for a wrong one.

    Five wrong ones in a row spend the code: whatever is tried then is wrong, until staff make a new one. Raises
    NotFoundError as `visit` does. The count has to be kept whatever is answered: it is a transaction of its own.
    """
    link = _usable(session, clock, token, lock=True)
    if link.locked_at is not None:
        return None
    now = clock.now()
    if compare_digest(link.code_hash, _code_hash(session, link, code)):
        link.failed_codes, link.last_used_at = 0, now
        session.flush()
        return link.id
    link.failed_codes += 1
    if link.failed_codes >= MAX_WRONG_CODES:
        link.locked_at = now
        guardian = session.get_one(Guardian, link.guardian_id)
        _record(session, SYSTEM, clock, guardian, "guardian_link.locked", {"link": str(link.id)})
    session.flush()
    return None


def visit(session: Session, clock: Clock, token: str) -> Visit:
    """Return whose address it is, with the session limited to its station from then on; NotFoundError for any other."""
    return _enter(session, _usable(session, clock, token))


def visit_calendar(session: Session, clock: Clock, token: str) -> Visit:
    """Return whose calendar it is, as `visit` does; NotFoundError as well for a guardian whose access is restricted."""
    set_scope(session, EVERYTHING)
    link = session.scalars(queries.link_of_feed(token_hash(token))).one_or_none()
    found = _enter(session, _checked(session, clock, link))
    require_full(found)
    return found


def open_calendar(session: Session, clock: Clock, found: Visit, choices: Choices | None = None) -> str:
    """Make the calendar's own secret address and end the one before; return its token, which is shown once."""
    require_full(found)
    chosen, token = choices or Choices(), secrets.token_urlsafe(TOKEN_BYTES)
    found.link.feed_hash = token_hash(token)
    found.link.feed_opened_at, found.link.feed_fetched_at = clock.now(), None
    found.link.feed_language, found.link.feed_alarm = chosen.language, chosen.alarm
    session.flush()
    _record(session, SYSTEM, clock, found.guardian, "guardian_link.calendar_opened", {"link": str(found.link.id)})
    return token


def require_full(found: Visit) -> None:
    """Raise NotFoundError, as for an unknown address, unless the guardian's access is full."""
    if found.access is not GuardianAccess.FULL:
        raise NotFoundError(_NOTHING)


def _usable(session: Session, clock: Clock, token: str, *, lock: bool = False) -> GuardianLink:
    set_scope(session, EVERYTHING)
    query = queries.link_of_token(token_hash(token))
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    return _checked(session, clock, found)


def _checked(session: Session, clock: Clock, link: GuardianLink | None) -> GuardianLink:
    if link is None or link.revoked_at is not None or link.expires_at <= clock.now():
        raise NotFoundError(_NOTHING)
    if session.get_one(Child, link.child_id).sealed_file:
        raise NotFoundError(_NOTHING)
    if access_of(session, session.get_one(Guardian, link.guardian_id)) is GuardianAccess.NONE:
        raise NotFoundError(_NOTHING)
    return link


def _enter(session: Session, link: GuardianLink) -> Visit:
    link_id = link.id
    set_scope(session, scope_of_station(session, link.station_id))
    found = session.get_one(GuardianLink, link_id)
    guardian = session.get_one(Guardian, found.guardian_id)
    return Visit(found, guardian, session.get_one(Child, found.child_id), access_of(session, guardian))


def _links_of(session: Session, clock: Clock, guardian: Guardian) -> list[GuardianLink]:
    live = session.scalars(queries.live_links(guardian.child_id, clock.now()))
    return [link for link in live if link.guardian_id == guardian.id]


def _guardian(session: Session, guardian_id: UUID) -> Guardian:
    guardian = session.get(Guardian, guardian_id)
    if guardian is None:
        raise NotFoundError(Message("There is no such guardian."))
    return guardian


def _new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def _code_hash(session: Session, link: GuardianLink, code: str) -> bytes:
    return vault_of(session).blind_index("guardian_code", f"{link.id.hex}|{code.strip()}")


def _revoke(session: Session, actor: Actor, clock: Clock, link: GuardianLink) -> None:
    link.revoked_at, link.feed_hash = clock.now(), None
    session.flush()
    guardian = session.get_one(Guardian, link.guardian_id)
    _record(session, actor, clock, guardian, "guardian_link.revoked", {"link": str(link.id)})


def _record(
    session: Session, actor: Actor, clock: Clock, guardian: Guardian, action: str, detail: dict[str, str]
) -> None:
    record(
        session,
        actor,
        clock,
        station_id=guardian.station_id,
        action=action,
        subject_kind="child",
        subject_id=guardian.child_id,
        detail=detail,
    )
