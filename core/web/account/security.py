"""Flask-Security bound to an application: what of it is used, with what settings, and how it meets our sessions.

Its blueprint is not registered whole: only the views that are named here exist, under its own endpoint names, and each
stands in the permission table. Sessions are ours (`core/web/browser_sessions.py`); what Flask-Login writes into one is
part of its content.
"""

from typing import Any, Final

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import user_logged_out
from flask_security import PasswordUtil, Security, current_user, user_authenticated, views, webauthn
from flask_security.recovery_codes import mf_recovery, mf_recovery_codes
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from core.domain.actor import EVERYTHING
from core.domain.errors import InvalidInputError
from core.extensions import limiter, signed_in, wiring
from core.security import passwords
from core.services import sign_in
from core.web.account import forms
from core.web.account.codes import OneTimeCodes, RecoveryCodes
from core.web.account.configuration import FRESHNESS, configuration
from core.web.account.datastore import AccountDatastore
from core.web.account.passkeys import PasskeyDemands
from core.web.account.people import Person
from core.web.identity import HOME, browser_session, safe_target
from core.web.text import say

_READ: Final = ("GET",)
_READ_AND_SENT: Final = ("GET", "POST")
_SENT: Final = ("POST",)

# Bound once, as the limiter notes its limits for good; from one address nobody guesses on, whatever the account.
_outside = limiter.limit("30 per minute; 200 per hour", methods=["POST"])
_inside = limiter.limit("10 per minute", methods=["POST"])


def _lost() -> Response:
    """Lead somebody whose second factor isn't at hand to the recovery codes."""
    return redirect(url_for("security.mf_recovery"))


_VIEWS: Final = (
    ("/sign-in", "login", _outside(views.login), _READ_AND_SENT),
    ("/sign-out", "logout", views.logout, _SENT),
    ("/verify", "verify", _inside(views.verify), _READ_AND_SENT),
    ("/password", "change_password", _inside(views.change_password), _READ_AND_SENT),
    ("/codes", "two_factor_setup", views.two_factor_setup, _READ_AND_SENT),
    ("/codes/<token>", "two_factor_setup_validate", _inside(views.two_factor_setup_validate), _SENT),
    ("/code", "two_factor_token_validation", _outside(views.two_factor_token_validation), _READ_AND_SENT),
    ("/lost", "two_factor_rescue", _lost, _READ),
    ("/recovery", "mf_recovery", _outside(mf_recovery), _READ_AND_SENT),
    ("/recovery-codes", "mf_recovery_codes", mf_recovery_codes, _READ_AND_SENT),
    ("/passkeys", "wan_register", webauthn.webauthn_register, _READ_AND_SENT),
    ("/passkeys/<token>", "wan_register_response", _inside(webauthn.webauthn_register_response), _SENT),
    ("/passkeys/delete", "wan_delete", webauthn.webauthn_delete, _SENT),
    ("/passkey", "wan_signin", webauthn.webauthn_signin, _READ_AND_SENT),
    ("/passkey/<token>", "wan_signin_response", _outside(webauthn.webauthn_signin_response), _SENT),
    ("/passkey-again", "wan_verify", webauthn.webauthn_verify, _READ_AND_SENT),
    ("/passkey-again/<token>", "wan_verify_response", _inside(webauthn.webauthn_verify_response), _SENT),
)
_BETWEEN: Final = frozenset(
    {"security.two_factor_token_validation", "security.two_factor_rescue", "security.mf_recovery"}
)
_CHANGING: Final = frozenset(
    {
        "security.two_factor_setup",
        "security.two_factor_setup_validate",
        "security.mf_recovery_codes",
        "security.wan_register",
        "security.wan_register_response",
        "security.wan_delete",
    }
)
#: What Flask-Login and Flask-Security note of a sign-in.
_NOTED: Final = ("_user_id", "_fresh", "_id", "fs_paa", "fs_cc")


class Passwords(PasswordUtil):  # type: ignore[misc]
    """Our rules for new passwords."""

    def validate(self, password: str, is_register: bool, **_kwargs: Any) -> tuple[list[str] | None, str]:  # noqa: ARG002, FBT001 (Flask-Security's signature)
        """Return what is wrong with a password, and its normal form."""
        form = self.normalize(password)
        try:
            passwords.require_acceptable(form, wiring().settings.password_profile)
        except InvalidInputError as error:
            return [say(error.message)], form
        return None, form


