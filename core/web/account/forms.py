"""The shapes of the account's forms."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from core.security.passwords import MAX_LENGTH
from core.services.accounts import LOGIN_LENGTH
from core.web.forms import Form

_PASSWORD_BOUNDS = Length(max=MAX_LENGTH)


class SignInForm(Form):
    """Login and password."""

    login = StringField(
        _l("Login name"),
        [InputRequired(), Length(max=LOGIN_LENGTH)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"), [InputRequired(), _PASSWORD_BOUNDS], render_kw={"autocomplete": "current-password"}
    )


class PasswordForm(Form):
    """The password that holds and the one that shall."""

    current = PasswordField(
        _l("Current password"), [InputRequired(), _PASSWORD_BOUNDS], render_kw={"autocomplete": "current-password"}
    )
    new = PasswordField(
        _l("New password"), [InputRequired(), _PASSWORD_BOUNDS], render_kw={"autocomplete": "new-password"}
    )
