"""Resident identity numbers (GB 11643): what they say of a person, and made-up ones for the demo."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from core.domain.errors import InvalidInputError, Message

# No province has this prefix in GB/T 2260, and the foreigners' cards that begin with 9 go on with a real province's
# first digits, 1 to 8; so a number of this region can belong to nobody.
DEMO_REGION = "990000"

# The first two digits of GB/T 2260, and 83, which stands on residence permits of people from Taiwan. Only these are
# checked: counties are founded and renamed every year, and to refuse a child's real number is worse than to
# let a wrong county pass, which the check digit catches anyway.
_PROVINCES = frozenset(
    str(code)
    for group in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 84))
    for code in range(*group)
)
_LENGTH = 18
_SHORTEST_NUMBER = 4
_FORM = re.compile(r"\d{17}[0-9X]", re.ASCII)
_EARLIEST_BIRTH = date(1900, 1, 1)


class Sex(StrEnum):
    """As the identity number tells it: the last digit of the order code is odd for men."""

    FEMALE = "female"
    MALE = "male"

    @property
    def label(self) -> Message:
        """What people call it."""
        return Message("Female") if self is Sex.FEMALE else Message("Male")


@dataclass(frozen=True)
class IdNumber:
    """A checked number and what it tells; none of it shows in a repr, so that no log can carry it."""

    text: str = field(repr=False)
    born: date = field(repr=False)
    sex: Sex = field(repr=False)
    region: str = field(repr=False)


def read_id_number(text: str, *, today: date, demo: bool = False) -> IdNumber:
    """Return the number in its standard form (18 characters, X in capitals) with birth date, sex and region code.

    Spaces, hyphens and full-width digits are put right. Numbers of DEMO_REGION's province are taken in the demo only.
    Raises InvalidInputError that says what to do and never repeats the number.
    """
    number = unicodedata.normalize("NFKC", text).upper().replace(" ", "").replace("-", "")
    try:
        born = _checked_birth(number)
    except ValidationError as error:
        raise InvalidInputError(_COMPLAINTS[type(error)]) from None
    if not _EARLIEST_BIRTH <= born <= today:
        raise InvalidInputError(_COMPLAINTS[InvalidComponent])
    region = number[:6]
    if region[:2] not in _PROVINCES and not (demo and region[:2] == DEMO_REGION[:2]):
        raise InvalidInputError(
            Message("The ID number begins with a region that does not exist: compare its first six digits.")
        )
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return IdNumber(number, born, sex, region)


def read_other_number(text: str) -> str:
    """Return the number of another document, such as a passport, without spaces and in capitals.

    InvalidInputError, which never repeats it, for less than four signs and for what has others than letters and digits.
    """
    number = "".join(text.upper().split())
    if len(number) < _SHORTEST_NUMBER or not number.isalnum():
        raise InvalidInputError(Message("The number of the document has letters and digits: compare it."))
    return number


def is_id_number(text: str) -> bool:
    """Tell whether a text has the form of GB 11643; its check digit is not asked."""
    return bool(_FORM.fullmatch(text))


def demo_id_number(born: date, order: int, region: str = DEMO_REGION) -> str:
    """Return a made-up number with a right check digit; `order` is 0 to 999, odd for men and boys."""
    body = f"{region}{born:%Y%m%d}{order:03d}"
    return body + ric.calc_check_digit(f"{body}0")


_COMPLAINTS = {
    InvalidLength: Message("An ID number has 18 characters: compare it with the card."),
    InvalidFormat: Message("An ID number has 17 digits and then a digit or X: compare it with the card."),
    InvalidChecksum: Message("The ID number's last character does not fit the others: one of them is mistyped."),
    InvalidComponent: Message("The ID number's digits 7 to 14 are no possible date of birth: compare them."),
}


def _checked_birth(number: str) -> date:
    if len(number) != _LENGTH:
        raise InvalidLength
    if not (number.isascii() and number[:-1].isdigit() and (number[-1].isdigit() or number[-1] == "X")):
        raise InvalidFormat
    if number[-1] != ric.calc_check_digit(number):
        raise InvalidChecksum
    return ric.get_birth_date(number)
