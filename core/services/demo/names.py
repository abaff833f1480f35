"""Names that nobody bears: each says by its first characters that somebody made it up."""

from typing import Final

_DIGITS: Final = "〇一二三四五六七八九"


def made_up(title: str, number: int) -> str:
    """Return a name such as 测员〇一七 for the title 测员 and the number 17."""
    return title + "".join(_DIGITS[int(digit)] for digit in f"{number:03d}")
