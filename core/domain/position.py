"""Where something lies on earth, as maps write it: degrees north and east of WGS 84, with a comma between."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from core.domain.errors import InvalidInputError, Message

_PAIR: Final = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[,、 ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*", re.ASCII)
_POLE: Final = 90
_DATE_LINE: Final = 180


@dataclass(frozen=True)
class Position:
    """Degrees, north and east positive; as text with six decimals, a tenth of a metre; ValueError for too many."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if abs(self.latitude) > _POLE or abs(self.longitude) > _DATE_LINE:
            raise ValueError("A latitude is from -90 to 90 degrees, a longitude from -180 to 180.")

    def __str__(self) -> str:
        return f"{self.latitude:.6f},{self.longitude:.6f}"


def read_position(text: str) -> Position:
    """Return the position that somebody copied from a map; raise InvalidInputError that says what to do."""
    pair = _PAIR.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        if pair is not None:
            return Position(float(pair[1]), float(pair[2]))
    except ValueError:
        pass
    raise InvalidInputError(
        Message("Enter latitude and longitude in degrees with a comma between, such as 31.2304,121.4737.")
    )
