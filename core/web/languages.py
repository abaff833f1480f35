"""The two languages of the pages: Chinese for everybody who has not asked for English."""

from types import MappingProxyType
from typing import Final

from flask import session

from core.extensions import signed_in

CHINESE: Final = "zh_Hans_CN"
ENGLISH: Final = "en"
#: Each by its own name, so that it is found by those who read nothing else.
NAMES: Final = MappingProxyType({CHINESE: "中文", ENGLISH: "English"})
#: As a page's `lang` says it.
TAGS: Final = MappingProxyType({CHINESE: "zh-Hans-CN", ENGLISH: "en"})


def current_language() -> str:
    """Return the language of the request: chosen in this browser, else kept with the account, else Chinese."""
    found = signed_in()
    for wanted in (session.get("language"), found.actor.language if found else None):
        if wanted in NAMES:
            return str(wanted)
    return CHINESE
