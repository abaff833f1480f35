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
from core.domain.errors import Message, NotFoundError
from core.security.permissions import needs_second_factor
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
    #: Two factors were proved in it: a password and a code, or a passkey.
    strong: bool = False


@dataclass(frozen=True)
class Visit:
    """From where somebody came: what their browser calls itself, and the network, not the machine."""

    browser: str = ""
    network: str = ""


@dataclass(frozen=True)
class SignedIn:
    """A live browser session: whose it is, what part of the tree they reach, its content, and when it runs out.

    `confined` is one of somebody who still has to set up a second factor, `stale` of somebody whose password is to be
    changed: it opens nothing but the pages for that.
    """

    actor: Actor
    name: str
    station_id: UUID
    scope: Scope
    signature: Signature
    content: str
    expires_at: datetime
    confined: bool = False
    stale: bool = False
    demo: bool = False


@dataclass(frozen=True)
class Demands:
    """What an installation asks of whoever is signed in."""

    demo_allowed: bool = False
    second_factor_forced: bool = True
    password_lasts: timedelta | None = None


def find_session(session: Session, clock: Clock, token: str, demands: Demands) -> SignedIn | None:
    """Return the live browser session of a token; None if there is none, it ran out, or its user was shut out."""
    asked = {"token_hash": _hash(token), "now": clock.now()}
    found = session.execute(queries.live_web_session(), asked).one_or_none()
    if found is None:
        return None
    row, user = found
    stored = json.loads(row.content)
    if stored["uniquifier"] != user.fs_uniquifier or (user.demo and not demands.demo_allowed):
        return None
    since, strong = datetime.fromisoformat(stored["since"]), stored["strong"]
    # Demo accounts are given out with their passwords, and see made-up people only.
    due = demands.second_factor_forced and needs_second_factor(user.role) and not user.demo
    return SignedIn(
        actor=actor_of(user),
        name=user.display_name or user.login,
        station_id=user.station_id,
        scope=scope_of_user(session, user),
        signature=Signature(user.id, user.fs_uniquifier, since, strong),
        content=stored["content"],
        expires_at=row.expires_at,
        confined=due and not strong,
        stale=_is_stale(user, clock, demands.password_lasts),
        demo=user.demo,
    )


def _is_stale(user: User, clock: Clock, password_lasts: timedelta | None) -> bool:
    if password_lasts is None or user.demo:
        return False
    return user.password_set_at is None or clock.now() - user.password_set_at > password_lasts


def open_session(session: Session, clock: Clock, signature: Signature, content: str, visit: Visit) -> str:
    """Store a new browser session and return its token, which is kept nowhere else."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = WebSession(
        token_hash=_hash(token),
        user_id=signature.user_id,
        begun_at=signature.since,
        browser=visit.browser,
        network=visit.network,
    )
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


@dataclass(frozen=True)
class OpenSession:
    """A line of an account's session list."""

    id: UUID
    browser: str
    network: str
    begun_at: datetime
    seen_at: datetime
    here: bool


def open_sessions(session: Session, clock: Clock, user_id: UUID, token: str | None) -> list[OpenSession]:
    """Return the account's live sessions, the last seen first; that of the token is marked as `here`."""
    here = None if token is None else _hash(token)
    return [
        OpenSession(row.id, row.browser, row.network, row.begun_at, row.seen_at, row.token_hash == here)
        for row in session.scalars(queries.live_web_sessions_of(user_id, clock.now()))
    ]


def end_open_session(session: Session, actor: Actor, session_id: UUID) -> None:
    """End one of the actor's own sessions; raise NotFoundError where they have none of that id."""
    row = session.get(WebSession, session_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFoundError(Message("There is no such session."))
    session.delete(row)


def end_sessions_of(session: Session, user_id: UUID, but: str | None = None) -> None:
    """End all sessions of an account, in whatever browser, but that of the token."""
    session.execute(queries.web_sessions_of(user_id, b"" if but is None else _hash(but)))


def _fill(row: WebSession, clock: Clock, signature: Signature, content: str) -> None:
    stored = {
        "uniquifier": signature.uniquifier,
        "since": signature.since.isoformat(),
        "strong": signature.strong,
        "content": content,
    }
    row.content = json.dumps(stored).encode()
    row.seen_at = clock.now()
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
