"""Hours of service: what counts as served, how it becomes final, and what a certificate says.

By the Measures for Records and Certificates of Volunteer Service (志愿服务记录与证明出具办法, Ministry of Civil
Affairs, Order 67, 2021) hours come from real attendance; whoever organizes a service records it and certifies it for
nothing. That records are shown for seven days before they count is advice of the ministry of 2015 (民发〔2015〕149号).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from core.domain.errors import Message

#: Setting up and clearing away count, so long before a session and after it.
AROUND: Final = timedelta(minutes=30)
#: What was served is counted in quarters of an hour, to the nearest one.
QUARTER: Final = 15
#: Nobody serves longer on one day.
MOST_MINUTES: Final = 16 * 60
#: For so many days anybody concerned may object before hours are final.
SHOWN_DAYS: Final = 7
REASON_LENGTH: Final = 200


class EntryKind(StrEnum):
    """What a line of the ledger of hours is."""

    SERVED = "served"
    #: Adds to or takes from an earlier line, with a reason; the earlier line stays as it was.
    CORRECTION = "correction"


class Appraisal(StrEnum):
    """What the station says of how somebody served."""

    EXCELLENT = "excellent"
    GOOD = "good"
    PASSED = "passed"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _APPRAISALS[self]


def minutes_served(stays: Iterable[tuple[datetime, datetime]], starts_at: datetime, ends_at: datetime) -> int:
    """Return for how many minutes somebody served who was there from when until when, all in wall-clock time.

    Only the session's own time and half an hour before and after it count, and where stays overlap that counts once.
    The sum is taken to the nearest quarter of an hour.
    """
    counted, served = starts_at - AROUND, timedelta()
    for arrived, left in sorted(stays):
        begin, end = max(arrived, counted), min(left, ends_at + AROUND)
        if begin < end:
            counted, served = end, served + (end - begin)
    minutes = int(served.total_seconds() // 60)
    return min(MOST_MINUTES, (minutes + QUARTER // 2) // QUARTER * QUARTER)


def final_on(noted_on: date) -> date:
    """Return from which day on a line counts that nobody has objected to."""
    return noted_on + timedelta(days=SHOWN_DAYS)


def in_hours(minutes: int) -> str:
    """Return minutes as hours, with as many digits as it takes: 1.75."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def masked_name(name: str) -> str:
    """Return the first sign of a name and a star, as in 张*; how long the name is doesn't show."""
    return f"{name.strip()[:1]}*"


def masked_number(number: str) -> str:
    """Return a document's number with all but its last four signs covered."""
    return "*" * max(0, len(number) - 4) + number[-4:]


_APPRAISALS: Final = {
    Appraisal.EXCELLENT: Message("Excellent"),
    Appraisal.GOOD: Message("Good"),
    Appraisal.PASSED: Message("Satisfactory"),
}