def bind_security(app: Flask, web_secret: bytes) -> None:
    """Give the application Flask-Security on our accounts, sessions and pages; forms need their tokens bound before."""
    app.config.update(configuration(web_secret))
    security = Security(
        app,
        AccountDatastore(),
        register_blueprint=False,
        render_template=_page,
        login_form=forms.SignInForm,
        change_password_form=forms.PasswordForm,
        verify_form=forms.VerifyAgainForm,
        two_factor_setup_form=forms.AppForm,
        two_factor_rescue_form=forms.LostForm,
        two_factor_verify_code_form=forms.CodeForm,
        mf_recovery_form=forms.RecoveryForm,
        wan_register_form=forms.NewPasskeyForm,
        wan_signin_response_form=forms.PasskeyAnswerForm,
        password_util_cls=Passwords,
        totp_cls=OneTimeCodes,
        mf_recovery_codes_util_cls=RecoveryCodes,
        webauthn_util_cls=PasskeyDemands,
    )
    # Neither tokens in headers nor answers in JSON: a session on the server is the only way in.
    security.login_manager.request_loader(lambda _request: None)
    security.want_json(lambda _request: False)
    app.register_blueprint(_blueprint())
    user_authenticated.connect(_begin_session, app)
    user_logged_out.connect(_end_session, app)


def _blueprint() -> Blueprint:
    blueprint = Blueprint("security", __name__, url_prefix="/account")
    for rule, endpoint, view, methods in _VIEWS:
        blueprint.add_url_rule(rule, endpoint, view, methods=list(methods))
    blueprint.before_request(_forget_other_sites)
    blueprint.before_request(_only_after_the_password)
    blueprint.before_request(_only_with_all_proofs)
    blueprint.after_request(_stay_here)
    return blueprint


def _forget_other_sites() -> None:
    """Drop the address of another site that the request asked to go on to."""
    wanted = request.args.get("next")
    if wanted is not None and safe_target(wanted) != wanted:
        request.args = ImmutableMultiDict(pair for pair in request.args.items(multi=True) if pair[0] != "next")


def _only_after_the_password() -> Response | None:
    """Show the pages between password and second factor to nobody else; Flask-Security would sign people out there."""
    if request.endpoint not in _BETWEEN:
        return None
    since = wiring().clock.now().timestamp() - session.get(forms.PASSWORD_AT, 0)
    if "tf_user_id" in session and signed_in() is None and since < FRESHNESS.total_seconds():
        return None
    return redirect(HOME)


def _only_with_all_proofs() -> None:
    """Let nobody change what opens an account who has proved less than it asks for."""
    found = signed_in()
    if request.endpoint not in _CHANGING or found is None or found.signature.strong:
        return
    if current_user.credentials.has_second_factor:
        abort(403)


def _stay_here(response: Response) -> Response:
    """Lead nobody to another site, wherever Flask-Security would go on to."""
    if response.location is not None:
        response.location = safe_target(response.location)
    return response


def _page(template: str, **values: Any) -> tuple[str, int]:
    """Render a page; one whose form was refused says so by its status as well."""
    refused = request.method == "POST" and any(getattr(value, "errors", None) for value in values.values())
    return render_template(template, **values), 422 if refused else 200


def _begin_session(_app: Flask, user: Person, authn_via: list[str] | None = None, **_more: Any) -> None:
    """Begin a session on the server for whoever has just proved who they are."""
    own, app = browser_session(), wiring()
    by, strong = _how(authn_via, strong=own.signature is not None and own.signature.strong)
    with app.database.writing(EVERYTHING) as database:
        row = sign_in.complete_sign_in(database, app.clock, user.fs_uniquifier, by)
    if row is None:
        own.begin_anew()
        abort(403)
    noted = {key: own[key] for key in _NOTED if key in own}
    own.sign_in(row, app.clock.now(), strong=strong)
    own.update(noted)


def _how(authn_via: list[str] | None, *, strong: bool) -> tuple[str, bool]:
    """Return by what somebody signed in, and whether two factors were proved."""
    if authn_via == ["password"]:
        return "password", False
    if authn_via == ["change"]:
        return "new password", strong
    return ("passkey" if authn_via == ["webauthn"] else "second factor"), True


def _end_session(_app: Flask, **_more: Any) -> None:
    browser_session().begin_anew()
    flash(_("You have signed out."), "success")
