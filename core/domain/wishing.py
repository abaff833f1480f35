"""Wishes in words and dates: names for lists without a child's, and the public draw from which ties are drawn."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from core.domain.errors import InvalidInputError, Message

#: Letters and figures that nobody takes for one another.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_NUMBER_LENGTH: Final = 10
_CODE_LENGTH: Final = 6
#: How many friends a family may name.
MOST_FRIENDS: Final = 3


class Errand(StrEnum):
    """What a run of the allocation is for."""

    SOLVE = "solve"
    PUBLISH = "publish"


def new_number(random: Random) -> str:
    """Return a number under which a list is published, such as `W7KQ2M8X4PA`: 49 bits that say nothing of the child."""
    return "W" + _drawn(random, _NUMBER_LENGTH)


def new_code(random: Random) -> str:
    """Return a code by which friends name a child, such as `7KQ2M8`."""
    return _drawn(random, _CODE_LENGTH)


def tidy_code(text: str) -> str:
    """Return a code as it is stored, however it was typed: small letters, spaces and hyphens don't count."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def is_code(text: str) -> bool:
    """Tell whether a tidy text is written as codes are, whether or not there is such a one."""
    return len(text) == _CODE_LENGTH and all(letter in _ALPHABET for letter in text)


def _drawn(random: Random, length: int) -> str:
    return "".join(random.choice(_ALPHABET) for _ in range(length))


def circles(friends: Mapping[str, Collection[str]]) -> tuple[tuple[str, ...], ...]:
    """Return those who are to be together: each named the next one, who named it too; who is alone is in none.

    `friends` are the codes that each code names. Circles and their members come in order.
    """
    mutual = {one: {other for other in named if one in friends.get(other, ())} for one, named in friends.items()}
    found, seen = [], set[str]()
    for start in sorted(friends):
        circle, ahead = set[str](), [start]
        while ahead:
            if (one := ahead.pop()) not in seen:
                seen.add(one)
                circle.add(one)
                ahead += mutual[one] - {one}
        if len(circle) > 1:
            found.append(tuple(sorted(circle)))
    return tuple(found)


#: Days of the week on which 双色球 is drawn: Tuesday, Thursday, Sunday.
_DRAW_DAYS: Final = frozenset({1, 3, 6})
_REDS, _MOST_RED, _MOST_BLUE = 6, 33, 16
_ISSUE: Final = re.compile(r"20[0-9]{5}")


@dataclass(frozen=True)
class Draw:
    """A draw of the welfare lottery 双色球: its issue (期号, such as 2027072), its day, six red balls, a blue one."""

    issue: str
    day: date
    reds: tuple[int, ...]
    blue: int

    def __post_init__(self) -> None:
        if not _ISSUE.fullmatch(self.issue) or int(self.issue[:4]) != self.day.year:
            raise InvalidInputError(Message("The issue has seven digits and begins with the year, such as 2027072."))
        if self.day.weekday() not in _DRAW_DAYS:
            raise InvalidInputError(Message("It is drawn on Tuesdays, Thursdays and Sundays: look at the date again."))
        if len(set(self.reds)) != _REDS or not all(1 <= one <= _MOST_RED for one in self.reds):
            raise InvalidInputError(Message("Six different red numbers from 1 to 33 are drawn."))
        if not 1 <= self.blue <= _MOST_BLUE:
            raise InvalidInputError(Message("The blue number is from 1 to 16."))

    @property
    def seed(self) -> str:
        """The seed as everybody writes it: the issue, the red numbers by size, the blue one, two digits each."""
        return self.issue + "".join(f"{one:02}" for one in (*sorted(self.reds), self.blue))


def first_draw_day(wishes_until: datetime) -> date:
    """Return the day of the draw that counts: the first on a later day than that on which wishes end.

    Where none is held on it, as around Spring Festival, it is the next one that is held.
    """
    day = wishes_until.date() + timedelta(days=1)
    while day.weekday() not in _DRAW_DAYS:
        day += timedelta(days=1)
    return day


def list_lines(lists: Iterable[tuple[str, int | None, Sequence[str], Sequence[str]]]) -> str:
    """Return lists as text of which a digest is published when they are closed, one a line, by number.

    Each is a number, how many activities at most, the ranked activities, and the friends that count, by number.
    """
    rows = (
        f"{number} {most or '-'} {','.join(ranked) or '-'} {','.join(friends) or '-'}\n"
        for number, most, ranked, friends in sorted(lists)
    )
    return "".join(rows)
