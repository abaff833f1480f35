"""The shapes of the forms of grants."""

from datetime import date, datetime, time, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from core.domain.vocabulary import SensitiveField
from core.extensions import wiring
from core.services.grants import PURPOSE_LENGTH
from core.web.forms import Choices, Form
from core.web.text import say

_USUAL: Final = timedelta(days=30)


class AskForm(Form):
    """What somebody needs to read, of whom, what for and how long."""

    purpose = StringField(_l("What for"), [InputRequired(), Length(max=PURPOSE_LENGTH)])
    wanted = Choices(_l("What you need to read"), coerce=SensitiveField)
    #: Posted, so that the numbers stand in no address and no log.
    numbers = TextAreaField(_l("Numbers of the files"), [Length(max=1000)])
    all_children = BooleanField(_l("All children of the station"))
    first = DateField(_l("From"), [InputRequired()])
    last = DateField(_l("Until"), [InputRequired()])

    @classmethod
    def of_today(cls, number: str = "") -> "AskForm":
        """Return the form as it is first shown: from today, for a month."""
        today: date = wiring().today()
        form = cls(numbers=number, first=today, last=today + _USUAL)
        form.wanted.choices = [(field.value, say(field)) for field in SensitiveField]
        return form

    @property
    def starts_at(self) -> datetime:
        """The beginning of the first day at the station."""
        return _midnight(self.first.data)

    @property
    def ends_at(self) -> datetime:
        """The end of the last day at the station."""
        return _midnight(self.last.data + timedelta(days=1))


class RefusalForm(Form):
    """Why somebody gets no leave."""

    reason = TextAreaField(_l("Why"), [InputRequired(), Length(max=PURPOSE_LENGTH)])


class GlassForm(Form):
    """Why somebody can't wait."""

    reason = StringField(_l("What has happened"), [InputRequired(), Length(max=PURPOSE_LENGTH)])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), wiring().zone)
