"""What an allocation's files are read with: JSON values that also know days, times, ranges and words."""

import re
from datetime import date, datetime
from enum import StrEnum
from math import inf
from typing import TypeVar

from core.allocation.errors import MalformedAllocationError
from core.allocation.problem import Interval, Range
from core.domain.errors import Message
from core.exchange.node import JsonNode

#: Python reads other spellings of ISO 8601 as well; files have one, so that other programs can read them.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)
_Word = TypeVar("_Word", bound=StrEnum)


class Node(JsonNode):
    """A JSON value of a problem or an allocation. Readers raise MalformedAllocationError if it isn't what they say."""

    def fail(self, reason: Message) -> MalformedAllocationError:
        """Return the error that names this place; the caller raises it."""
        return MalformedAllocationError(self.path, reason)

    def day(self) -> date:
        """Return a day."""
        text = self.text()
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass  # There is no such day, which is as wrong as any other spelling.
        raise self.fail(Message("A day such as 2027-01-25 is expected."))

    def moment(self) -> datetime:
        """Return a local time, written to the minute."""
        text = self.text()
        try:
            if _MOMENT.fullmatch(text):
                return datetime.fromisoformat(text)
        except ValueError:
            pass  # There is no such time, which is as wrong as any other spelling.
        raise self.fail(Message("A time such as 2027-01-25T09:00 is expected."))

    def interval(self) -> Interval:
        """Return a pair of local times."""
        start, end = self.pair()
        return start.moment(), end.moment()

    def range(self) -> Range:
        """Return a pair of numbers from 0."""
        low, high = self.pair()
        return low.whole(0), high.whole(0)

    def word(self, words: type[_Word]) -> _Word:
        """Return one of the words."""
        return words(self.one_of(tuple(words)))

    def duration(self) -> float:
        """Return a number of seconds."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or not 0 <= self.value < inf:
            raise self.fail(Message("A number of seconds is expected."))
        return float(self.value)

    def count(self, key: str, default: int) -> int:
        """Return a member that is a number from 0, the default where it is missing."""
        found = self.number(key)
        return default if found is None else found

    def number(self, key: str) -> int | None:
        """Return a member that is a number from 0, None where it is missing."""
        found = self.get(key)
        return None if found is None else found.whole(0)

    def name(self, key: str) -> str | None:
        """Return a member that is a text, None where it is missing."""
        found = self.get(key)
        return None if found is None else found.text()

    def flag_of(self, key: str, *, default: bool) -> bool:
        """Return a member that is true or false, the default where it is missing."""
        found = self.get(key)
        return default if found is None else found.flag()
