"""Tables for a terminal, in columns that stay straight with Chinese characters, which are two columns wide."""

from collections.abc import Sequence
from unicodedata import east_asian_width

_GAP = "  "


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the lines of a table: the first column stands left, all others, numbers, stand right."""
    lines = [header, *rows]
    widths = [max(_width(line[at]) for line in lines) for at in range(len(header))]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *numbers = ((cell, width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return _GAP.join([first[0] + " " * first[1], *(" " * missing + cell for cell, missing in numbers)]).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
