"""The shape of the form that pins a session."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from core.web.forms import Form


class PinForm(Form):
    """Why a session is pinned, and whether its people are."""

    reason = StringField(_l("Why"), validators=[Length(max=200)])
    with_staff = BooleanField(_l("Keep the people who serve in it as well"))
