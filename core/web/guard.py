"""The guard before every view: the permission table decides, and what it doesn't know nobody may call."""

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from core.extensions import READING, db, signed_in, wiring
from core.security.permissions import allows


def guard(app: Flask) -> None:
    """Check each request of the application against its permissions, before anything else looks at it."""
    app.before_request(_check)


def _check() -> Response | None:
    found = signed_in()
    if found is not None:
        db.reaching(found.scope)
    if request.endpoint is None:
        return None
    if allows(wiring().permissions, request.endpoint, found.actor.role if found else None):
        return None
    if found is not None:
        abort(403)
    return redirect(url_for("account.sign_in", next=_where() if request.method in READING else None))


def _where() -> str:
    """Return the path asked for, with its query; the query's bare question mark is left away."""
    return request.full_path.rstrip("?")
