"""Views of the account."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.models import User
from core.domain.actor import EVERYTHING
from core.domain.errors import InvalidInputError
from core.extensions import actor, db, limiter, signed_in, wiring
from core.security.passwords import verify_password
from core.services import accounts
from core.services import sign_in as signing
from core.web.account.forms import PasswordForm, SignInForm
from core.web.identity import browser_session, safe_target

account = Blueprint("account", __name__, url_prefix="/account")
Page = str | Response | tuple[str, int]


@account.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("30 per minute; 200 per hour", methods=["POST"])
def sign_in() -> Page:
    """Ask who it is, and go on to where they wanted to."""
    target = safe_target(request.args.get("next"))
    if signed_in() is not None:
        return redirect(target)
    form = SignInForm()
    if form.validate_on_submit():
        user = _authenticate(form.login.data, form.password.data)
        if user is not None:
            browser_session().sign_in(user, wiring().clock.now())
            return redirect(target)
        form.form_errors.append(
            _("Login name or password is wrong, or the account is locked for 15 minutes after too many attempts.")
        )
    return render_template("account/sign_in.html", form=form), 422 if form.errors else 200


@account.post("/sign-out")
def sign_out() -> Response:
    """End the browser's session."""
    browser_session().begin_anew()
    flash(_("You have signed out."), "success")
    return redirect(url_for("account.sign_in"))


@account.route("/password", methods=["GET", "POST"])
@limiter.limit("10 per minute", methods=["POST"])
def password() -> Page:
    """Change one's own password, which signs out all other browsers."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            user = accounts.change_own_password(db.session, actor(), current=form.current.data, new=form.new.data)
        except InvalidInputError as error:
            form.refuse(error)
        else:
            browser_session().renew(user)
            flash(_("Your password is changed. Other browsers are signed out."), "success")
            return redirect(url_for("home.start"))
    return render_template("account/password.html", form=form), 422 if form.errors else 200


def _authenticate(login: str, given: str) -> User | None:
    """Compare outside any transaction: the hash is slow on purpose, and nobody's writing shall wait for it."""
    app = wiring()
    with app.database.writing(EVERYTHING) as session:
        attempt = signing.begin_attempt(session, app.clock, login, demo_allowed=app.settings.demo)
    if not verify_password(attempt.password_hash, given):
        return None
    with app.database.writing(EVERYTHING) as session:
        return signing.complete_attempt(session, app.clock, attempt)
