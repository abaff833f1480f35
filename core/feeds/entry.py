"""What a calendar feed says, as pure values.

No child's data by construction: an entry has no place for a person. Whoever fills the title, place and description
writes of the activity, and neutrally of closed groups and home visits.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.position import Position

_UID_PART = re.compile(r"[A-Za-z0-9._-]+")
_COLOR = re.compile(r"[a-z]+")


class EntryStatus(StrEnum):
    """The state of a session: RFC 5545, section 3.8.1.11. A cancelled one stays in its feed."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    TENTATIVE = "tentative"


@dataclass(frozen=True)
class FeedEntry:
    """One session in a feed.

    `starts_at` and `ends_at` are naive wall-clock times in `timezone` (an IANA name); `sequence` rises with each
    published change, `changed_at` is the aware moment of the last one. `url` is a page for people, never a secret
    address; `color` one of the names of CSS (RFC 7986, section 5.9). Raises ValueError if a time is of the wrong sort,
    the end is not after the start or the colour no name.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    timezone: str
    title: str
    changed_at: datetime
    location: str | None = None
    description: str = ""
    status: EntryStatus = EntryStatus.CONFIRMED
    categories: tuple[str, ...] = ()
    url: str | None = None
    color: str | None = None
    position: Position | None = None

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is not None or self.ends_at.tzinfo is not None:
            raise ValueError("Starts and ends are naive: the zone is given by its name.")
        if self.ends_at <= self.starts_at:
            raise ValueError("A session ends after it starts.")
        if self.changed_at.tzinfo is None:
            raise ValueError("The moment of the last change is aware.")
        if self.sequence < 0:
            raise ValueError("A sequence counts from 0.")
        if self.color is not None and not _COLOR.fullmatch(self.color):
            raise ValueError("A colour is one of the names that CSS has, in small letters.")


@dataclass(frozen=True)
class Feed:
    """A named list of entries in any order, each uid once.

    `refresh` tells clients how long to wait before they ask again.
    `url` is the page on which people read the same, never the feed's own secret address. `alarm` is how long before
    each session the subscriber wants to be reminded, None for not at all; of what is cancelled nobody is.
    Raises ValueError if a uid stands twice, or if `refresh` or `alarm` is no whole number of minutes.
    """

    name: str
    entries: tuple[FeedEntry, ...]
    timezone: str
    description: str | None = None
    refresh: timedelta = timedelta(hours=1)
    url: str | None = None
    alarm: timedelta | None = None

    def __post_init__(self) -> None:
        if len({entry.uid for entry in self.entries}) != len(self.entries):
            raise ValueError("Each uid stands once in a feed.")
        if self.refresh <= timedelta(0) or self.refresh % timedelta(minutes=1):
            raise ValueError("The refresh interval is a positive number of whole minutes.")
        if self.alarm is not None and (self.alarm < timedelta(0) or self.alarm % timedelta(minutes=1)):
            raise ValueError("An alarm goes off a number of whole minutes before the start, 0 for at the start.")


def uid(kind: str, identifier: object, installation_id: str) -> str:
    """Return the UID of a published thing, such as `session-<id>@<installation>`, the same for ever.

    It is made of no time, title or domain, so that neither a move nor a change of address doubles it in a calendar.
    Raises ValueError if a part has other characters than letters, digits, dot, underscore and hyphen.
    """
    parts = (kind, str(identifier), installation_id)
    if not all(_UID_PART.fullmatch(part) for part in parts):
        raise ValueError("Each part of a uid is made of letters, digits, dot, underscore and hyphen.")
    return f"{kind}-{identifier}@{installation_id}"
