"""The shapes of the forms for giving places; what they mean is for the services to check."""

import re
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.allocation.settings import DEFAULT_AIMS, Aim, Togetherness
from core.domain.wishing import Draw
from core.services.allocating.settings import Wanted
from core.services.wishes.rounds import RoundDraft
from core.web.forms import Form
from core.web.places import words
from core.web.text import say

_ORDERS: Final = (
    DEFAULT_AIMS,
    (Aim.MOST_CHILDREN, Aim.WISHES, Aim.FAIR, Aim.EARLIER_LOSERS),
    (Aim.MOST_CHILDREN, Aim.EARLIER_LOSERS, Aim.FAIR, Aim.WISHES),
)
_PACES: Final = ((15, _l("Quick: 15 seconds")), (60, _l("Normal: 1 minute")), (300, _l("Thorough: 5 minutes")))
_NUMBER: Final = re.compile(r"\d+")


class RoundForm(Form):
    """How a term takes wishes."""

    held_back_percent = IntegerField(
        _l("Share of places held back, in percent"), validators=[InputRequired(), NumberRange(0, 100)]
    )
    most_wishes = IntegerField(_l("Most wishes on a list"), validators=[InputRequired(), NumberRange(1, 50)])
    fewest_wishes = IntegerField(_l("Fewest wishes asked for"), validators=[InputRequired(), NumberRange(1, 50)])

    def draft(self) -> RoundDraft:
        """Return what was entered."""
        return RoundDraft(**{name: self[name].data for name in RoundDraft.__dataclass_fields__})


class DrawForm(Form):
    """The public draw that counts."""

    issue = StringField(_l("Issue"), validators=[InputRequired(), Length(max=20)])
    day = DateField(_l("Drawn on"), validators=[InputRequired()])
    reds = StringField(_l("Six red numbers"), validators=[InputRequired(), Length(max=40)])
    blue = IntegerField(_l("Blue number"), validators=[InputRequired()])
    source = StringField(_l("Where you read them"), validators=[InputRequired(), Length(max=200)])

    def draw(self) -> Draw:
        """Return the draw; InvalidInputError for what can't be one."""
        reds = tuple(map(int, _NUMBER.findall(self.reds.data or "")))
        return Draw((self.issue.data or "").strip(), self.day.data, reds, self.blue.data)


class RunForm(Form):
    """How places are to be given in a run."""

    order = SelectField(_l("What counts, after as many children as possible with a place"), choices=[])
    together = SelectField(_l("Siblings and friends"), coerce=Togetherness, choices=[])
    held_back_percent = IntegerField(
        _l("Share of places held back, in percent"), validators=[InputRequired(), NumberRange(0, 100)]
    )
    minutes_between = IntegerField(_l("Minutes between two places"), validators=[Optional(), NumberRange(0, 24 * 60)])
    needs_staff = BooleanField(_l("Only what has its people in the published plan opens"), default=True)
    seconds = SelectField(_l("How thoroughly"), coerce=int, choices=[], default=60)

    def offer(self) -> None:
        """Give the lists their choices."""
        self.order.choices = [(",".join(aims), words.order(aims)) for aims in _ORDERS]
        self.together.choices = [(one.value, say(words.TOGETHER[one])) for one in Togetherness]
        self.seconds.choices = list(_PACES)

    def wanted(self) -> Wanted:
        """Return what was entered."""
        aims = tuple(Aim(one) for one in str(self.order.data).split(","))
        together = self.together.data
        return Wanted(
            aims=(*aims, Aim.TOGETHER) if together is Togetherness.SOFT else aims,
            together=together,
            held_back_percent=self.held_back_percent.data,
            minutes_between=self.minutes_between.data,
            needs_staff=self.needs_staff.data,
        )


class PublishForm(Form):
    """Whoever publishes says that they mean it."""

    sure = BooleanField(
        _l("I have looked at the result. Publish it: this can't be taken back."), validators=[InputRequired()]
    )
