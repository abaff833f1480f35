"""Signing in, counted so that guessing is locked out; each step is a transaction of its own.

An attempt is counted before anything that can be guessed is looked at, so that guesses sent at once can't outrun the
count, and no lock of the database is held while the slow hash is computed. A password that was right takes its own
attempt back; only the whole sign-in takes all of them back, so that codes can't be guessed between right passwords.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import User
from core.db.queries import accounts as queries
from core.domain.clock import Clock
from core.services import rates
from core.services.audit import record
from core.services.credentials import Credentials, credentials_of
from core.services.web_sessions import actor_of

MAX_FAILURES: Final = 5
LOCK: Final = timedelta(minutes=15)


def begin_attempt(session: Session, clock: Clock, login: str, *, demo_allowed: bool) -> Credentials | None:
    """Count an attempt on the account of that login, and return what proves its person; None where nothing would.

    For a login that nobody has as much is written, so that the time of the answer doesn't tell it from a known one.
    """
    user = session.scalars(queries.user_by_login(login).with_for_update()).one_or_none()
    if user is None or not user.active or (user.demo and not demo_allowed):
        rates.count(session, clock.now(), f"unknown login {login}", window=LOCK, amount=1)
        return None
    return credentials_of(user) if _count(session, clock, user) else None


def begin_further_step(session: Session, clock: Clock, user_id: UUID) -> bool:
    """Count an attempt at a code or at a password asked for again; tell whether it may be looked at."""
    user = session.get(User, user_id, with_for_update=True)
    return user is not None and user.active and _count(session, clock, user)


def take_back(session: Session, user_id: UUID, password_hash: str) -> bool:
    """Take one attempt back after the right password; tell whether that password still is the account's."""
    user = session.get(User, user_id, with_for_update=True)
    if user is None or not user.active or user.password != password_hash:
        return False
    user.failed_sign_ins, user.locked_until = max(0, user.failed_sign_ins - 1), None
    return True


def forget_failures(session: Session, user_id: UUID) -> None:
    """Take all attempts back after the person has proved who they are."""
    user = session.get_one(User, user_id, with_for_update=True)
    user.failed_sign_ins, user.locked_until = 0, None


def complete_sign_in(session: Session, clock: Clock, uniquifier: str, how: str) -> User | None:
    """Take all attempts back, clear away sessions that are over, and return the user who has signed in.

    `how` says by what, for the audit log. Returns None where the account was shut out or changed meanwhile.
    """
    user = session.scalars(queries.user_by_uniquifier(uniquifier).with_for_update()).one_or_none()
    if user is None or not user.active:
        return None
    user.failed_sign_ins, user.locked_until = 0, None
    session.execute(queries.ended_web_sessions(clock.now()))
    _record(session, clock, user, "account.signed_in", how)
    return user


def _count(session: Session, clock: Clock, user: User) -> bool:
    now = clock.now()
    if user.locked_until is not None:
        if user.locked_until > now:
            return False
        user.failed_sign_ins, user.locked_until = 0, None
    user.failed_sign_ins += 1
    if user.failed_sign_ins >= MAX_FAILURES:
        user.locked_until = now + LOCK
        _record(session, clock, user, "account.locked")
    session.flush()
    return True


def _record(session: Session, clock: Clock, user: User, action: str, how: str = "") -> None:
    record(
        session,
        actor_of(user),
        clock,
        station_id=user.station_id,
        action=action,
        subject_kind="user",
        subject_id=user.id,
        detail={"how": how} if how else {},
    )
