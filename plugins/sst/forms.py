"""The shapes of the program's forms."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from plugins.sst.models import Occasion
from plugins.sst.services import HIGHEST, LOWEST


class GrantForm(FlaskForm):  # type: ignore[misc]
    """Why somebody needs the answers of a course, and until when."""

    reason = StringField(_l("Reason"), [InputRequired(), Length(max=200)])
    valid_until = DateField(_l("Until"), [InputRequired()])


class _Score(RadioField):  # type: ignore[misc]
    """A question that is answered by one of five numbers."""

    def __init__(self, label: str | None = None, **options: object) -> None:
        numbers = [SelectChoice(str(score), str(score)) for score in range(LOWEST, HIGHEST + 1)]
        super().__init__(label, [InputRequired()], choices=numbers, **options)


class AnswersForm(FlaskForm):  # type: ignore[misc]
    """What a child answered; the questions' wording is the station's."""

    child = SelectField(_l("Child"), [InputRequired()])
    occasion = SelectField(
        _l("When"),
        [InputRequired()],
        choices=[
            SelectChoice(Occasion.BEFORE.value, _l("Before the course")),
            SelectChoice(Occasion.AFTER.value, _l("After the course")),
        ],
    )
    first = _Score()
    second = _Score()
    third = _Score()
    fourth = _Score()
    fifth = _Score()

    @property
    def scores(self) -> tuple[RadioField, ...]:
        """Return the five questions' fields, in order."""
        return self.first, self.second, self.third, self.fourth, self.fifth
