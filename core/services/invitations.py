"""Invitations: a new account's person sets the password; whoever made the account never knows it."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import User
from core.db.queries import accounts as queries
from core.domain.actor import Actor, Role
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError
from core.services.accounts import require_free_login, require_giving, require_subjects
from core.services.audit import record
from core.services.web_sessions import actor_of, end_sessions_of

VALID: Final = timedelta(days=7)
_SECRET_BYTES: Final = 32


@dataclass(frozen=True)
class Invitation:
    """A secret with which the account's person sets a password; it is kept nowhere else."""

    user_id: UUID
    login: str
    secret: str = field(repr=False)
    until: datetime


def invite(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    login: str,
    display_name: str,
    role: Role,
    station_id: UUID,
    volunteer_id: UUID | None = None,
) -> Invitation:
    """Add an account without a password and return the invitation for its person.

    Raises NotAllowedError for a role that the actor may not give, ConflictError for a login that is taken,
    InvalidInputError or NotFoundError for a login, station or volunteer that won't do.
    """
    require_giving(actor, role)
    require_free_login(session, login)
    require_subjects(session, role, station_id, volunteer_id)
    user = User(
        login=login,
        display_name=display_name,
        role=role,
        station_id=station_id,
        volunteer_id=volunteer_id,
        password="",
        fs_uniquifier=secrets.token_hex(32),
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    _record(session, actor, clock, user, "account.added")
    return _invited(session, clock, user)


def drop_expired(session: Session, clock: Clock) -> int:
    """Drop the secrets of invitations that nobody can accept any more, and return how many there were."""
    expired = session.scalars(queries.expired_invitations(clock.now())).all()
    for user in expired:
        user.invitation_hash = user.invited_until = None
    session.flush()
    return len(expired)


def invite_again(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> Invitation:
    """Invite somebody who has no password or lost it; the old one is worth nothing and their sessions are over.

    The second factor stays: whoever gets hold of the invitation has only half of what opens the account.
    """
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise NotFoundError(Message("There is no such account."))
    require_giving(actor, user.role)
    user.password = ""
    user.failed_sign_ins, user.locked_until = 0, None
    user.fs_uniquifier = secrets.token_hex(32)
    end_sessions_of(session, user.id)
    _record(session, actor, clock, user, "account.invited_again")
    return _invited(session, clock, user)


def invited_login(session: Session, clock: Clock, secret: str) -> str:
    """Return the login name that an invitation is for; raise NotFoundError where it is none, or has run out."""
    return _user(session, clock, secret).login


def accept_invitation(session: Session, clock: Clock, secret: str, password_hash: str) -> User:
    """Keep the password that the invited person has set, and return the account; the invitation is used up then."""
    user = _user(session, clock, secret)
    user.password, user.password_set_at = password_hash, clock.now()
    user.invitation_hash = user.invited_until = None
    _record(session, actor_of(user), clock, user, "account.invitation_accepted")
    return user


def _user(session: Session, clock: Clock, secret: str) -> User:
    user = session.scalars(queries.user_by_invitation(_hash(secret), clock.now())).one_or_none()
    if user is None:
        raise NotFoundError(Message("There is no such invitation."))
    return user


def _invited(session: Session, clock: Clock, user: User) -> Invitation:
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    user.invitation_hash, user.invited_until = _hash(secret), clock.now() + VALID
    session.flush()
    return Invitation(user.id, user.login, secret, user.invited_until)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _record(session: Session, actor: Actor, clock: Clock, user: User, action: str) -> None:
    record(
        session,
        actor,
        clock,
        station_id=user.station_id,
        action=action,
        subject_kind="user",
        subject_id=user.id,
        detail={"role": user.role.value},
    )
