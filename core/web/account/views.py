"""Views of the account that Flask-Security doesn't have: what opens it, and where it is open."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user, hash_password, login_user, logout_user
from werkzeug.wrappers import Response

from core.domain.actor import EVERYTHING
from core.extensions import actor, db, limiter, signed_in, wiring
from core.services import accounts, invitations, web_sessions
from core.services.credentials import credentials_of
from core.web.account.datastore import known
from core.web.account.forms import InvitationForm
from core.web.identity import HOME, browser_session

account = Blueprint("account", __name__, url_prefix="/account")


@account.get("/")
def factors() -> str:
    """Show what opens the account and where it is open, and lead to what changes that."""
    sessions = web_sessions.open_sessions(db.session, wiring().clock, current_user.id, browser_session().token)
    return render_template(
        "account/factors.html", person=current_user.credentials, sessions=sessions, found=signed_in()
    )


@account.route("/invitation/<secret>", methods=["GET", "POST"])
@limiter.limit("30 per minute")
def accept(secret: str) -> str | tuple[str, int] | Response:
    """Let an invited person set the password, and sign them in unless a second proof is to be asked for."""
    app = wiring()
    with app.database.reading(EVERYTHING) as session:
        login = invitations.invited_login(session, app.clock, secret)
    form = InvitationForm()
    if form.validate_on_submit():
        # Hashing is slow: nobody's writing shall wait for it.
        hashed = hash_password(form.password.data)
        with app.database.writing(EVERYTHING) as session:
            user = invitations.accept_invitation(session, app.clock, secret, hashed)
            found = credentials_of(user)
        if found.has_second_factor:
            flash(_("Your password is set: sign in with it."), "success")
            return redirect(url_for("security.login"))
        login_user(known(found), authn_via=["password"])
        return redirect(HOME)
    return render_template("account/invitation.html", form=form, login=login), 422 if form.errors else 200


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
