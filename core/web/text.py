"""Words at the edge: messages, labels, dates and times in the language of the request."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from babel.lists import format_list
from flask import Flask
from flask_babel import format_date as babel_date
from flask_babel import get_locale, gettext

from core.domain.errors import Message
from core.domain.vocabulary import label
from core.extensions import wiring


def say(message: Message | StrEnum | str) -> str:
    """Return a message, or the label of a word of the trade, in the current language; plain text is left as it is."""
    if isinstance(message, Message):
        template: str = gettext(message.text)
        return template % {key: _shown(value) for key, value in message.values.items()} if message.values else template
    if isinstance(message, StrEnum):
        return say(label(message))
    return message


def day(value: date) -> str:
    """Return a date with its weekday and no year: 11月28日 周六, Sat 28 Nov."""
    text: str = babel_date(_as_written(value), gettext("EEE d MMM"))
    return text


def full_date(value: date) -> str:
    """Return a date with its year: 2026年11月28日, 28 November 2026."""
    text: str = babel_date(_as_written(value), "long")
    return text


def _as_written(value: date) -> date:
    """Return the day that a moment shows itself; Flask-Babel would move it into a time zone of its own."""
    return value.date() if isinstance(value, datetime) else value


def clock(value: datetime | time) -> str:
    """Return a time of day on 24 hours."""
    return f"{value:%H:%M}"


def when(value: datetime) -> str:
    """Return a wall-clock time with its day: 11月28日 周六 09:00."""
    return f"{day(value)} {clock(value)}"


def moment(value: datetime) -> str:
    """Return a moment of the machine as the station's date and time of day."""
    local = value.astimezone(wiring().zone)
    return f"{full_date(local)} {clock(local)}"


def span(first: datetime, end: datetime) -> str:
    """Return from when until when: of whole days at the station their dates, the last one among them."""
    local = [value.astimezone(wiring().zone) for value in (first, end)]
    if all(value.time() == time() for value in local):
        return f"{full_date(local[0])} – {full_date(local[1] - timedelta(days=1))}"
    return f"{moment(first)} – {moment(end)}"


def listed(values: list[str]) -> str:
    """Return values as the language lists them."""
    return format_list(values, style="standard", locale=get_locale())


def role_name(type_key: str, role: str) -> str:
    """Return what a role of an activity is called; its bare key where the program's plugin is absent."""
    kind = wiring().hooks.activity_types.get(type_key)
    needs = kind.roles if kind else ()
    return next((say(need.label) for need in needs if need.role == role), role)


def add_words(app: Flask) -> None:
    """Give the application's templates the filters that turn values into words."""
    filters: Mapping[str, Any] = {
        "say": say,
        "day": day,
        "full_date": full_date,
        "clock": clock,
        "when": when,
        "moments": span,
        "moment": moment,
        "listed": listed,
    }
    app.jinja_env.filters.update(filters)


def _shown(value: object) -> object:
    if isinstance(value, Message | StrEnum):
        return say(value)
    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, date):
        return full_date(value)
    if isinstance(value, time):
        return clock(value)
    if isinstance(value, list | tuple):
        return listed([str(_shown(part)) for part in value])
    return value
