"""The shape of an activity's form: what every activity has, its roles, and the questions of its program's type."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import (
    Form as PlainForm,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from core.db.models import Activity, Group, Room, Venue
from core.domain.vocabulary import ActivityLine, Feature, Zone
from core.hooks.types import ActivityTemplate, ActivityType, FieldKind, SettingField
from core.services.activities import ActivityDraft, RoleDraft
from core.services.settings import Offers
from core.web.forms import Choices, Form
from core.web.text import say

TIMES = r"\s*([01]\d|2[0-3]):[0-5]\d(\s*[,，、;；\s]\s*([01]\d|2[0-3]):[0-5]\d)*\s*"
_LONG_TEXT = 2000


def as_id(value: object) -> UUID:
    """Return the id that a form gives as text."""
    return UUID(str(value))


def _id_or_none(value: object) -> UUID | None:
    return as_id(value) if value and value != "None" else None


def times_in(text: str) -> list[str]:
    """Return the times of day in a text, in order, each once."""
    return sorted(set(re.findall(r"\d\d:\d\d", text)))


def weekday_names() -> list[str]:
    """Return the days of the week in the reader's language, Monday first."""
    locale = get_locale()
    return [locale.days["stand-alone"]["wide"][number] for number in range(7)] if locale else []


class RoleForm(PlainForm):  # type: ignore[misc]
    """How many people a role needs in each session."""

    required = IntegerField(_l("Required"), [InputRequired(), NumberRange(0, 50)])
    wanted = IntegerField(_l("Wanted"), [InputRequired(), NumberRange(0, 50)])


class ActivityForm(Form):
    """What every activity has; `form_for` adds what its type `kind` asks for."""

    kind: ActivityType
    title = StringField(_l("Title"), [InputRequired(), Length(max=80)])
    description = TextAreaField(_l("Description"), [Length(max=_LONG_TEXT)], render_kw={"rows": 3})
    line = SelectField(_l("Line"), coerce=ActivityLine, choices=[])
    session_count = IntegerField(_l("Number of sessions"), [InputRequired(), NumberRange(1, 500)], default=1)
    duration = IntegerField(_l("Minutes of a session"), [InputRequired(), NumberRange(10, 600)])
    size = IntegerField(_l("Children expected"), [InputRequired(), NumberRange(0, 10_000)])
    times = StringField(_l("Possible starting times"), [InputRequired(), Regexp(TIMES)], default="09:00、14:30")
    weekdays = Choices(_l("Days of the week"), coerce=int)
    first = DateField(_l("Not before"), [Optional()])
    last = DateField(_l("Not after"), [Optional()])
    zones = Choices(_l("Zones"), choices=[])
    features = Choices(_l("The room must have"), choices=[])
    rooms = Choices(_l("Only in these rooms"), coerce=as_id)
    place = SelectField(_l("Place without a room"), coerce=_id_or_none, choices=[])
    groups = Choices(_l("Groups"), coerce=as_id)
    min_adults = IntegerField(_l("Adults at least"), [InputRequired(), NumberRange(2, 50)], default=2)
    priority = IntegerField(_l("Priority"), [InputRequired(), NumberRange(1, 100)], default=1)
    max_per_day = IntegerField(_l("Sessions a day at most"), [InputRequired(), NumberRange(1, 20)], default=1)
    min_days = IntegerField(_l("Days to spread over"), [InputRequired(), NumberRange(1, 500)], default=1)
    ordered = BooleanField(_l("The sessions build on one another"))
    closed = BooleanField(_l("Closed: not shown to the public"))

    def offer(self, rooms: Sequence[Room], venues: Sequence[Venue], groups: Sequence[Group]) -> None:
        """Offer what can be chosen in the reader's reach and language."""
        self.line.choices = [(line.value, say(line)) for line in ActivityLine]
        self.weekdays.choices = list(enumerate(weekday_names()))
        self.zones.choices = [(zone.value, say(zone)) for zone in Zone]
        self.features.choices = [(feature.value, say(feature)) for feature in Feature]
        self.rooms.choices = [(room.id, f"{room.venue.name} · {room.name}") for room in rooms]
        nowhere = ("", gettext("No fixed place"))
        self.place.choices = [nowhere, *((str(venue.id), venue.name) for venue in venues)]
        self.groups.choices = [(group.id, group.name) for group in groups]

    def role_forms(self) -> list[tuple[str, Any]]:
        """Return the roles with their parts of the form."""
        return [(field.role, field) for field in self if isinstance(field, RoleField)]

    def setting_fields(self) -> list[tuple[SettingField, Field]]:
        """Return the questions of the type with their fields."""
        return [(question, self[f"setting_{question.key}"]) for question in self.kind.form]

    def unfinished(self) -> list[str]:
        """Return the labels of what must be filled in, or mended, before it can be said whether the activity works."""
        self.validate()
        told = {self.title, self.description, self.line, *(field for _, field in self.setting_fields())}
        return [str(field.label.text) for field in self if field.errors and field not in told and field.label.text]

    def draft(self, roles: Sequence[RoleDraft]) -> ActivityDraft:
        """Return what the form describes; `roles` are the roles as they were, whose numbers the form gives anew."""
        numbers = dict(self.role_forms())
        return ActivityDraft(
            type_key=self.kind.key,
            title=" ".join(self.title.data.split()),
            description=self.description.data or "",
            session_count=self.session_count.data,
            duration=self.duration.data,
            size=self.size.data,
            times=times_in(self.times.data),
            weekdays=sorted(self.weekdays.data or []),
            first=self.first.data,
            last=self.last.data,
            zones=self.zones.data or [],
            features=self.features.data or [],
            rooms=self.rooms.data or [],
            place_id=self.place.data,
            groups=self.groups.data or [],
            min_adults=self.min_adults.data,
            ordered=self.ordered.data,
            max_per_day=self.max_per_day.data,
            min_days=self.min_days.data,
            priority=self.priority.data,
            closed=self.closed.data,
            line=self.line.data,
            roles=[
                replace(
                    role,
                    required=numbers[role.role].form.required.data,
                    wanted=numbers[role.role].form.wanted.data,
                )
                for role in roles
            ],
            settings={question.key: field.data for question, field in self.setting_fields()},
        )


