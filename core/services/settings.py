"""What an organizer answers to the questions of an activity's type, checked against the type's form."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.orm import Session

from core.db.models import Term
from core.domain.errors import InvalidInputError, Message
from core.hooks.types import ActivityType, FieldKind, SettingField, TermOutline

Answer = str | int | bool | list[str]
#: What questions that refer to something can be answered with, by their keys: pairs of id and name.
Offers = Mapping[str, Sequence[tuple[str, str]]]
_LONGEST_LINE: Final = 200


class InvalidSettingsError(InvalidInputError):
    """Answers that a form doesn't allow; `reasons` says of each question, by its key, what to do."""

    code = "invalid_settings"

    def __init__(self, reasons: Mapping[str, Message]) -> None:
        super().__init__(reduce(_both, reasons.values()))
        self.reasons = MappingProxyType(dict(reasons))


def offers_of(session: Session, activity_type: ActivityType, term: Term) -> Offers:
    """Return what each question that refers to something can be answered with in a term: pairs of id and name."""
    outline = TermOutline(term.id, term.station_id, term.first, term.last)
    return {field.key: field.options(session, outline) for field in activity_type.form if field.options is not None}


def check_settings(
    activity_type: ActivityType, raw: Mapping[str, object], offers: Offers = MappingProxyType({})
) -> dict[str, Any]:
    """Return the settings to store: the answers in the form's kinds, defaults where nothing was answered.

    An answer may be of the field's kind or, as browsers and cells of a workbook give it, text; of `offers`, a question
    that refers to something takes an id or a name, and where nobody has looked what there is, the answer stays as it is
    written. An optional question without answer and default is left away. Raises InvalidSettingsError with everything
    that is wrong.
    """
    settings, reasons = _answers(activity_type, raw, offers)
    if reasons:
        raise InvalidSettingsError(reasons)
    return settings


def settings_so_far(
    activity_type: ActivityType, raw: Mapping[str, object], offers: Offers = MappingProxyType({})
) -> dict[str, Any]:
    """Return the settings of a form that isn't finished: what is answered well, and defaults for what isn't at all."""
    return _answers(activity_type, raw, offers)[0]


def _answers(
    activity_type: ActivityType, raw: Mapping[str, object], offers: Offers
) -> tuple[dict[str, Any], dict[str, Message]]:
    """Return the settings, and for each question that isn't answered well what to do."""
    fields = {field.key: field for field in activity_type.form}
    settings, reasons = {}, {key: _unasked(key) for key in raw if key not in fields}
    for key, field in fields.items():
        try:
            answer = _answer(field, raw.get(key), offers.get(key))
        except InvalidInputError as error:
            reasons[key] = error.message
        else:
            if answer is not None:
                settings[key] = answer
    return settings, reasons


def _both(one: Message, other: Message) -> Message:
    return Message("%(one)s %(other)s", {"one": one, "other": other})


def _unasked(key: str) -> Message:
    return Message("This type of activity has no setting “%(key)s”: remove it.", {"key": key})


def _answer(field: SettingField, raw: object, offered: Sequence[tuple[str, str]] | None) -> Answer | None:
    if raw is None or raw == [] or (isinstance(raw, str) and not raw.strip()):
        if field.default is None and field.required:
            raise InvalidInputError(Message("Answer “%(question)s”.", {"question": field.label}))
        return field.default
    if field.kind is FieldKind.REFERENCE:
        return _line(field, raw) if offered is None else _reference(field, raw, offered)
    return _READERS[field.kind](field, raw)


def _reference(field: SettingField, raw: object, offered: Sequence[tuple[str, str]]) -> str:
    asked = str(raw).strip()
    named = [key for key, name in offered if asked in {key, name}]
    if len(named) != 1:
        values = {"question": field.label, "choices": tuple(name for _, name in offered) or "–"}
        raise InvalidInputError(Message("Choose one of these for “%(question)s”: %(choices)s.", values))
    return named[0]


def _list(field: SettingField, raw: object) -> list[str]:
    lines = raw if isinstance(raw, (list, tuple)) else re.split(r"[\n/]", str(raw))
    found = [" ".join(str(line).split()) for line in lines]
    found = [line for line in found if line]
    values = {"question": field.label, "minimum": field.minimum, "maximum": field.maximum}
    if field.maximum is not None and len(found) > field.maximum:
        raise InvalidInputError(Message("Write at most %(maximum)s lines for “%(question)s”.", values))
    if field.minimum is not None and len(found) < field.minimum:
        raise InvalidInputError(Message("Write at least %(minimum)s lines for “%(question)s”.", values))
    if any(len(line) > _LONGEST_LINE for line in found):
        raise InvalidInputError(Message("Shorten the lines of “%(question)s”.", values))
    return found


def _day(field: SettingField, raw: object) -> str:
    try:
        return date.fromisoformat(str(raw).strip()).isoformat()
    except ValueError:
        raise InvalidInputError(
            Message("Write a day such as 2026-12-05 for “%(question)s”.", {"question": field.label})
        ) from None


def _line(field: SettingField, raw: object) -> str:
    return _text(field, " ".join(str(raw).split()))


def _lines(field: SettingField, raw: object) -> str:
    return _text(field, str(raw).strip())


def _text(field: SettingField, text: str) -> str:
    values = {"question": field.label, "minimum": field.minimum, "maximum": field.maximum}
    if field.maximum is not None and len(text) > field.maximum:
        raise InvalidInputError(Message("Shorten “%(question)s” to %(maximum)s characters.", values))
    if field.minimum is not None and len(text) < field.minimum:
        raise InvalidInputError(Message("Write at least %(minimum)s characters for “%(question)s”.", values))
    return text


def _integer(field: SettingField, raw: object) -> int:
    values = {"question": field.label, "minimum": field.minimum, "maximum": field.maximum}
    number = _whole(raw)
    if number is None:
        raise InvalidInputError(Message("Write a whole number for “%(question)s”.", values))
    if field.minimum is not None and number < field.minimum:
        raise InvalidInputError(Message("Write %(minimum)s or more for “%(question)s”.", values))
    if field.maximum is not None and number > field.maximum:
        raise InvalidInputError(Message("Write %(maximum)s or less for “%(question)s”.", values))
    return number


def _whole(raw: object) -> int | None:
    # A boolean is an int to Python, and no number to a person.
    if isinstance(raw, bool):
        return None
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if isinstance(raw, int):
        return raw
    text = str(raw).strip()
    return int(text) if text.removeprefix("-").isdecimal() else None


def _choice(field: SettingField, raw: object) -> str:
    allowed = [value for value, _ in field.choices]
    if str(raw).strip() not in allowed:
        values = {"question": field.label, "choices": ", ".join(allowed)}
        raise InvalidInputError(Message("Choose one of these for “%(question)s”: %(choices)s.", values))
    return str(raw).strip()


def _flag(field: SettingField, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise InvalidInputError(Message("Answer “%(question)s” with yes or no.", {"question": field.label}))
    return raw


_READERS: Final[Mapping[FieldKind, Callable[[SettingField, object], Answer]]] = MappingProxyType(
    {
        FieldKind.TEXT: _line,
        FieldKind.LONG_TEXT: _lines,
        FieldKind.INTEGER: _integer,
        FieldKind.CHOICE: _choice,
        FieldKind.FLAG: _flag,
        FieldKind.LINES: _list,
        FieldKind.DATE: _day,
    }
)
