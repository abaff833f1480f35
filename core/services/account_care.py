"""Looking after other people's accounts: their role and place, shutting out, a second proof that was lost.

Accounts are never deleted: what they did stays theirs. Nobody looks after the own account here, and one administrator
is always left.
"""

import secrets
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import User
from core.domain.actor import Actor, Role
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message, NotAllowedError, NotFoundError
from core.domain.vocabulary import LossOfProof
from core.services.accounts import administrators, require_giving, require_subjects
from core.services.audit import record
from core.services.web_sessions import end_sessions_of


def change_place(
    session: Session,
    actor: Actor,
    clock: Clock,
    user_id: UUID,
    *,
    role: Role,
    station_id: UUID,
    volunteer_id: UUID | None = None,
) -> None:
    """Give an account another role, or another part of the station tree; its sessions are over."""
    user = _another(session, actor, user_id)
    require_giving(actor, role)
    require_subjects(session, role, station_id, volunteer_id)
    if role is not Role.ADMINISTRATOR:
        _require_another_administrator(session, user)
    detail = {"from": user.role.value, "to": role.value, "station": str(station_id)}
    _record(session, actor, clock, user, "account.placed", detail)
    user.role, user.station_id, user.volunteer_id = role, station_id, volunteer_id
    _end_sessions(session, user)


def shut_out(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> None:
    """Let an account sign in no more; its sessions are over at once."""
    user = _another(session, actor, user_id)
    _require_another_administrator(session, user)
    user.active = False
    user.invitation_hash = user.invited_until = None
    _end_sessions(session, user)
    _record(session, actor, clock, user, "account.shut_out", {})


def let_in(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> None:
    """Let an account sign in again that was shut out."""
    user = _another(session, actor, user_id)
    user.active = True
    user.failed_sign_ins, user.locked_until = 0, None
    _record(session, actor, clock, user, "account.let_in", {})


def reset_second_factor(session: Session, actor: Actor, clock: Clock, user_id: UUID, reason: LossOfProof) -> None:
    """Take an account's second proof back: its person sets up a new one after the next password."""
    user = _another(session, actor, user_id)
    user.totp_secret = user.totp_counter = user.recovery_codes = None
    user.passkeys.clear()
    _end_sessions(session, user)
    _record(session, actor, clock, user, "account.second_factor_reset", {"reason": reason.value})


def _another(session: Session, actor: Actor, user_id: UUID) -> User:
    """Return an account that the actor may look after."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError(Message("There is no such account."))
    if user.id == actor.user_id:
        raise NotAllowedError(Message("Somebody else has to look after your own account."))
    require_giving(actor, user.role)
    return user


def _require_another_administrator(session: Session, user: User) -> None:
    """Raise ConflictError where nobody would be left who looks after stations and accounts."""
    if user.role is not Role.ADMINISTRATOR or not user.active:
        return
    if not administrators(session) - {user.id}:
        raise ConflictError(Message("This is the last administrator: make another one first."))


def _end_sessions(session: Session, user: User) -> None:
    end_sessions_of(session, user.id)
    user.fs_uniquifier = secrets.token_hex(32)
    session.flush()


def _record(session: Session, actor: Actor, clock: Clock, user: User, action: str, detail: Mapping[str, str]) -> None:
    record(
        session,
        actor,
        clock,
        station_id=user.station_id,
        action=action,
        subject_kind="user",
        subject_id=user.id,
        detail=detail,
    )
