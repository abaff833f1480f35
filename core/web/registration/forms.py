"""The shapes of the forms about what terms and activities take; what they mean is for the services to check."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, DateTimeLocalField, IntegerField, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional

from core.db.models import ActivityIntake, TermIntake
from core.domain.child_file import Grade
from core.domain.registering import STANDARD_OFFER, Way
from core.services.registration.intakes import IntakeDraft, TermDraft
from core.web.forms import Choices, Form
from core.web.text import say

_MOST = 10_000


class TermIntakeForm(Form):
    """When a term's places are given, and how."""

    way = SelectField(_l("How places are given, unless an activity says otherwise"), coerce=Way, choices=[])
    wishes_from = DateTimeLocalField(_l("Wishes from"), validators=[Optional()])
    wishes_until = DateTimeLocalField(_l("Wishes until"), validators=[Optional()])
    opens_at = DateTimeLocalField(_l("Open places from"), validators=[Optional()])
    closes_at = DateTimeLocalField(_l("Open places until"), validators=[Optional()])
    per_child = IntegerField(_l("Most activities for each child"), validators=[Optional(), NumberRange(1, 99)])
    offer_hours = IntegerField(
        _l("Hours to answer an offer"), default=STANDARD_OFFER.hours, validators=[InputRequired(), NumberRange(1, 336)]
    )
    quiet_from = TimeField(_l("Quiet hours from"), default=STANDARD_OFFER.quiet_from, validators=[InputRequired()])
    quiet_until = TimeField(_l("Quiet hours until"), default=STANDARD_OFFER.quiet_until, validators=[InputRequired()])

    def offer(self) -> None:
        """Give the lists their choices."""
        self.way.choices = [(way.value, say(way.label)) for way in Way]

    def draft(self) -> TermDraft:
        """Return what was entered."""
        return TermDraft(**{name: self[name].data for name in TermDraft.__dataclass_fields__})


class IntakeForm(Form):
    """What an activity takes."""

    capacity = IntegerField(_l("Places for children"), validators=[InputRequired(), NumberRange(1, _MOST)])
    way = SelectField(_l("How places are given"), coerce=Way, choices=[])
    minimum = IntegerField(_l("At least so many children"), default=0, validators=[Optional(), NumberRange(0, _MOST)])
    minimum_by = DateField(_l("Reached by"), validators=[Optional()])
    from_age = IntegerField(_l("From age"), validators=[Optional(), NumberRange(0, 17)])
    to_age = IntegerField(_l("To age"), validators=[Optional(), NumberRange(0, 17)])
    grades = Choices(_l("Only for these grades"))
    communities = Choices(_l("Only for children of"))
    newcomers_only = BooleanField(_l("Only for children who never were in an activity of this kind"))
    opens_at = DateTimeLocalField(_l("Opens on a day of its own"), validators=[Optional()])
    closes_at = DateTimeLocalField(_l("Closes on a day of its own"), validators=[Optional()])
    per_child = IntegerField(_l("Most activities for each child"), validators=[Optional(), NumberRange(1, 99)])

    def offer(self, stations: list[tuple[str, str]]) -> None:
        """Give the lists their choices."""
        self.way.choices = [(way.value, say(way.label)) for way in Way]
        self.grades.choices = [(grade.value, say(grade.label)) for grade in Grade]
        self.communities.choices = stations

    def draft(self) -> IntakeDraft:
        """Return what was entered."""
        values: dict[str, Any] = {name: self[name].data for name in IntakeDraft.__dataclass_fields__}
        return IntakeDraft(
            **{
                **values,
                "minimum": self.minimum.data or 0,
                "grades": tuple(Grade(one) for one in self.grades.data or ()),
                "communities": tuple(UUID(one) for one in self.communities.data or ()),
            }
        )


def term_form(row: TermIntake | None) -> TermIntakeForm:
    """Return the form as it was sent, or as the term stands."""
    form = TermIntakeForm(obj=row)
    form.offer()
    return form


def intake_form(row: ActivityIntake | None, size: int, way: Way, stations: list[tuple[str, str]]) -> IntakeForm:
    """Return the form as it was sent, or as the activity stands; a new one takes the children it was planned for."""
    form = IntakeForm(obj=row) if row is not None else IntakeForm(capacity=size or None, way=way)
    form.offer(stations)
    return form
