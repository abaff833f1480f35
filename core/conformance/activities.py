"""Kinds of activity: forms that can be filled in, sessions that start out safe, calendars that tell of no person."""

from collections import Counter
from collections.abc import Iterator, Mapping

from core.conformance.subject import Subject
from core.domain.errors import InvalidInputError
from core.domain.vocabulary import Zone
from core.hooks.types import ActivityType, Audience, FieldKind, SessionOutline, SettingField
from core.services.settings import Offers, check_settings

_TITLE = "测试活动"
#: No session is safe with fewer adults, unless its kind says why one is enough.
_ADULTS = 2


def forms(subject: Subject) -> Iterator[str]:
    """Yield questions that can't be answered, and forms that refuse what they offer."""
    for kind in subject.kinds:
        asked_twice = (key for key, count in Counter(field.key for field in kind.form).items() if count > 1)
        yield from (f"{kind.key}: “{key}” is asked twice" for key in asked_twice)
        for field in kind.form:
            if (field.options is not None) is not (field.kind is FieldKind.REFERENCE):
                yield f"{kind.key}.{field.key}: options are for fields of the kind REFERENCE, and those need some"
            if bool(field.choices) is not (field.kind is FieldKind.CHOICE):
                yield f"{kind.key}.{field.key}: choices are for fields of the kind CHOICE, and those need some"
            if field.required and field.default is not None:
                yield f"{kind.key}.{field.key}: what has a default need not be required"
        for asked in (minimal(kind), complete(kind)):
            try:
                settings = check_settings(kind, asked, offered(kind))
                if check_settings(kind, settings, offered(kind)) != settings:
                    yield f"{kind.key}: settings change when they are checked again"
            except InvalidInputError as error:
                yield f"{kind.key}: the form refuses its own answers: {error.message}"


def templates(subject: Subject) -> Iterator[str]:
    """Yield templates with answers that the form of their kind refuses."""
    for kind in subject.kinds:
        for template in kind.templates:
            try:
                check_settings(kind, {**minimal(kind), **template.answers(str)}, offered(kind))
            except InvalidInputError as error:
                yield f"{kind.key}: the template “{template.title}” can't be filled in: {error.message}"


def safety(subject: Subject) -> Iterator[str]:
    """Yield kinds whose sessions could begin unsafe."""
    for kind in subject.kinds:
        least = _ADULTS if kind.safe_with_one is None else 1
        if sum(role.wanted for role in kind.roles) < least:
            yield f"{kind.key}: its roles have no places for two adults"
        if kind.safe_with_one is not None and kind.audience is Audience.CHILDREN:
            yield f"{kind.key}: one adult is enough only where a parent is present: let guardians or families take part"
        if any(not 0 <= role.required <= role.wanted for role in kind.roles):
            yield f"{kind.key}: a role requires more people than it wants, or fewer than none"
        if len({role.role for role in kind.roles}) < len(kind.roles):
            yield f"{kind.key}: a role is there twice"
        if kind.duration <= 0:
            yield f"{kind.key}: the duration must be minutes, more than 0"
        if Zone.PRIVATE in kind.zones and not kind.closed:
            yield f"{kind.key}: what takes place in a private room must be closed, or it is on public pages"


def calendars(subject: Subject) -> Iterator[str]:
    """Yield kinds of which calendars would tell what they must not, or not in whole sentences."""
    for kind in subject.kinds:
        for settings in (stored(kind, minimal(kind)), stored(kind, complete(kind)), {}):
            yield from _texts(subject, kind, settings)


def _texts(subject: Subject, kind: ActivityType, settings: Mapping[str, object]) -> Iterator[str]:
    for index in (0, 1):
        text = subject.alone.session_text(SessionOutline(kind.key, _TITLE, index, 2, settings))
        if kind.closed and text is not None:
            yield f"{kind.key}: a closed activity is told of in calendars"
        if text is None:
            continue
        said = str(text.description)
        if not said.strip() or "None" in said or "%(" in said:
            yield f"{kind.key}: calendars would say “{said}” with the settings {dict(settings)}"


def minimal(kind: ActivityType) -> dict[str, object]:
    """Return an answer to each question of the form that must be answered."""
    return {field.key: _answer(field) for field in kind.form if field.required}


def complete(kind: ActivityType) -> dict[str, object]:
    """Return an answer to each question of the form; “yes” where that is one."""
    return {field.key: True if field.kind is FieldKind.FLAG else _answer(field) for field in kind.form}


def _answer(field: SettingField) -> object:
    if field.choices:
        return field.choices[-1][0]
    if field.kind is FieldKind.REFERENCE:
        return _TITLE
    if field.kind is FieldKind.DATE:
        return "2026-12-05"
    if field.kind is FieldKind.LINES:
        return ["测试"] * max(1, field.minimum or 0)
    if field.kind is FieldKind.INTEGER:
        return field.minimum if field.minimum is not None else 1
    return "测试" * max(1, (field.minimum or 0) // 2)


def offered(kind: ActivityType) -> Offers:
    """Return something to choose for each question that refers to what a station has entered."""
    return {field.key: (("conformance", _TITLE),) for field in kind.form if field.kind is FieldKind.REFERENCE}


def stored(kind: ActivityType, answers: Mapping[str, object]) -> Mapping[str, object]:
    """Return the answers as they would be stored, nothing where the form refuses them."""
    try:
        return check_settings(kind, answers, offered(kind))
    except InvalidInputError:
        return {}
