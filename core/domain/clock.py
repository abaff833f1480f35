"""The time of day as an argument, so that nothing asks the machine for it behind a test's back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Something that knows what time it is."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still; `at` is aware."""

    at: datetime

    def now(self) -> datetime:
        """Return the moment at which the clock stands."""
        return self.at


def wall_clock(clock: Clock, timezone: str) -> datetime:
    """Return the date and time of day in a zone, without offset."""
    return clock.now().astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