class RoleField(FormField):  # type: ignore[misc]
    """A role's part of the form."""

    def __init__(self, *args: Any, role: str = "", **options: Any) -> None:
        super().__init__(RoleForm, *args, **options)
        self.role = role


class LinesField(TextAreaField):  # type: ignore[misc]
    """A list of texts, one in each line."""

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the lines that are not empty."""
        self.data = [line.strip() for text in valuelist for line in text.splitlines() if line.strip()]


def form_for(
    kind: ActivityType,
    roles: Sequence[RoleDraft],
    activity: Activity | None,
    offers: Offers,
    template: ActivityTemplate | None = None,
) -> ActivityForm:
    """Return the form of an activity of a type, filled in from the activity or the template, else by the type.

    `offers` are what questions that refer to something can be answered with.
    """
    fields: dict[str, Any] = {"kind": kind}
    if kind.safe_with_one is not None:
        fields["min_adults"] = IntegerField(_l("Adults at least"), [InputRequired(), NumberRange(1, 50)], default=1)
    for number, role in enumerate(roles):
        fields[f"role_{number}"] = RoleField(
            role.role, role=role.role, default={"required": role.required, "wanted": role.wanted}
        )
    for question in kind.form:
        fields[f"setting_{question.key}"] = _field(question, offers)
    made = type("FilledActivityForm", (ActivityForm,), fields)
    form: ActivityForm = made(data=_values(kind, activity) if template is None else _begun(kind, template))
    return form


def _begun(kind: ActivityType, template: ActivityTemplate) -> dict[str, Any]:
    values = _values(kind, None)
    given = {"session_count": template.sessions, "size": template.size, "weekdays": list(template.weekdays)}
    return {
        **values,
        **{name: value for name, value in given.items() if value},
        **({"times": "、".join(template.times)} if template.times else {}),
        "title": say(template.title),
        **{f"setting_{key}": value for key, value in template.answers(say).items()},
    }


def _values(kind: ActivityType, activity: Activity | None) -> dict[str, Any]:
    if activity is None:
        return {
            "line": kind.line,
            "session_count": kind.sessions,
            "duration": kind.duration,
            "size": kind.size,
            "zones": [zone.value for zone in kind.zones],
            "min_adults": 2 if kind.safe_with_one is None else 1,
            "closed": kind.closed,
        }
    days = [question.key for question in kind.form if question.kind is FieldKind.DATE]
    plain = {column.key: getattr(activity, column.key) for column in activity.__table__.columns}
    return {
        **plain,
        "times": "、".join(activity.times),
        "place": activity.place_id,
        "rooms": [choice.room_id for choice in activity.room_choices],
        "groups": [choice.group_id for choice in activity.group_choices],
        **{f"setting_{key}": value for key, value in activity.settings.items()},
        **{f"setting_{key}": date.fromisoformat(activity.settings[key]) for key in days if key in activity.settings},
    }


def _field(question: SettingField, offers: Offers) -> Any:
    label, required = say(question.label), [InputRequired()] if question.required else [Optional()]
    field: Any
    match question.kind:
        case FieldKind.FLAG:
            field = BooleanField(label, default=bool(question.default))
        case FieldKind.INTEGER:
            field = IntegerField(
                label, [*required, NumberRange(question.minimum, question.maximum)], default=question.default
            )
        case FieldKind.CHOICE:
            choices = {value: say(name) for value, name in question.choices}
            field = SelectField(label, required, choices=choices, default=question.default)
        case FieldKind.LONG_TEXT:
            bound = Length(max=question.maximum or _LONG_TEXT)
            field = TextAreaField(label, [*required, bound], default=question.default, render_kw={"rows": 4})
        case FieldKind.LINES:
            field = LinesField(label, required, render_kw={"rows": 5})
        case FieldKind.DATE:
            field = DateField(label, required)
        case FieldKind.REFERENCE:
            choices = {"": gettext("Nothing chosen"), **dict(offers.get(question.key, ()))}
            field = SelectField(label, required, choices=choices)
        case FieldKind.TEXT:
            field = StringField(label, [*required, Length(max=question.maximum or 200)], default=question.default)
    return field
