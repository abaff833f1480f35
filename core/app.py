"""The application and what it is composed of: the only place where settings, database, plugins and pages meet."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from flask import Flask
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from core.config import Settings
from core.db.session import Database
from core.db.together import Together
from core.domain.actor import NOTHING
from core.domain.clock import Clock, SystemClock
from core.extensions import Wiring, csrf, db, limiter
from core.hooks.calling import Hooks
from core.hooks.manager import load_hooks
from core.hooks.types import WebPart
from core.jobs.embedded import EmbeddedEngine
from core.jobs.engine import Engine
from core.security.endpoints import CORE_PERMISSIONS, Permissions
from core.security.permissions import require_declared
from core.security.vault import Vault
from core.services.registration.giving import register_together
from core.web import pages
from core.web.account.security import bind_security
from core.web.assets import add_assets
from core.web.browser_sessions import COOKIE, BrowserSessions
from core.web.errors import explain_errors
from core.web.feeds.door import FeedDoor
from core.web.guard import guard
from core.web.headers import send_headers
from core.web.languages import CHINESE, current_language
from core.web.logs import log_requests, set_up_logs
from core.web.menu import add_menu
from core.web.requests import InMemoryRequest
from core.web.text import add_words

_CORE = Path(__file__).parent
_MEBIBYTE = 1024 * 1024


def create_app(
    settings: Settings,
    plugins: Hooks | None = None,
    *,
    database: Database | None = None,
    clock: Clock | None = None,
    engine: Engine | None = None,
) -> Flask:
    """Return the application of an installation; raise UndeclaredEndpointError if a page names no permission.

    Without `plugins` those that the settings choose are loaded; without `database` the settings say which it is.
    Runs of the planner are carried out by `engine`, by processes of this machine where none is given.
    """
    set_up_logs()
    hooks = load_hooks(settings.plugins) if plugins is None else plugins
    opened = database or Database(settings.database_url, Vault.of_file(settings.key_file))
    app = Flask("core.web")
    app.request_class = InMemoryRequest
    app.session_interface = BrowserSessions()
    _configure(app, settings, opened)
    _bind_extensions(app, hooks)
    bind_security(app, opened.vault.web_secret)
    pages.register(app)
    parts = hooks.web_parts()
    permissions = _mount(app, parts)
    menu = tuple(entry for part in parts for entry in part.menu)
    owners = {endpoint: key for part in parts if (key := hooks.owner_of(part)) for endpoint in part.permissions}
    deeds = {action: words for part in parts for action, words in part.deeds.items()}
    clock, engine = clock or SystemClock(), engine or EmbeddedEngine(settings)
    registering = Together(partial(opened.writing, NOTHING), register_together)
    Wiring(settings, opened, hooks, clock, permissions, engine, registering, menu, owners, deeds).bind(app)
    app.wsgi_app = FeedDoor(app)  # type: ignore[method-assign]
    return app


def _mount(app: Flask, parts: Sequence[WebPart]) -> Permissions:
    """Add the plugins' pages, and return the permissions of all endpoints there are."""
    permissions = dict(CORE_PERMISSIONS)
    for part in parts:
        part.mount(app)
        # A plugin has no say about core's pages, nor about another plugin's.
        permissions = {**part.permissions, **permissions}
    require_declared((rule.endpoint for rule in app.url_map.iter_rules()), permissions)
    return permissions


def _configure(app: Flask, settings: Settings, database: Database) -> None:
    app.config.update(
        SECRET_KEY=database.vault.web_secret,
        MAX_CONTENT_LENGTH=16 * _MEBIBYTE,
        MAX_FORM_MEMORY_SIZE=_MEBIBYTE,
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        # The form token lives as long as its session; the Referer check would refuse browsers that send none.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    send_headers(app, secure=settings.secure_cookies)


def _bind_extensions(app: Flask, hooks: Hooks) -> None:
    """Bind what stands around every view; the first to look at a request is the log, the second the guard."""
    db.init_app(app)
    log_requests(app)
    guard(app)
    csrf.init_app(app)
    limiter.init_app(app)
    # One for each application, since it keeps the catalogues that it has read. Core's folder comes last: the rule of
    # plurals is taken from the last, also where a folder lacks the language.
    Babel(
        app,
        default_locale=CHINESE,
        default_translation_directories=";".join(map(str, (*hooks.translation_folders, _CORE / "translations"))),
        locale_selector=current_language,
    )
    add_words(app)
    add_assets(app)
    add_menu(app)
    explain_errors(app)
