"""The running numbers of a station's files: a letter and digits."""

from collections.abc import Iterable
from typing import Final

_DIGITS: Final = 3


def next_of(letter: str, taken: Iterable[str]) -> str:
    """Return the number after the greatest of its own form, as wide as the widest: C001 where there is none.

    Numbers of other forms, which stations gave themselves, don't count.
    """
    counted = [one[1:] for one in taken if one[:1] == letter and one[1:].isascii() and one[1:].isdecimal()]
    highest = max(map(int, counted), default=0)
    return f"{letter}{highest + 1:0{max(map(len, counted), default=_DIGITS)}d}"
