"""Sentences as sealed documents keep them, with their moments, so that they are said in any language later."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from core.domain.errors import Message


def sentence_json(message: Message) -> dict[str, Any]:
    """Return a sentence as JSON."""
    return {"text": message.text, "values": {key: _plain(value) for key, value in message.values.items()}}


def sentence_of(stored: Mapping[str, Any]) -> Message:
    """Return a sentence that was written as JSON."""
    template = stored["text"]
    return Message(template, {key: _value(value) for key, value in stored["values"].items()})


def _plain(value: object) -> object:
    match value:
        case Message():
            return {"sentence": sentence_json(value)}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case tuple():
            return [_plain(part) for part in value]
        case bool() | int() | float() | None:
            return value
        case _:
            return str(value)


def _value(stored: Any) -> object:
    match stored:
        case {"sentence": inner}:
            return sentence_of(inner)
        case {"moment": text}:
            return datetime.fromisoformat(text)
        case {"day": text}:
            return date.fromisoformat(text)
        case list():
            return tuple(_value(part) for part in stored)
        case _:
            return stored
