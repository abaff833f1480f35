"""Calendar months, in which visits are due."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.plugin_api import InvalidInputError, Message

_WRITTEN = re.compile(r"(2[01]\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Month:
    """A month of a year; as text 2026-12."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month in which a day lies."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        """Return a month that is written as 2026-12; raise InvalidInputError for anything else."""
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise InvalidInputError(Message("“%(text)s” is no month: write it as 2026-12.", {"text": text}))
        return cls(int(found[1]), int(found[2]))

    @property
    def first(self) -> date:
        """The month's first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """The month's last day."""
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> "Month":
        """The month before it."""
        return Month.of(self.first - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"


def months_between(first: date, last: date) -> Iterator[Month]:
    """Yield the months that have a day from the first to the last."""
    month = Month.of(first)
    while month.first <= last:
        yield month
        month = month.following
