"""The words of guardians' requests, and by when they are answered."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.domain.calendar.work import WorkCalendar
from core.domain.errors import Message

#: Working days for an answer: the longest that the method for finding apps that break the law (2019, no. 191) allows.
WORKING_DAYS: Final = 15


class RequestKind(StrEnum):
    """What a guardian asks for (Personal Information Protection Law, arts. 44 to 47)."""

    COPY = "copy"
    CORRECTION = "correction"
    DELETION = "deletion"
    RESTRICTION = "restriction"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _KINDS[self]


class ReceivedHow(StrEnum):
    """On which way a request came."""

    DESK = "desk"
    LETTER = "letter"
    LINK = "link"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _WAYS[self]


class Outcome(StrEnum):
    """How a request was answered."""

    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _OUTCOMES[self]


def due_on(received_on: date, calendar: WorkCalendar) -> date:
    """Return the fifteenth working day after the day on which a request came in."""
    day, left = received_on, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working_day(day)
    return day


_KINDS: Final[Mapping[RequestKind, Message]] = MappingProxyType(
    {
        RequestKind.COPY: Message("Copy of the file"),
        RequestKind.CORRECTION: Message("Correction"),
        RequestKind.DELETION: Message("Deletion"),
        RequestKind.RESTRICTION: Message("Restricted use"),
    }
)
_WAYS: Final[Mapping[ReceivedHow, Message]] = MappingProxyType(
    {
        ReceivedHow.DESK: Message("In person"),
        ReceivedHow.LETTER: Message("By letter"),
        ReceivedHow.LINK: Message("By the guardian's link"),
    }
)
_OUTCOMES: Final[Mapping[Outcome, Message]] = MappingProxyType(
    {
        Outcome.DONE: Message("Done"),
        Outcome.PARTLY: Message("Done in part"),
        Outcome.REFUSED: Message("Refused"),
    }
)
