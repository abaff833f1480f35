"""Views of the account that Flask-Security doesn't have: what opens it, and where it is open."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user, logout_user
from werkzeug.wrappers import Response

from core.extensions import actor, db, signed_in, wiring
from core.services import accounts, web_sessions
from core.web.identity import browser_session

account = Blueprint("account", __name__, url_prefix="/account")


@account.get("/")
def factors() -> str:
    """Show what opens the account and where it is open, and lead to what changes that."""
    sessions = web_sessions.open_sessions(db.session, wiring().clock, current_user.id, browser_session().token)
    return render_template(
        "account/factors.html", person=current_user.credentials, sessions=sessions, found=signed_in()
    )


@account.post("/sessions/<uuid:session_id>/end")
def end_session(session_id: UUID) -> Response:
    """Sign out one browser."""
    web_sessions.end_open_session(db.session, actor(), session_id)
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("account.factors"))


@account.post("/sessions/end")
def end_all() -> Response:
    """Sign out everywhere, here as well."""
    accounts.sign_out_everywhere(db.session, actor(), wiring().clock)
    logout_user()
    return redirect(url_for("security.login"))
