"""What stands around every page, unbound: the request's database session, form tokens, rate limits.

`create_app` binds them; one process may hold several applications, so whatever belongs to one is found through it.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from limits.storage import Storage
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from core.config import Settings
from core.db.session import Database
from core.db.together import Together
from core.domain.actor import EVERYTHING, NOTHING, Actor, Scope
from core.domain.clock import Clock, wall_clock
from core.domain.errors import DomainError, Message
from core.hooks.calling import Hooks
from core.hooks.types import MenuEntry
from core.jobs.engine import Engine
from core.security.endpoints import Permissions
from core.services import rates
from core.services.grants import note_again, noted_reads
from core.services.registration.giving import Form, Outcomes
from core.services.web_sessions import SignedIn

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_KEY: Final = "weibao"


@dataclass(frozen=True)
class Wiring:
    """What one application was composed of; pages reach it by `wiring()`."""

    settings: Settings
    database: Database
    hooks: Hooks
    clock: Clock
    permissions: Permissions
    engine: Engine
    #: Where forms of the registration desk are carried out, those of many desks by one commit.
    registering: Together[Form, Outcomes | DomainError]
    #: Lines that plugins add to the site's menu.
    menu: tuple[MenuEntry, ...] = ()
    #: The plugins whose endpoints these are, by key.
    owners: Mapping[str, str] = field(default_factory=dict)
    #: What plugins' actions in the audit log are called.
    deeds: Mapping[str, Message] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the station's wall clock."""
        return ZoneInfo(self.settings.timezone)

    def today(self) -> date:
        """Return the station's date of today."""
        return self.wall_clock().date()

    def wall_clock(self) -> datetime:
        """Return the station's date and time of day, without offset."""
        return wall_clock(self.clock, self.settings.timezone)

    def bind(self, app: Flask) -> None:
        """Make this what `wiring()` returns within the application."""
        app.extensions[_KEY] = self


def wiring() -> Wiring:
    """Return what the current application was composed of."""
    return wiring_of(current_app)


def wiring_of(app: Flask) -> Wiring:
    """Return what an application was composed of, for what stands before its pages."""
    composed: Wiring = app.extensions[_KEY]
    return composed


def today() -> date:
    """Return the station's date of today, by the current application's clock."""
    return wiring().today()


def signed_in() -> SignedIn | None:
    """Return who is signed in, None for a visitor."""
    found: SignedIn | None = g.get("signed_in")
    return found


def actor() -> Actor:
    """Return who is signed in; for pages that the guard lets nobody else reach."""
    found = signed_in()
    if found is None:
        raise LookupError("Nobody is signed in, though the page is not declared as open to anyone.")
    return found.actor


def reach() -> Scope:
    """Return the part of the station tree that whoever is signed in reaches."""
    found = signed_in()
    return NOTHING if found is None else found.scope


def own_station() -> UUID:
    """Return the station of whoever is signed in: accounts belong to one, only the machine itself does not."""
    found = actor().station_id
    if found is None:
        raise LookupError("The machine itself has no station of its own.")
    return found


class RequestDatabase:
    """The request's own session, opened when it is first asked for and limited to what the request's actor may reach.

    A request that reads sees one moment of the database. One that writes is one transaction, kept when the answer is
    a good one (below 400) and dropped otherwise; the embedded database's other writers wait only from its first query.
    """

    def init_app(self, app: Flask) -> None:
        """Keep or drop the session of each request of the application."""

        @app.after_request
        def _finish(response: Any) -> Any:
            self.finish(keep=response.status_code < 400)  # noqa: PLR2004 (the first status that tells of an error)
            return response

        @app.teardown_appcontext
        def _drop(_error: BaseException | None) -> None:
            self.finish(keep=False)

    @property
    def session(self) -> Session:
        """The request's session."""
        if "request_session" not in g:
            database, scope = wiring().database, g.get("scope", NOTHING)
            stack = ExitStack()
            reads = request.method in READING or g.get("only_asks", False)
            opened = database.reading(scope) if reads else database.writing(scope)
            g.request_session = (stack.enter_context(opened), stack)
        session: Session = g.request_session[0]
        return session

    def only_ask(self) -> None:
        """Let the request's session, not opened yet, drop what is changed: a form was sent to be asked about."""
        g.only_asks = True

    def finish(self, *, keep: bool) -> None:
        """End the request's session, if there is one; what it changed is kept or dropped."""
        opened = g.pop("request_session", None)
        if opened is None:
            return
        session, stack = opened
        reads = () if keep else noted_reads(session)
        with stack:
            if not keep:
                session.rollback()
        if reads:
            # What else the request did is dropped; what it read of children was read, and the answer may tell of it.
            with wiring().database.writing(EVERYTHING) as again:
                note_again(again, wiring().clock, reads)

    def reaching(self, scope: Scope) -> None:
        """Say what the request's session, not opened yet, may reach."""
        g.scope = scope


class DatabaseStorage(Storage):
    """Rate counters in the application's own database, so that all processes count together."""

    STORAGE_SCHEME = ["weibao"]  # noqa: RUF012 (the library's registry reads it as a plain class attribute)

    @property
    def base_exceptions(self) -> type[Exception]:
        """The errors of the storage itself."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to the counter of a key and return it; its window lasts `expiry` seconds."""
        try:
            return self._count(key, expiry, amount)
        except IntegrityError:
            # Another process made the counter at the same moment: it is there now.
            return self._count(key, expiry, amount)

    def get(self, key: str) -> int:
        """Return the counter of a key."""
        return self._standing(key)[0]

    def get_expiry(self, key: str) -> float:
        """Return the end of the key's window in seconds since 1970."""
        return self._standing(key)[1].timestamp()

    def check(self) -> bool:
        """Tell whether the storage answers."""
        return self.get("") == 0

    def reset(self) -> int | None:
        """Refuse to drop all counters: no page asks for it."""
        raise NotImplementedError

    def clear(self, key: str) -> None:
        """Drop the counter of a key."""
        with wiring().database.writing(EVERYTHING) as session:
            rates.forget(session, key)

    def _count(self, key: str, expiry: int, amount: int) -> int:
        app = wiring()
        with app.database.writing(EVERYTHING) as session:
            return rates.count(session, app.clock.now(), key, window=timedelta(seconds=expiry), amount=amount)

    def _standing(self, key: str) -> tuple[int, datetime]:
        app = wiring()
        with app.database.reading(EVERYTHING) as session:
            count, until = rates.standing(session, app.clock.now(), key)
        return count, until.astimezone(UTC)


class FormTokens(CSRFProtect):  # type: ignore[misc]
    """Form tokens that also hold for a visitor whose first pages were opened at the same time.

    Each of these pages makes a cookie of its own, of which the browser keeps the last. So where nobody is signed in and
    the browser itself says that the form comes from the site's own page (Fetch metadata, W3C, section 2.3), the token
    that the form carries is the visitor's from now on, if it is one of ours.
    """

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: FBT001, FBT002 (as the library calls it)
        """Refuse a request that changes something without a valid token."""
        own_page = request.headers.get("Sec-Fetch-Site") == "same-origin"
        if own_page and request.method == "POST" and signed_in() is None:
            signer = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="wtf-csrf-token")
            known, token = signer.loads_unsafe(self._get_csrf_token() or "")
            if known:
                session["csrf_token"] = token
        super().protect(apply_exemptions)


db = RequestDatabase()
csrf = FormTokens()
limiter = Limiter(get_remote_address, storage_uri="weibao://", strategy="fixed-window", headers_enabled=False)
