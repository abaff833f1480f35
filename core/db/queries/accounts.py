"""Accounts and the browser sessions of people who have signed in."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Delete, Select, bindparam, delete, exists, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from core.db.models import Passkey, User, WebSession
from core.domain.actor import Role


def user_by_login(login: str) -> Select[User]:
    """Select the account with that login name."""
    return select(User).where(User.login == login)


def is_login_taken(login: str) -> Select[bool]:
    """Select whether somebody has that login name."""
    return select(exists().where(User.login == login))


def user_by_uniquifier(uniquifier: str) -> Select[User]:
    """Select the account that sessions of that value belong to."""
    return select(User).where(User.fs_uniquifier == uniquifier)


def active_user(column: InstrumentedAttribute[Any], value: object) -> Select[User]:
    """Select the account that has that value in a column that is unique, unless it was shut out."""
    return select(User).where(column == value, User.active)


def passkey_by_credential(credential_id: bytes) -> Select[Passkey]:
    """Select the passkey that an authenticator names by that id."""
    return select(Passkey).where(Passkey.credential_id == credential_id)


def accounts_in_reach() -> Select[User]:
    """Select the accounts within reach with their stations, those that may sign in first."""
    return select(User).options(joinedload(User.station)).order_by(User.active.desc(), User.role, User.login)


def user_by_invitation(secret_hash: bytes, now: datetime) -> Select[User]:
    """Select the account that an invitation is for, unless it has run out at `now`."""
    return select(User).where(User.invitation_hash == secret_hash, User.invited_until > now, User.active)


def administrators() -> Select[UUID]:
    """Select the administrators who may sign in, and keep others from shutting one of them out meanwhile."""
    held = (User.role == Role.ADMINISTRATOR, User.active)
    return select(User.id).where(*held).order_by(User.id).with_for_update()


@cache
def live_web_session() -> Select[WebSession, User]:
    """Select the browser session whose hash is the parameter `token_hash` with its active user, unless over at `now`.

    Every request of somebody who has signed in asks this: the statement is made once.
    """
    return (
        select(WebSession, User)
        .join(User, WebSession.user_id == User.id)
        .where(WebSession.token_hash == bindparam("token_hash"), WebSession.expires_at > bindparam("now"), User.active)
    )


def web_session(token_hash: bytes) -> Select[WebSession]:
    """Select the browser session of a token, over or not."""
    return select(WebSession).where(WebSession.token_hash == token_hash)


def ended_web_sessions(now: datetime) -> Delete:
    """Delete the browser sessions that are over at `now`."""
    return delete(WebSession).where(WebSession.expires_at <= now)


def live_web_sessions_of(user_id: UUID, now: datetime) -> Select[WebSession]:
    """Select an account's browser sessions that are not over at `now`, the last seen first."""
    mine = select(WebSession).where(WebSession.user_id == user_id, WebSession.expires_at > now)
    return mine.order_by(WebSession.seen_at.desc(), WebSession.id)


def web_sessions_of(user_id: UUID, but: bytes) -> Delete:
    """Delete all browser sessions of an account, but that of the token with this hash."""
    return delete(WebSession).where(WebSession.user_id == user_id, WebSession.token_hash != but)


def expired_invitations(now: datetime) -> Select[User]:
    """The accounts whose invitation can't be accepted any more, for changing."""
    return select(User).where(User.invited_until <= now).with_for_update()
