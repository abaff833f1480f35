"""What an organizer answers to the questions of an activity's type, checked against the type's form."""

from collections.abc import Callable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any, Final

from core.domain.errors import InvalidInputError, Message
from core.hooks.types import ActivityType, FieldKind, SettingField


class InvalidSettingsError(InvalidInputError):
    """Answers that a form doesn't allow; `reasons` says of each question, by its key, what to do."""

    code = "invalid_settings"

    def __init__(self, reasons: Mapping[str, Message]) -> None:
        super().__init__(reduce(_both, reasons.values()))
        self.reasons = MappingProxyType(dict(reasons))


def check_settings(activity_type: ActivityType, raw: Mapping[str, object]) -> dict[str, Any]:
    """Return the settings to store: the answers in the form's kinds, defaults where nothing was answered.

    An answer may be of the field's kind or, as browsers and cells of a workbook give it, text. An optional question
    without answer and default is left away. Raises InvalidSettingsError with everything that is wrong.
    """
    fields = {field.key: field for field in activity_type.form}
    settings, reasons = {}, {key: _unasked(key) for key in raw if key not in fields}
    for key, field in fields.items():
        try:
            answer = _answer(field, raw.get(key))
        except InvalidInputError as error:
            reasons[key] = error.message
        else:
            if answer is not None:
                settings[key] = answer
    if reasons:
        raise InvalidSettingsError(reasons)
    return settings


def _both(one: Message, other: Message) -> Message:
    return Message("%(one)s %(other)s", {"one": one, "other": other})


def _unasked(key: str) -> Message:
    return Message("This type of activity has no setting “%(key)s”: remove it.", {"key": key})


def _answer(field: SettingField, raw: object) -> str | int | bool | None:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if field.default is None and field.required:
            raise InvalidInputError(Message("Answer “%(question)s”.", {"question": field.label}))
        return field.default
    return _READERS[field.kind](field, raw)


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


_READERS: Final[Mapping[FieldKind, Callable[[SettingField, object], str | int | bool]]] = MappingProxyType(
    {
        FieldKind.TEXT: _line,
        FieldKind.LONG_TEXT: _lines,
        FieldKind.INTEGER: _integer,
        FieldKind.CHOICE: _choice,
        FieldKind.FLAG: _flag,
    }
)
