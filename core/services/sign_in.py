"""Signing in with a password, counted so that guessing is locked out; each step is a transaction of its own.

An attempt is counted before the password is looked at, so that guesses sent at once can't outrun the count, and no
lock of the database is held while the slow hash is computed.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import User
from core.db.queries import accounts as queries
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.services.audit import record

MAX_FAILURES = 5
LOCK = timedelta(minutes=15)


@dataclass(frozen=True)
class Attempt:
    """Somebody trying to sign in: the account and its hash, both None where no password could be the right one."""

    user_id: UUID | None = None
    password_hash: str | None = field(default=None, repr=False)


def begin_attempt(session: Session, clock: Clock, login: str, *, demo_allowed: bool) -> Attempt:
    """Count an attempt on the account of that login, and return what the password is to be compared with."""
    user = session.scalars(queries.user_by_login(login).with_for_update()).one_or_none()
    if user is None or not user.active or (user.demo and not demo_allowed):
        return Attempt()
    now = clock.now()
    if user.locked_until is not None:
        if user.locked_until > now:
            return Attempt()
        user.failed_sign_ins, user.locked_until = 0, None
    user.failed_sign_ins += 1
    if user.failed_sign_ins >= MAX_FAILURES:
        user.locked_until = now + LOCK
        _record(session, clock, user, "account.locked")
    session.flush()
    return Attempt(user.id, user.password)


def complete_attempt(session: Session, clock: Clock, attempt: Attempt) -> User | None:
    """Take the count back after the right password, clear away sessions that are over, and return the user.

    Returns None where the password or the account was changed meanwhile.
    """
    user = session.get(User, attempt.user_id)
    if user is None or not user.active or user.password != attempt.password_hash:
        return None
    user.failed_sign_ins, user.locked_until = 0, None
    session.execute(queries.ended_web_sessions(clock.now()))
    _record(session, clock, user, "account.signed_in")
    session.flush()
    return user


def _record(session: Session, clock: Clock, user: User, action: str) -> None:
    actor = Actor(role=user.role, station_id=user.station_id, user_id=user.id)
    record(
        session,
        actor,
        clock,
        station_id=user.station_id,
        action=action,
        subject_kind="user",
        subject_id=user.id,
        detail={},
    )
