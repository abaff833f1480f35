"""Browser sessions: a visitor carries a signed cookie, somebody who has signed in a random token into the database.

So a visitor's hit writes nothing, and a session that is ended on the server is over at once. A token is only made at
sign-in, which leaves nothing to fixate.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin, session_json_serializer

from core.config import Settings
from core.db.models import User
from core.domain.actor import EVERYTHING
from core.extensions import wiring
from core.security.passwords import lasts
from core.services import web_sessions
from core.services.web_sessions import Demands, Signature, SignedIn
from core.web.visits import visit_of

COOKIE = "weibao"
#: A signed cookie has two dots in it, a token none.
_SIGNED = "."


class BrowserSession(SecureCookieSession):
    """A session's content; `signature` and `token` are set while somebody is signed in."""

    signature: Signature | None = None
    token: str | None = None
    expires_at: datetime | None = None

    def sign_in(self, user: User, now: datetime, *, strong: bool) -> None:
        """Begin a new session for the user; what the visitor's had is dropped, its language kept."""
        self.begin_anew()
        self.signature = Signature(user.id, user.fs_uniquifier, now, strong)

    def strengthen(self) -> None:
        """Note that a second factor was proved in the session, which gets another token for it."""
        if self.signature is not None:
            self.signature = replace(self.signature, strong=True)

    def begin_anew(self) -> None:
        """Sign out and drop the content, the form token included; the language stays."""
        language = self.get("language")
        self.clear()
        if language:
            self["language"] = language
        self.signature = None
        self.modified = True


class BrowserSessions(SecureCookieSessionInterface):
    """Opens a request's session and identifies its user, and stores it at the end in a transaction of its own."""

    session_class = BrowserSession

    def open_session(self, app: Flask, request: Request) -> BrowserSession | None:
        """Return the session that the request's cookie stands for; one that is over is an empty one."""
        cookie = request.cookies.get(COOKIE, "")
        if not cookie or _SIGNED in cookie:
            opened: Any = super().open_session(app, request)
            return opened if opened is None or isinstance(opened, BrowserSession) else None
        composed = wiring()
        with composed.database.reading(EVERYTHING) as database:
            found = web_sessions.find_session(database, composed.clock, cookie, _demands(composed.settings))
        if found is None:
            return _over()
        g.signed_in = found
        return _restored(cookie, found)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed: in the cookie for a visitor, in the database for somebody who has signed in."""
        if not isinstance(session, BrowserSession):
            return
        if session.signature is None or session.signature != _signature_at_start(session):
            self._leave(session)
        if session.signature is None:
            super().save_session(app, session, response)
            return
        response.vary.add("Cookie")
        self._store(app, session, response)

    def _store(self, app: Flask, session: BrowserSession, response: Response) -> None:
        composed, signature = wiring(), session.signature
        if signature is None or not (session.token is None or session.modified or _ageing(session)):
            return
        content = session_json_serializer.dumps(dict(session))
        with composed.database.writing(EVERYTHING) as database:
            if session.token is not None:
                web_sessions.keep_session(database, composed.clock, session.token, signature, content)
                return
            token = web_sessions.open_session(database, composed.clock, signature, content, visit_of(request))
        response.set_cookie(
            self.get_cookie_name(app),
            token,
            path=self.get_cookie_path(app),
            secure=self.get_cookie_secure(app),
            httponly=self.get_cookie_httponly(app),
            samesite=self.get_cookie_samesite(app),
        )

    def _leave(self, session: BrowserSession) -> None:
        """End the session that the request came with: somebody signed out, signed in anew or changed the password."""
        if session.token is None:
            return
        with wiring().database.writing(EVERYTHING) as database:
            web_sessions.end_session(database, session.token)
        session.token = None


def _demands(settings: Settings) -> Demands:
    return Demands(
        demo_allowed=settings.demo,
        second_factor_forced=settings.second_factor_forced,
        password_lasts=lasts(settings.password_profile),
    )


def _over() -> BrowserSession:
    """Return an empty session that takes its dead cookie back."""
    session = BrowserSession()
    session.modified = True
    return session


def _restored(token: str, found: SignedIn) -> BrowserSession:
    session = BrowserSession(session_json_serializer.loads(found.content))
    session.token, session.signature, session.expires_at = token, found.signature, found.expires_at
    return session


def _signature_at_start(session: BrowserSession) -> Signature | None:
    found: SignedIn | None = g.get("signed_in")
    return found.signature if found is not None and session.token is not None else None


def _ageing(session: BrowserSession) -> bool:
    if session.expires_at is None:
        return True
    return session.expires_at - wiring().clock.now() < web_sessions.IDLE - web_sessions.GRACE
