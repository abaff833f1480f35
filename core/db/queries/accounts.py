"""Accounts and the browser sessions of people who have signed in."""

from datetime import datetime

from sqlalchemy import Delete, Select, delete, select

from core.db.models import User, WebSession


def user_by_login(login: str) -> Select[User]:
    """Select the account with that login name."""
    return select(User).where(User.login == login)


def live_web_session(token_hash: bytes, now: datetime) -> Select[WebSession, User]:
    """Select the browser session of a token with its active user, unless it is over at `now`."""
    return (
        select(WebSession, User)
        .join(User, WebSession.user_id == User.id)
        .where(WebSession.token_hash == token_hash, WebSession.expires_at > now, User.active)
    )


def web_session(token_hash: bytes) -> Select[WebSession]:
    """Select the browser session of a token, over or not."""
    return select(WebSession).where(WebSession.token_hash == token_hash)


def ended_web_sessions(now: datetime) -> Delete:
    """Delete the browser sessions that are over at `now`."""
    return delete(WebSession).where(WebSession.expires_at <= now)
