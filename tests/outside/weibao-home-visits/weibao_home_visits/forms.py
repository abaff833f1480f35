"""What staff fill in: who is to be visited, by which series, and what came of a visit."""

from collections.abc import Sequence

from core.plugin_api import ActivityOutline
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from weibao_home_visits.models import DAYS_APART

_CLOSEST, _FARTHEST = 1, 28


class NewNeedForm(FlaskForm):  # type: ignore[misc]
    """A child who is to be visited."""

    number = StringField(_("Number of the child's file"), [InputRequired(), Length(max=20)])
    since = DateField(_("First day"), [InputRequired()])
    days_apart = IntegerField(
        _("Days between visits"), [InputRequired(), NumberRange(_CLOSEST, _FARTHEST)], default=DAYS_APART
    )


class NeedForm(FlaskForm):  # type: ignore[misc]
    """What may change about a need, and a series that is to serve it."""

    days_apart = IntegerField(_("Days between visits"), [InputRequired(), NumberRange(_CLOSEST, _FARTHEST)])
    until = DateField(_("Last day"), [Optional()])
    activity = SelectField(_("Series of visits"), [Optional()])

    def offer(self, series: Sequence[ActivityOutline]) -> None:
        """Let one of these series be chosen, or none."""
        self.activity.choices = [("", _("No other series")), *((one.id, one.title) for one in series)]


class VisitForm(FlaskForm):  # type: ignore[misc]
    """A visit that was made."""

    done_on = DateField(_("Made on"), [InputRequired()])
    note = TextAreaField(_("What to remember"), [Optional(), Length(max=1000)])
