"""What is entered about hours of service."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from core.domain.errors import InvalidInputError, Message
from core.domain.service_hours import REASON_LENGTH
from core.web.forms import Form
from core.web.text import say

_LONGEST_TIME = 366


class CorrectionForm(Form):
    """For how many hours a line counts from now on, and why."""

    hours = DecimalField(_l("Hours"), places=2, validators=[InputRequired(), NumberRange(0, 16)])
    reason = StringField(_l("Reason"), validators=[InputRequired(), Length(max=REASON_LENGTH)])

    def minutes(self) -> int:
        """Return the hours in minutes."""
        minutes: int = round(self.hours.data * 60)
        return minutes


class TextForm(Form):
    """One line of text: what is wrong, what came of it, why something is void."""

    text = StringField(_l("In words"), validators=[InputRequired(), Length(max=REASON_LENGTH)])


class TimeForm(Form):
    """From which day to which."""

    first = DateField(_l("First day"), validators=[InputRequired()])
    last = DateField(_l("Last day"), validators=[InputRequired()])

    def validate_last(self, last: DateField) -> None:
        """Refuse a time that ends before it begins, or is longer than a year."""
        if self.first.data and last.data and not 0 <= (last.data - self.first.data).days <= _LONGEST_TIME:
            raise ValidationError(say(Message("The last day comes after the first, a year later at most.")))

    def dates(self) -> tuple[date, date]:
        """Return the days; InvalidInputError where they make no sense."""
        if not self.validate():
            raise InvalidInputError(Message("The last day comes after the first, a year later at most."))
        return self.first.data, self.last.data
