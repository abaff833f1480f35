"""The shapes of the account's forms: Flask-Security's, with our count of failures before what can be guessed."""

from collections.abc import Callable
from typing import Any, Final

from flask import session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_security import (
    ChangePasswordForm,
    LoginForm,
    MfRecoveryForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    WebAuthnRegisterForm,
    WebAuthnSigninResponseForm,
)
from flask_security.proxies import _datastore as datastore
from flask_security.proxies import _security as security
from wtforms import Form, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from core.extensions import wiring
from core.security.passwords import MAX_LENGTH
from core.services.accounts import LOGIN_LENGTH
from core.web.account.people import FIRST_FACTOR, Person
from core.web.forms import Form as OwnForm

#: When the password was right, in a session that waits for the second factor.
PASSWORD_AT: Final = "password_at"  # noqa: S105 (the name of a moment)
_PASSWORD_BOUNDS = Length(max=MAX_LENGTH)


def _password(label: str, autocomplete: str) -> PasswordField:
    return PasswordField(label, [InputRequired(), _PASSWORD_BOUNDS], render_kw={"autocomplete": autocomplete})


class SignInForm(LoginForm):  # type: ignore[misc]
    """Login and password."""

    email = None
    remember = None
    login = StringField(
        _l("Login name"),
        [InputRequired(), Length(max=LOGIN_LENGTH)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = _password(_l("Password"), "current-password")

    def validate(self, **options: Any) -> bool:
        """Tell whether the password is the account's; nothing tells why it isn't."""
        self.ifield = self.login
        if _within_bounds(self.login, LOGIN_LENGTH) and _within_bounds(self.password, MAX_LENGTH):
            self.user = datastore.begin_attempt(self.login.data)
        if super().validate(**options) and datastore.take_back(self.user):
            session[PASSWORD_AT] = wiring().clock.now().timestamp()
            return True
        if self.login.data and self.password.data:
            self.login.errors, self.password.errors = [], []
            self.form_errors.append(
                _("Login name or password is wrong, or the account is locked for 15 minutes after too many attempts.")
            )
        return False


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """The password that holds and the one that shall."""

    password = _password(_l("Current password"), "current-password")
    new_password = _password(_l("New password"), "new-password")
    new_password_confirm = None

    def validate(self, **options: Any) -> bool:
        """Tell whether the current password is right, whose failures count, and the new one will do."""
        outcome: list[bool] = []

        def proves() -> bool:
            outcome.append(super(PasswordForm, self).validate(**options))
            return not self.password.errors

        return _guarded(self, current_user, proves) and all(outcome)


class InvitationForm(OwnForm):
    """The first password."""

    password = _password(_l("Password"), "new-password")

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that won't do, and bring the others into their normal form."""
        problems, field.data = security.password_util.validate(field.data, is_register=True)
        if problems:
            raise ValidationError(problems[0])


class VerifyAgainForm(VerifyForm):  # type: ignore[misc]
    """The password once more, before something that somebody else at an open browser must not do."""

    password = _password(_l("Password"), "current-password")

    def validate(self, **options: Any) -> bool:
        """Tell whether the password is right; failures count."""
        return _guarded(self, self.user, lambda: super(VerifyAgainForm, self).validate(**options))


class CodeForm(TwoFactorVerifyCodeForm):  # type: ignore[misc]
    """A code from the app."""

    code = StringField(
        _l("Code"),
        [InputRequired(), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )

    def validate(self, **options: Any) -> bool:
        """Tell whether the code is right; failures count, unless the app is being set up."""
        if self.is_setup:
            return bool(super().validate(**options))
        return _guarded(self, self.user, lambda: super(CodeForm, self).validate(**options))


class AppForm(TwoFactorSetupForm):  # type: ignore[misc]
    """Whether an app is to be set up or asked for no more."""

    setup = StringField()


class LostForm(TwoFactorRescueForm):  # type: ignore[misc]
    """Ways to go on without the second factor; the page has them as links."""

    help_setup = RadioField(choices=[])


class RecoveryForm(MfRecoveryForm):  # type: ignore[misc]
    """A recovery code."""

    code = StringField(
        _l("Recovery code"),
        [InputRequired(), Length(max=40)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )

    def validate(self, **options: Any) -> bool:
        """Tell whether the code is one that is left; failures count."""
        return _guarded(self, self.user, lambda: super(RecoveryForm, self).validate(**options))


class NewPasskeyForm(WebAuthnRegisterForm):  # type: ignore[misc]
    """What a passkey is called in the list."""

    usage = StringField()
    name = StringField(_l("Name"), [InputRequired(), Length(max=64)], render_kw={"autocomplete": "off"})

    def validate(self, **options: Any) -> bool:
        """Tell whether the name will do."""
        self.usage.data = FIRST_FACTOR
        return bool(super().validate(**options))


class PasskeyAnswerForm(WebAuthnSigninResponseForm):  # type: ignore[misc]
    """What an authenticator answers."""

    is_secondary: bool = False

    def validate(self, **options: Any) -> bool:
        """Tell whether the answer proves a person of an account, after a password: of the password's account."""
        after_password, self.is_secondary = self.is_secondary, False
        if not super().validate(**options) or self.errors:
            return False
        return not after_password or self.user.fs_uniquifier == session["tf_user_id"]


def _guarded(form: Form, person: Person, proves: Callable[[], bool]) -> bool:
    if datastore.guarded(person, proves):
        return True
    if not form.errors:
        form.form_errors.append(_("That was tried too often: wait for 15 minutes."))
    return False


def _within_bounds(field: StringField, longest: int) -> bool:
    return 0 < len(field.data or "") <= longest
