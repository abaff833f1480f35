"""Forms made from a section's attributes: each column says what its field takes."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, Enum, Integer, Select, String, Time, select
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from wtforms import BooleanField, DateField, Field, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from admin.kinds import KINDS
from admin.tables import column_of, target_of
from core.db.base import StationScoped
from core.db.models import Station
from core.db.scope import scope_of
from core.extensions import db
from core.web.forms import Form
from core.web.text import say

_A_LONG_TEXT: Final = 500
#: Beyond it nothing of ours is meant, and the database's own integers end soon after.
_LARGEST: Final = 1_000_000


class UnfitAttributeError(TypeError):
    """A section names an attribute for which there is no field; the application refuses to start."""


def make_form(fields: Mapping[str, Field]) -> type[Form]:
    """Return a form class with these fields, in their order."""
    return type("SectionForm", (Form,), dict(fields))


def require_fields(model: type[Any], names: tuple[str, ...]) -> None:
    """Raise UnfitAttributeError for an attribute that no form can show."""
    for name in names:
        column = column_of(model, name)
        known = (Enum, Boolean, Integer, Date, Time, String)
        fit = column is not None and (bool(column.foreign_keys) or isinstance(column.type, known))
        if (model, name) not in KINDS and not fit:
            raise UnfitAttributeError(f"The back office has no field for {model.__name__}.{name}.")


def field_for(model: type[Any], name: str, label: str, *, of_station: UUID | None = None) -> Field:
    """Return the field for an attribute; a reference offers the rows within reach, or those `of_station` alone."""
    if kind := KINDS.get((model, name)):
        return kind.field(label)
    column, target = column_of(model, name), target_of(model, name)
    if column is None:
        raise UnfitAttributeError(f"{model.__name__}.{name} is no column.")
    if target is not None:
        return reference_field(label, target, required=not column.nullable, of_station=of_station)
    return _plain_field(label, column)


def reference_field(
    label: str,
    target: type[Any],
    *,
    required: bool,
    of_station: UUID | None = None,
    without: frozenset[UUID] = frozenset(),
) -> Field:
    """Return a field that chooses one row of another table by its name."""
    rows = [row for row in db.session.scalars(_rows(target, of_station)) if row.id not in without]
    choices = [SelectChoice(str(row.id), str(row)) for row in sorted(rows, key=str)]
    return SelectField(
        label,
        [InputRequired() if required else Optional()],
        choices=[SelectChoice("", "—"), *choices],
        coerce=_key,
    )


def _rows(target: type[Any], of_station: UUID | None) -> Select[Any]:
    rows = select(target)
    if issubclass(target, Station):
        scope = scope_of(db.session)
        return rows if scope.everything else rows.where(Station.id.in_(scope.stations))
    if of_station is not None and issubclass(target, StationScoped):
        return rows.where(target.station_id == of_station)
    return rows


def _key(value: object) -> UUID | None:
    return None if value in {None, "", "None"} else UUID(str(value))


def _plain_field(label: str, column: Column[Any]) -> Field:
    default = column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None
    required = InputRequired() if not column.nullable and default is None else Optional()
    kind = column.type
    if isinstance(kind, Enum) and kind.enum_class is not None and issubclass(kind.enum_class, StrEnum):
        return _word_field(label, kind.enum_class, nullable=bool(column.nullable))
    if isinstance(kind, Boolean):
        return BooleanField(label, default=default)
    if isinstance(kind, Integer):
        return _number_field(label, required, default)
    if isinstance(kind, Date):
        return DateField(label, [required])
    if isinstance(kind, Time):
        return TimeField(label, [required])
    if not isinstance(kind, String):
        raise UnfitAttributeError(f"There is no field for {column}.")
    return _text_field(label, kind.length or _A_LONG_TEXT, required, nullable=bool(column.nullable))


def _number_field(label: str, required: object, default: object) -> Field:
    # An empty box of a column with a default would store nothing where something must stand.
    needed = InputRequired() if default is not None else required
    return IntegerField(label, [needed, NumberRange(-_LARGEST, _LARGEST)], default=default)


def _text_field(label: str, length: int, required: object, *, nullable: bool) -> Field:
    field = TextAreaField if length > _A_LONG_TEXT else StringField
    return field(label, [required, Length(max=length)], filters=[_clean, _nothing if nullable else _text])


def _clean(text: str | None) -> str | None:
    """Leave out what no database stores and nobody types."""
    return None if text is None else text.replace("\0", "").strip()


def _nothing(text: str | None) -> str | None:
    return text or None


def _text(text: str | None) -> str:
    return text or ""


def _word_field(label: str, vocabulary: type[StrEnum], *, nullable: bool) -> Field:
    choices = [SelectChoice(word.value, say_word(word)) for word in vocabulary]
    return SelectField(
        label,
        [Optional() if nullable else InputRequired()],
        choices=[SelectChoice("", "—"), *choices],
        coerce=lambda value: vocabulary(value) if value else None,
    )


def say_word(word: StrEnum) -> str:
    """Return the label of a word of any vocabulary; one that a plugin made itself is said as it is stored."""
    try:
        return say(word)
    except KeyError:
        return word.value
