"""Sentences in the reader's language, for what is written outside a web request: feeds, the command line, reports."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

from core.domain.errors import Message

CHINESE = "zh_Hans_CN"
ENGLISH = "en"
LANGUAGES = (CHINESE, ENGLISH)

_CORE = Path(__file__).parent.parent / "translations"


class Wording:
    """Turns messages into one language; the catalogues of plugins are asked after core's."""

    def __init__(self, language: str, folders: Iterable[Path] = ()) -> None:
        self.language = language
        self._catalogue = _catalogue(language, tuple(folders))

    def say(self, message: Message) -> str:
        """Return the sentence, with its values filled in; values that are messages are said, moments written."""
        text = self._catalogue.gettext(message.text)
        if not message.values:
            return text
        return text % {key: self._value(value) for key, value in message.values.items()}

    def _value(self, value: object) -> object:
        if isinstance(value, Message):
            return self.say(value)
        if isinstance(value, tuple):
            return self.say(Message(", ")).join(str(self._value(part)) for part in value)
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%d %H:%M}"
        return value


@cache
def _catalogue(language: str, folders: tuple[Path, ...]) -> NullTranslations:
    catalogue = Translations.load(_CORE, [language])
    for folder in folders:
        catalogue.add_fallback(Translations.load(folder, [language]))
    return catalogue
