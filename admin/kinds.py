"""Attributes whose column doesn't say how a person enters or reads them: lists, weekdays, phones, slugs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from flask_babel import gettext as _
from wtforms import Field, Form, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from admin.words import WEEKDAYS
from core.db.models import Activity, Availability, Room, Station, StationHours, Venue, Volunteer
from core.domain.errors import InvalidInputError, Message
from core.domain.phones import read_phone
from core.domain.position import read_position
from core.domain.vocabulary import Feature, Zone
from core.extensions import wiring
from core.web.text import listed, say


@dataclass(frozen=True)
class Kind:
    """How an attribute is entered and how it is shown: `field` makes the field for a label, `show` the words."""

    field: Callable[[str], Any]
    show: Callable[[Any], str]


class Choices(SelectMultipleField):  # type: ignore[misc]
    """Several of a few words, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PhoneField(StringField):  # type: ignore[misc]
    """A phone number of mainland China; its data is digits alone, or None."""

    data: str | None

    def post_validate(self, form: Form, validation_stopped: bool) -> None:  # noqa: ARG002, FBT001 (WTForms' signature)
        """Put the number right, or say what to do."""
        if not self.data:
            self.data = None
            return
        try:
            self.data = read_phone(self.data, demo=wiring().settings.demo)
        except InvalidInputError as error:
            raise ValidationError(say(error.message)) from error


class PositionField(StringField):  # type: ignore[misc]
    """Latitude and longitude as a map shows them; its data is as `Position` writes it, or empty."""

    data: str | None

    def post_validate(self, form: Form, validation_stopped: bool) -> None:  # noqa: ARG002, FBT001 (WTForms' signature)
        """Put the position into one form, or say what to do."""
        try:
            self.data = str(read_position(self.data)) if self.data else ""
        except InvalidInputError as error:
            raise ValidationError(say(error.message)) from error


def _weekday(blank: Message) -> Kind:
    def field(label: str) -> Field:
        choices = [SelectChoice("", say(blank)), *_numbered_weekdays()]
        return SelectField(label, choices=choices, coerce=_weekday_number)

    return Kind(field, lambda number: say(blank if number is None else WEEKDAYS[number]))


def _numbered_weekdays() -> list[SelectChoice]:
    return [SelectChoice(str(number), say(name)) for number, name in enumerate(WEEKDAYS)]


def _weekday_number(value: object) -> int | None:
    return None if value in {None, "", "None"} else int(str(value))


def _words(vocabulary: type[StrEnum]) -> Kind:
    def field(label: str) -> Field:
        return Choices(label, choices=[SelectChoice(word.value, say(word)) for word in vocabulary])

    return Kind(field, lambda words: listed([say(vocabulary(word)) for word in words]) if words else "—")


def _slug(label: str) -> Field:
    allowed = Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z", message=_("Use small letters, digits and single hyphens only."))
    return StringField(label, [InputRequired(), Length(max=80), allowed], description=_("Such as qingshi."))


def _phone(label: str) -> Field:
    return PhoneField(label, [Optional()], render_kw={"inputmode": "tel", "autocomplete": "off"})


def _position(label: str) -> Field:
    help_text = _("Latitude and longitude of WGS 84, such as 31.2304,121.4737: calendars show the place on their map.")
    return PositionField(label, [Optional(), Length(max=80)], description=help_text)


def _as_text(value: object) -> str:
    return str(value) if value else "—"


def _weekdays(numbers: list[int]) -> str:
    return listed([say(WEEKDAYS[number]) for number in numbers]) or "—"


def _activity_type(key: str) -> str:
    kind = wiring().hooks.activity_types.get(key)
    return say(kind.name) if kind else key


_EVERY_OPEN_DAY: Final = _weekday(Message("Every open day"))
_EVERY_DAY: Final = _weekday(Message("Every day"))
_FEATURES: Final = _words(Feature)

KINDS: Final[Mapping[tuple[type[Any], str], Kind]] = MappingProxyType(
    {
        (Station, "slug"): Kind(_slug, _as_text),
        (StationHours, "weekday"): _EVERY_OPEN_DAY,
        (Availability, "weekday"): _EVERY_DAY,
        (Room, "features"): _FEATURES,
        (Venue, "map_position"): Kind(_position, _as_text),
        (Volunteer, "phone"): Kind(_phone, _as_text),
        (Activity, "type_key"): Kind(StringField, _activity_type),
        (Activity, "times"): Kind(StringField, lambda times: listed(list(times)) or "—"),
        (Activity, "weekdays"): Kind(StringField, _weekdays),
        (Activity, "zones"): _words(Zone),
        (Activity, "features"): _FEATURES,
    }
)
