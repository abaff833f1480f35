"""Registration in words and dates: how places are given, where a registration stands, when an offer runs out."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from core.domain.errors import Message


class Way(StrEnum):
    """How an activity's places are given."""

    #: A place or a position on the waiting list at once.
    FIRST_COME = "first_come"
    #: Families rank activities until a date; then places are given together.
    WISHES = "wishes"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _WAYS[self]


class Place(StrEnum):
    """Where a child's registration for an activity stands."""

    PLACED = "placed"
    WAITING = "waiting"
    #: A place is kept for the child until the family has answered, or too long hasn't.
    OFFERED = "offered"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _PLACES[self]


#: Those of a child that still count; at most one for each activity.
LIVE: Final = frozenset({Place.PLACED, Place.WAITING, Place.OFFERED})
#: Those that take one of the activity's places.
HOLDING: Final = frozenset({Place.PLACED, Place.OFFERED})


class Channel(StrEnum):
    """By which way somebody was registered."""

    DESK = "desk"
    WALK_IN = "walk_in"
    CLASS_LIST = "class_list"
    WORKBOOK = "workbook"
    GUARDIAN = "guardian"
    ALLOCATION = "allocation"
    #: From an activity that was merged into this one.
    MERGED = "merged"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _CHANNELS[self]


class Phase(StrEnum):
    """How far a term's registration has got; it follows from dates and is stored nowhere."""

    PREPARING = "preparing"
    WISHES = "wishes"
    ALLOCATION = "allocation"
    OPEN_PLACES = "open_places"
    RUNNING = "running"
    CLOSED = "closed"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _PHASES[self]


_WAYS: Final = {Way.FIRST_COME: Message("First come"), Way.WISHES: Message("Wishes, then places together")}
_PLACES: Final = {
    Place.PLACED: Message("Has a place"),
    Place.WAITING: Message("On the waiting list"),
    Place.OFFERED: Message("Place offered"),
    Place.DECLINED: Message("Offer declined"),
    Place.EXPIRED: Message("Offer ran out"),
    Place.CANCELLED: Message("Registration cancelled"),
}
_CHANNELS: Final = {
    Channel.DESK: Message("at the desk"),
    Channel.WALK_IN: Message("at the door"),
    Channel.CLASS_LIST: Message("from a class list"),
    Channel.WORKBOOK: Message("from a workbook"),
    Channel.GUARDIAN: Message("by a guardian"),
    Channel.ALLOCATION: Message("by the allocation"),
    Channel.MERGED: Message("from a merged activity"),
}
_PHASES: Final = {
    Phase.PREPARING: Message("Preparing"),
    Phase.WISHES: Message("Wishes"),
    Phase.ALLOCATION: Message("Giving places"),
    Phase.OPEN_PLACES: Message("Open places"),
    Phase.RUNNING: Message("Running"),
    Phase.CLOSED: Message("Registration over"),
}


@dataclass(frozen=True)
class TermDates:
    """A term's days and the moments of its registration, in the station's wall-clock time; None: not decided yet.

    Wishes are taken from `wishes_from` until `wishes_until`, both or neither; whatever is free is given from
    `opens_at` until `closes_at`, or to the term's end.
    """

    first: date
    last: date
    wishes_from: datetime | None = None
    wishes_until: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def phase(self, now: datetime) -> Phase:
        """Return how far it has got; the days of the term count before anything else."""
        if now.date() > self.last:
            return Phase.CLOSED
        if now.date() >= self.first:
            return Phase.RUNNING
        if self.wishes_from is not None and self.wishes_until is not None:
            if self.wishes_from <= now < self.wishes_until:
                return Phase.WISHES
            if self.wishes_until <= now and (self.opens_at is None or now < self.opens_at):
                return Phase.ALLOCATION
        if self.opens_at is not None and self.opens_at <= now:
            return Phase.CLOSED if self.closes_at is not None and now >= self.closes_at else Phase.OPEN_PLACES
        return Phase.PREPARING


@dataclass(frozen=True)
class OfferHours:
    """How long a family may think: so many hours, of which those of the night don't count.

    The night is from `quiet_from` to `quiet_until`, over midnight where the first is the later; none where they are
    the same.
    """

    hours: int
    quiet_from: time
    quiet_until: time

    def deadline(self, offered: datetime) -> datetime:
        """Return when an offer made at a wall-clock time runs out, in wall-clock time."""
        left, here = timedelta(hours=self.hours), self._awake(offered)
        while True:
            night = self._next(here, self.quiet_from)
            if self.quiet_from == self.quiet_until or here + left <= night:
                return here + left
            left -= night - here
            here = self._awake(night)

    def _awake(self, moment: datetime) -> datetime:
        """Return the moment itself by day, and the next morning by night."""
        if self.quiet_from == self.quiet_until:
            return moment
        now, begin, end = moment.time(), self.quiet_from, self.quiet_until
        quiet = begin <= now < end if begin < end else (now >= begin or now < end)
        return self._next(moment, end) if quiet else moment

    @staticmethod
    def _next(moment: datetime, hour: time) -> datetime:
        """Return when it is that time of day next, after the moment."""
        today = datetime.combine(moment.date(), hour)
        return today if today > moment else today + timedelta(days=1)


#: Where a station has decided nothing else.
STANDARD_OFFER: Final = OfferHours(24, time(21), time(8))
