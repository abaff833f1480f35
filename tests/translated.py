"""What the product says to people, in Chinese: a message that is no msgid of its catalogue would be met in English."""

from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from core.domain.errors import Message

_CATALOGUE: Final = Path(__file__).parents[1] / "core/translations/zh_Hans_CN/LC_MESSAGES/messages.po"


def sentence(message: Message) -> str:
    """Return the sentence in Chinese, its values as they are; raise KeyError where one of them is missing."""
    found = _sentences()[message.text]
    return found % message.values if message.values else found


def in_chinese(message: Message) -> str:
    """Return the sentence in Chinese with its values; raise KeyError where a translation or a value is missing."""
    sentence = _sentences()[message.text]
    return sentence % {key: _said(value) for key, value in message.values.items()} if message.values else sentence


def _said(value: object) -> object:
    if isinstance(value, tuple):
        return "、".join(str(_said(part)) for part in value)
    return in_chinese(value) if isinstance(value, Message) else value


@cache
def _sentences() -> dict[str, str]:
    with _CATALOGUE.open(encoding="utf-8") as file:
        return {entry.id: entry.string for entry in read_po(file) if isinstance(entry.id, str) and entry.string}
