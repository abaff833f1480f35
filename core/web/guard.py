"""The guard before every view: the permission table decides, and what it doesn't know nobody may call."""

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from core.domain.capabilities import ANYONE
from core.extensions import READING, db, signed_in, wiring
from core.security.endpoints import Permissions
from core.security.permissions import NEW_PASSWORD, SETTING_UP, allows
from core.services.web_sessions import SignedIn


def guard(app: Flask) -> None:
    """Check each request of the application against its permissions, before anything else looks at it."""
    app.before_request(_check)


def _check() -> Response | None:
    found = signed_in()
    if found is not None:
        db.reaching(found.scope)
    if request.endpoint is None:
        return None
    permissions = wiring().permissions
    if allows(permissions, request.endpoint, found.actor.role if found else None):
        return _first(found, request.endpoint, permissions)
    if found is not None:
        abort(403)
    return redirect(url_for("security.login", next=_where() if request.method in READING else None))


def _first(found: SignedIn | None, endpoint: str, permissions: Permissions) -> Response | None:
    """Lead somebody whose proofs don't suffice to what they have to do first; the open pages stay open."""
    if found is None or permissions[endpoint] is ANYONE:
        return None
    if found.confined and endpoint not in SETTING_UP:
        return redirect(url_for("account.factors"))
    if found.stale and not found.confined and endpoint not in NEW_PASSWORD:
        return redirect(url_for("security.change_password"))
    return None


def _where() -> str:
    """Return the path asked for, with its query; the query's bare question mark is left away."""
    return request.full_path.rstrip("?")
