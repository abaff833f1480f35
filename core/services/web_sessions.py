"""Browser sessions of people who have signed in: the cookie holds a random token, the row its SHA-256."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import User, WebSession
from core.db.queries import accounts as queries
from core.domain.actor import Actor, Scope
from core.domain.clock import Clock
from core.services.stations import scope_of_user

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
#: A session that is only read from is prolonged no more often than this, so that most requests write nothing.
GRACE = timedelta(minutes=5)
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class Signature:
    """What ties a browser session to an account as it was at sign-in, and since when; part of the session's content."""

    user_id: UUID
    uniquifier: str
    since: datetime


@dataclass(frozen=True)
class SignedIn:
    """A live browser session: whose it is, what part of the tree they reach, its content, and when it runs out."""

    actor: Actor
    name: str
    station_id: UUID
    scope: Scope
    signature: Signature
    content: str
    expires_at: datetime


def find_session(session: Session, clock: Clock, token: str, *, demo_allowed: bool) -> SignedIn | None:
    """Return the live browser session of a token; None if there is none, it ran out, or its user was shut out."""
    found = session.execute(queries.live_web_session(_hash(token), clock.now())).one_or_none()
    if found is None:
        return None
    row, user = found
    stored = json.loads(row.content)
    if stored["uniquifier"] != user.fs_uniquifier or (user.demo and not demo_allowed):
        return None
    return SignedIn(
        actor=actor_of(user),
        name=user.display_name or user.login,
        station_id=user.station_id,
        scope=scope_of_user(session, user),
        signature=Signature(user.id, user.fs_uniquifier, datetime.fromisoformat(stored["since"])),
        content=stored["content"],
        expires_at=row.expires_at,
    )


def open_session(session: Session, clock: Clock, signature: Signature, content: str) -> str:
    """Store a new browser session and return its token, which is kept nowhere else."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = WebSession(token_hash=_hash(token), user_id=signature.user_id)
    _fill(row, clock, signature, content)
    session.add(row)
    session.flush()
    return token


def keep_session(session: Session, clock: Clock, token: str, signature: Signature, content: str) -> None:
    """Store a browser session's content and prolong it; one that was ended meanwhile stays ended."""
    row = session.scalars(queries.web_session(_hash(token))).one_or_none()
    if row is not None:
        _fill(row, clock, signature, content)


def end_session(session: Session, token: str) -> None:
    """End a browser session."""
    row = session.scalars(queries.web_session(_hash(token))).one_or_none()
    if row is not None:
        session.delete(row)


def _fill(row: WebSession, clock: Clock, signature: Signature, content: str) -> None:
    stored = {"uniquifier": signature.uniquifier, "since": signature.since.isoformat(), "content": content}
    row.content = json.dumps(stored).encode()
    row.expires_at = min(clock.now() + IDLE, signature.since + ABSOLUTE)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def actor_of(user: User) -> Actor:
    """Return an account as somebody who acts."""
    return Actor(
        role=user.role,
        station_id=user.station_id,
        user_id=user.id,
        volunteer_id=user.volunteer_id,
        language=user.language,
    )
