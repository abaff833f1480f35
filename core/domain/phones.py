"""Phone numbers of mainland China: mobile and fixed lines, and made-up ones for the demo."""

import re
import unicodedata

from core.domain.errors import InvalidInputError, Message

# Mobile numbers begin with 13 to 19. What begins with 10, 11 or 12 are the numbering plan's short codes of three and
# five digits, so no subscriber has eleven digits beginning so; and 129, unlike 110, 119, 120 and 122, is no emergency
# code that an exchange would answer after three digits if somebody dialled a made-up number.
DEMO_PREFIX = "129"

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_FIXED = re.compile(r"0(10|2\d|[3-9]\d{2})[2-8]\d{6,7}", re.ASCII)
_DEMO = re.compile(DEMO_PREFIX + r"\d{8}", re.ASCII)
_COUNTRY = re.compile(r"^(\+|00)86")
_SEPARATORS = re.compile(r"[\s\-‐-―()]")


def read_phone(text: str, *, demo: bool = False) -> str:
    """Return the number as digits alone, without country code: 11 of a mobile, 10 to 12 of a fixed line with area code.

    Separators, full-width digits and +86 are put right. Numbers of DEMO_PREFIX are taken in the demo only.
    Raises InvalidInputError that says what to do and never repeats the number.
    """
    digits = _COUNTRY.sub("", _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)))
    if _MOBILE.fullmatch(digits) or _FIXED.fullmatch(digits) or (demo and _DEMO.fullmatch(digits)):
        return digits
    raise InvalidInputError(
        Message("This is no phone number: enter the 11 digits of a mobile, or a fixed line with its area code.")
    )


def demo_phone(order: int) -> str:
    """Return a made-up mobile number that nobody can have; `order` is 0 to 99,999,999."""
    return f"{DEMO_PREFIX}{order:08d}"
