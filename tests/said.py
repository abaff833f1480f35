"""What the product refuses it refuses in Chinese: an error whose sentence no catalogue has would be met in English."""

import sys
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from core.domain.errors import DomainError, Message

ROOT: Final = Path(__file__).parents[1]
_OURS: Final = tuple(str(ROOT / name) + "/" for name in ("core", "plugins", "admin"))
_PLAIN = DomainError.__init__


class UnsaidError(AssertionError):
    """The product refused something in words that nobody has translated."""


def checked(self: DomainError, message: Message) -> None:
    """Make an error as the product does, and look its sentence up where the product itself raises it."""
    ours = sys._getframe(1).f_code.co_filename.startswith(_OURS)
    if ours and message.text not in _catalogues():
        raise UnsaidError(message.text)
    _PLAIN(self, message)


@cache
def _catalogues() -> frozenset[str]:
    """Return all sentences that core, programs and back office say in Chinese."""
    found: set[str] = set()
    for path in (
        *ROOT.glob("*/translations/zh_Hans_CN/*/*.po"),
        *ROOT.glob("plugins/*/translations/zh_Hans_CN/*/*.po"),
    ):
        with path.open(encoding="utf-8") as file:
            found |= {str(entry.id) for entry in read_po(file) if entry.id and entry.string}
    return frozenset(found)
