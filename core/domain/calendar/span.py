"""A run of days, both ends included."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.errors import InvalidInputError, Message


@dataclass(frozen=True)
class Span:
    """The days from `first` to `last`, both included; raises InvalidInputError if they stand the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidInputError(
                Message(
                    "The last day (%(last)s) lies before the first (%(first)s): exchange or correct the dates.",
                    {"first": self.first, "last": self.last},
                )
            )

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def dates(self) -> Iterator[date]:
        """Yield every date of the run in order."""
        for offset in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=offset)
