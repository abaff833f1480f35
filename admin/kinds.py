"""Attributes whose column doesn't say how a person enters them: lists of times and words, weekdays, phones, slugs."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from flask_babel import gettext as _
from wtforms import Field, Form, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from admin.words import WEEKDAYS
from core.db.models import Activity, Availability, Room, Station, StationHours, Volunteer
from core.domain.errors import InvalidInputError, Message
from core.domain.phones import read_phone
from core.domain.vocabulary import Feature, Zone
from core.extensions import wiring
from core.web.text import listed, say

_SEPARATORS: Final = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True)
class Kind:
    """How an attribute is entered and how it is shown: `field` makes the field for a label, `show` the words."""

    field: Callable[[str], Any]
    show: Callable[[Any], str]


class Choices(SelectMultipleField):  # type: ignore[misc]
    """Several of a few words, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TimesField(StringField):  # type: ignore[misc]
    """Times of day in one line; its data are sorted strings HH:MM."""

    data: Any

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ", ".join(self.data or ())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the line; raise ValueError with what to do where a part of it is no time."""
        parts = [part for part in _SEPARATORS.split(valuelist[0].replace("：", ":")) if part] if valuelist else []
        try:
            times = {time.fromisoformat(part if len(part) > len("9:00") else f"0{part}") for part in parts}
        except ValueError:
            raise ValueError(_("Write times of day such as 09:00, with a comma between them.")) from None
        self.data = [f"{one:%H:%M}" for one in sorted(times)]


class PhoneField(StringField):  # type: ignore[misc]
    """A phone number of mainland China; its data is digits alone, or None."""

    def post_validate(self, form: Form, validation_stopped: bool) -> None:  # noqa: ARG002, FBT001 (WTForms' signature)
        """Put the number right, or say what to do."""
        if not self.data:
            self.data = None
            return
        try:
            self.data = read_phone(self.data, demo=wiring().settings.demo)
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


def _weekdays() -> Kind:
    def field(label: str) -> Field:
        return Choices(label, choices=_numbered_weekdays(), coerce=int, description=_("None: on every open day."))

    return Kind(field, lambda numbers: listed([say(WEEKDAYS[number]) for number in numbers]) if numbers else "—")


def _words(vocabulary: type[StrEnum], hint: Message | None = None) -> Kind:
    def field(label: str) -> Field:
        choices = [SelectChoice(word.value, say(word)) for word in vocabulary]
        return Choices(label, choices=choices, description=say(hint) if hint else "")

    return Kind(field, lambda words: listed([say(vocabulary(word)) for word in words]) if words else "—")


def _times(label: str) -> Field:
    return TimesField(label, [InputRequired()], description=_("Such as 09:00, 14:00."))


def _slug(label: str) -> Field:
    allowed = Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z", message=_("Use small letters, digits and single hyphens only."))
    return StringField(label, [InputRequired(), Length(max=80), allowed], description=_("Such as qingshi."))


def _phone(label: str) -> Field:
    return PhoneField(label, [Optional()], render_kw={"inputmode": "tel", "autocomplete": "off"})


def _as_text(value: object) -> str:
    return str(value) if value else "—"


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
        (Volunteer, "phone"): Kind(_phone, _as_text),
        (Activity, "type_key"): Kind(StringField, _activity_type),
        (Activity, "times"): Kind(_times, lambda times: listed(list(times)) or "—"),
        (Activity, "weekdays"): _weekdays(),
        (Activity, "zones"): _words(Zone, Message("None: it needs no room, such as a home visit.")),
        (Activity, "features"): _FEATURES,
    }
)
