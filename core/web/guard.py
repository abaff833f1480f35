"""The guard before every view: the permission table decides, and what it doesn't know nobody may call."""

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from core.domain.capabilities import ANYONE
from core.extensions import READING, db, signed_in, wiring
from core.security.permissions import SETTING_UP, Permissions, allows


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
        if found is not None and found.confined and not _open_to_the_confined(request.endpoint, permissions):
            return redirect(url_for("account.factors"))
        return None
    if found is not None:
        abort(403)
    return redirect(url_for("security.login", next=_where() if request.method in READING else None))


def _open_to_the_confined(endpoint: str, permissions: Permissions) -> bool:
    return endpoint in SETTING_UP or permissions[endpoint] is ANYONE


def _where() -> str:
    """Return the path asked for, with its query; the query's bare question mark is left away."""
    return request.full_path.rstrip("?")
