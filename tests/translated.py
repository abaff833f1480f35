"""What the product says to people, in Chinese: a message that is no msgid of its catalogue would be met in English."""

from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from core.domain.errors import Message

_CATALOGUE: Final = Path(__file__).parents[1] / "core/translations/zh_Hans_CN/LC_MESSAGES/messages.po"


def in_chinese(message: Message) -> str:
    """Return the sentence in Chinese with its values; raise KeyError where the translation or a value is missing."""
    return _sentences()[message.text] % dict(message.values) if message.values else _sentences()[message.text]


@cache
def _sentences() -> dict[str, str]:
    with _CATALOGUE.open(encoding="utf-8") as file:
        return {entry.id: entry.string for entry in read_po(file) if isinstance(entry.id, str) and entry.string}
