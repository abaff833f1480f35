"""Duties that people are asked for: where a request stands, and what keeps somebody's days from having room for one.

Pure rules; times are of the station's wall clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.domain.errors import Message
from core.domain.serving import enough_adults
from core.domain.ways import Ways


class RequestState(StrEnum):
    """Where a request for a duty stands."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    #: Not then, but at another time.
    PROPOSED = "proposed"
    #: Nobody answered by the deadline.
    EXPIRED = "expired"
    #: The station needs no answer any more.
    WITHDRAWN = "withdrawn"
    #: Somebody else serves in this person's stead.
    TAKEN_OVER = "taken_over"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _STATES[self]


#: A session and a volunteer have at most one of these.
LIVE: Final = frozenset({RequestState.ASKED, RequestState.ACCEPTED})
#: Whoever said so isn't asked for the same time again, and no plan has them serve then.
REFUSED: Final = frozenset({RequestState.DECLINED, RequestState.PROPOSED})


class RequestOrigin(StrEnum):
    """How somebody came to a duty."""

    PLAN = "plan"
    GAP = "gap"
    SWAP = "swap"
    SIGN_UP = "sign_up"


class SwapState(StrEnum):
    """Where the offer of a duty to others stands."""

    OFFERED = "offered"
    #: Somebody takes it, if the organizer approves.
    TAKEN = "taken"
    DONE = "done"
    #: The duty began, changed or went before anybody took it.
    OVER = "over"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _SWAPS[self]


#: A duty has at most one of these.
OPEN_SWAPS: Final = frozenset({SwapState.OFFERED, SwapState.TAKEN})


class CampaignAnswer(StrEnum):
    """What somebody said who was asked when they can serve."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _ANSWERS[self]


@dataclass(frozen=True)
class ServingRules:
    """What a station minds where people take duties on their own word; the defaults hold until it says otherwise.

    `rest` is minutes between two duties, `per_week` duties in the seven days from a Monday (None: no limit). People
    under age serve between `minors_from` and `minors_until` only. A duty given up fewer than `late_hours` before it
    begins raises an alarm. `reply_hours` are given to answer, with a reminder `remind_hours` before they end.
    `approve_swaps` names the programs whose organizer approves each swap.
    """

    rest: int = 15
    per_week: int | None = 5
    minors_from: time = time(8)
    minors_until: time = time(18)
    late_hours: int = 48
    reply_hours: int = 72
    remind_hours: int = 24
    sign_up: bool = True
    approve_swaps: frozenset[str] = frozenset()

    @property
    def late(self) -> timedelta:
        """How long before a duty giving it up raises an alarm."""
        return timedelta(hours=self.late_hours)

    def hours_of_minors(self, starts: time, ends: time) -> tuple[time, time] | None:
        """Return the part of a stretch of a day in which people under age may serve; None: they may not at all."""
        begin, end = max(starts, self.minors_from), min(ends, self.minors_until)
        return (begin, end) if begin < end else None


@dataclass(frozen=True)
class Duty:
    """When and where somebody serves; no venue: at no site of the station."""

    starts_at: datetime
    ends_at: datetime
    venue: UUID | None = None


@dataclass(frozen=True)
class Limits:
    """How much somebody serves at most, as they said: in a day, in a term, in a week (None: as the others allow)."""

    per_day: int
    per_term: int
    per_week: int | None = None


class Full(StrEnum):
    """Why there is no room for a duty in somebody's days."""

    CLASH = "clash"
    REST = "rest"
    DAY = "day"
    WEEK = "week"
    STATION_WEEK = "station_week"
    TERM = "term"

    @property
    def reason(self) -> Message:
        """Say why, in a few words."""
        return _FULL[self]


def no_room(
    wanted: Duty, others: Iterable[Duty], limits: Limits, rules: ServingRules, ways: Ways, *, in_term: int
) -> Full | None:
    """Return why somebody's days have no room for a duty; None: they have.

    `others` are the duties that they have near it, of all terms, without the wanted one itself; `in_term` counts those
    of its term.
    """
    known = list(others)
    if any(_clashes(wanted, one, ways) for one in known):
        return Full.CLASH
    rest = timedelta(minutes=rules.rest)
    if any(wanted.starts_at < one.ends_at + rest and one.starts_at < wanted.ends_at + rest for one in known):
        return Full.REST
    if sum(one.starts_at.date() == wanted.starts_at.date() for one in known) >= limits.per_day:
        return Full.DAY
    week = wanted.starts_at.date().isocalendar()[:2]
    in_week = sum(one.starts_at.date().isocalendar()[:2] == week for one in known)
    if limits.per_week is not None and in_week >= limits.per_week:
        return Full.WEEK
    if rules.per_week is not None and in_week >= rules.per_week:
        return Full.STATION_WEEK
    return Full.TERM if in_term >= limits.per_term else None


def _clashes(wanted: Duty, other: Duty, ways: Ways) -> bool:
    way = timedelta(minutes=ways.between(wanted.venue, other.venue))
    return wanted.starts_at < other.ends_at + way and other.starts_at < wanted.ends_at + way


@dataclass(frozen=True)
class Safety:
    """Whether a session has the adults that it takes: how many serve who may, of how many, of two households."""

    households: tuple[str | None, ...]
    least: int

    @property
    def adults(self) -> int:
        """How many adults count."""
        return len(self.households)

    @property
    def safe(self) -> bool:
        """Tell whether they make it safe."""
        return enough_adults(self.households, self.least)


def deadline_for(now: datetime, starts_at: datetime, hours: int) -> datetime:
    """Return until when an answer is waited for: so many hours, but no longer than half the time that is left."""
    return min(now + timedelta(hours=hours), now + (starts_at - now) / 2)


def reminder_before(now: datetime, deadline: datetime, hours: int) -> datetime:
    """Return when to remind: so many hours before the deadline, but not in the first half of the time to answer."""
    return max(deadline - timedelta(hours=hours), now + (deadline - now) / 2)


_STATES: Final = {
    RequestState.ASKED: Message("Waits for an answer"),
    RequestState.ACCEPTED: Message("Agreed to serve"),
    RequestState.DECLINED: Message("Can't serve"),
    RequestState.PROPOSED: Message("Proposes another time"),
    RequestState.EXPIRED: Message("No answer in time"),
    RequestState.WITHDRAWN: Message("No longer asked"),
    RequestState.TAKEN_OVER: Message("Somebody else serves"),
}
_SWAPS: Final = {
    SwapState.OFFERED: Message("Looks for somebody"),
    SwapState.TAKEN: Message("Waits for approval"),
    SwapState.DONE: Message("Swapped"),
    SwapState.OVER: Message("Nobody took it"),
    SwapState.WITHDRAWN: Message("Offer withdrawn"),
}
_ANSWERS: Final = {
    CampaignAnswer.CHANGED: Message("Entered new times"),
    CampaignAnswer.UNCHANGED: Message("Times unchanged"),
}
_FULL: Final = {
    Full.CLASH: Message("serves elsewhere at that time, or on the way"),
    Full.REST: Message("would have no rest between two duties"),
    Full.DAY: Message("serves as often as they can on that day"),
    Full.WEEK: Message("serves as often as they can in that week"),
    Full.STATION_WEEK: Message("serves as often as the station allows in that week"),
    Full.TERM: Message("serves as often as they can in this term"),
}
