"""The shapes of the forms of availability."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.domain.availability import MOST_A_DAY, MOST_A_WEEK
from core.web.forms import Choices, Form


class AnswerForm(Form):
    """What somebody says beside their times, which are lines of their own."""

    max_per_day = IntegerField(_l("Most sessions a day"), validators=[InputRequired(), NumberRange(0, MOST_A_DAY)])
    max_per_week = IntegerField(_l("Most sessions a week"), validators=[Optional(), NumberRange(1, MOST_A_WEEK)])
    venues = Choices(_l("Where I go"))
    only_with = StringField(_l("Only together with one of"), validators=[Length(max=500)])
    never_with = StringField(_l("Never together with"), validators=[Length(max=500)])
    lives_with = StringField(_l("Lives with me and helps here too"), validators=[Length(max=500)])


class CalendarForm(Form):
    """A calendar with busy times: its address or its file."""

    url = StringField(_l("Address of the calendar"), validators=[Length(max=2000)])
    file = FileField(_l("Or its file (.ics)"))
