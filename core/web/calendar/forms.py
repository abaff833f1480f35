"""The shapes of the calendar's forms."""

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from core.web.forms import Form

_REASON_LENGTH = 200


class ClosureForm(Form):
    """Days on which a station, one of its venues or a room is shut."""

    place = SelectField(_l("What is closed"), [InputRequired()])
    first = DateField(_l("First day"), [InputRequired()])
    last = DateField(_l("Last day"), [InputRequired()])
    from_time = TimeField(_l("From this time on the first day"), [Optional()])
    reason = StringField(_l("Reason"), [InputRequired(), Length(max=_REASON_LENGTH)])

    @classmethod
    def asked(cls) -> "ClosureForm":
        """Return the form as the address fills it in: asking what a closure would do changes nothing."""
        return cls(formdata=request.args, meta={"csrf": False})


class ArrangedYearForm(Form):
    """A year's arrangement as text or as a file."""

    file = FileField(_l("File (CSV or JSON)"))
    text = TextAreaField(_l("Or write it here"), render_kw={"rows": 12, "spellcheck": "false"})
