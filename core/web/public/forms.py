"""The shape of the forms that anybody sends: applying to serve, and objecting to hours."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from core.domain.service_hours import REASON_LENGTH
from core.domain.vocabulary import Skill, VolunteerKind
from core.services.applying import KINDS, LONGEST_MOTIVATION, LONGEST_TIMES, Application
from core.services.hours.shown import CONTACT_LENGTH
from core.web.forms import Form
from core.web.text import say


class ApplicationForm(Form):
    """What somebody says who would like to serve."""

    name = StringField(_l("Your name"), [InputRequired(), Length(max=80)], render_kw={"autocomplete": "name"})
    birth_date = DateField(_l("Date of birth"), [InputRequired()], render_kw={"autocomplete": "bday"})
    phone = StringField(
        _l("Phone"), [InputRequired(), Length(max=40)], render_kw={"autocomplete": "tel", "inputmode": "tel"}
    )
    kind = SelectField(_l("What are you?"), coerce=VolunteerKind, choices=[])
    skills = SelectMultipleField(
        _l("What can you do?"),
        coerce=Skill,
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    free_times = StringField(_l("When could you come?"), [InputRequired(), Length(max=LONGEST_TIMES)])
    motivation = TextAreaField(
        _l("Why would you like to help?"), [Length(max=LONGEST_MOTIVATION)], render_kw={"rows": 4}
    )
    consent = BooleanField(
        _l("I agree that the station keeps and uses what I enter here to decide about my application."),
        [InputRequired()],
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.kind.choices = [(kind.value, say(kind)) for kind in KINDS]
        self.skills.choices = [(skill.value, say(skill)) for skill in Skill]

    def application(self) -> Application:
        """Return what was answered."""
        return Application(
            name=self.name.data,
            birth_date=self.birth_date.data,
            phone=self.phone.data,
            kind=self.kind.data,
            skills=tuple(self.skills.data),
            free_times=self.free_times.data,
            motivation=self.motivation.data or "",
            consent=self.consent.data,
        )


class ObjectionForm(Form):
    """What is wrong with a line of hours, and how to reach whoever says so."""

    text = TextAreaField(_l("What is wrong"), [InputRequired(), Length(max=REASON_LENGTH)], render_kw={"rows": 4})
    contact = StringField(_l("How the station reaches you"), [Length(max=CONTACT_LENGTH)])
