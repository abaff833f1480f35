"""The shape of the form about a station's rules of serving; what they mean is for the service to check."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional

from core.domain.replies import ServingRules
from core.web.forms import Choices, Form


class RulesForm(Form):
    """What a station minds where people take duties on their own word."""

    reply_hours = IntegerField(_l("Hours to answer a question"), validators=[InputRequired(), NumberRange(1, 336)])
    remind_hours = IntegerField(
        _l("Hours before that at which people are reminded"), validators=[InputRequired(), NumberRange(1, 336)]
    )
    late_hours = IntegerField(
        _l("Hours before a duty within which a cancellation raises an alarm"),
        validators=[InputRequired(), NumberRange(0, 336)],
    )
    rest = IntegerField(_l("Minutes of rest between two duties"), validators=[InputRequired(), NumberRange(0, 720)])
    per_week = IntegerField(
        _l("Most duties of one person in a week (empty: no limit)"), validators=[Optional(), NumberRange(1, 99)]
    )
    minors_from = TimeField(_l("People under 18 serve from"), validators=[InputRequired()])
    minors_until = TimeField(_l("People under 18 serve until"), validators=[InputRequired()])
    sign_up = BooleanField(_l("Volunteers may take open places by themselves"))
    approve_swaps = Choices(_l("Programs in which the organizer approves each swap"))

    def offer(self, programs: dict[str, str]) -> None:
        """Give the list its choices: names of programs by key."""
        self.approve_swaps.choices = list(programs.items())

    @staticmethod
    def values(rules: ServingRules) -> dict[str, Any]:
        """Return rules as the form shows them."""
        known = {name: getattr(rules, name) for name in ServingRules.__dataclass_fields__}
        return {**known, "approve_swaps": sorted(rules.approve_swaps)}

    def rules(self) -> ServingRules:
        """Return what was entered."""
        entered = {name: self[name].data for name in ServingRules.__dataclass_fields__}
        return ServingRules(**{**entered, "approve_swaps": frozenset(self.approve_swaps.data or ())})
