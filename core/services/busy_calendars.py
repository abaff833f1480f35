"""Busy times of volunteers and of shared rooms: from an address that is asked again and again, from a file, by hand.

Of a calendar nothing is kept but from when to when somebody is busy; its address is sealed, since whoever knows it
reads the whole calendar. What is no longer reachable keeps its last times: rather somebody too few than double booked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import BusyCalendar, BusyTime, Room, Volunteer
from core.db.models.availability import BusyWay
from core.db.queries import availability as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock, wall_clock
from core.domain.errors import InvalidInputError, Message, NotFoundError
from core.feeds.busy import Busy, Stretch, joined
from core.feeds.confined import busy_of_stranger
from core.feeds.straining import MOST_BYTES, UnreadableCalendarError
from core.security.fetching import Fetched, FetchError, Ways, checked, fetch
from core.security.permissions import require
from core.services.audit import record

#: What a calendar says farther ahead changes until then.
AHEAD: Final = timedelta(days=400)
EVERY: Final = timedelta(hours=6)
AGAIN: Final = timedelta(hours=1)
MOST_CALENDARS: Final = 5
MOST_BY_HAND: Final = 500


class Trouble(StrEnum):
    """Why a calendar couldn't be read, in the words of those who fetch and read it."""

    ADDRESS = "address"
    REDIRECTS = "redirects"
    NAME = "name"
    CONNECTION = "connection"
    SECURE = "secure"
    TIME = "time"
    SIZE = "size"
    ANSWER = "answer"
    NO_CALENDAR = "no_calendar"
    TOO_MUCH = "too_much"

    @property
    def label(self) -> Message:
        """What the owner is told."""
        return _TROUBLES[self]


_TROUBLES: Final = {
    Trouble.ADDRESS: Message("This address is not one of the public internet, or has a password in it."),
    Trouble.REDIRECTS: Message("The address leads from one to another without end."),
    Trouble.NAME: Message("Nobody knows this address: look for a typing error."),
    Trouble.CONNECTION: Message("Nobody answers there, or the answer broke off."),
    Trouble.SECURE: Message("The certificate there is not valid."),
    Trouble.TIME: Message("The answer takes too long."),
    Trouble.SIZE: Message("The calendar is too large: at most 5 MB."),
    Trouble.ANSWER: Message("There is no calendar at this address: perhaps it was withdrawn."),
    Trouble.NO_CALENDAR: Message("This is no calendar: it takes an .ics file, or the address of one."),
    Trouble.TOO_MUCH: Message("There is too much in the calendar to be worked out."),
}

Owner = Volunteer | Room


@dataclass(frozen=True)
class Due:
    """A calendar that is to be fetched now."""

    calendar_id: UUID
    url: str
    etag: str


def give_address(session: Session, actor: Actor, clock: Clock, owner: Owner, url: str) -> BusyCalendar:
    """Note the address of a calendar, which is fetched within a minute; InvalidInputError for one that never is."""
    _require_own(actor, owner)
    try:
        known = checked(url)
    except FetchError as error:
        raise InvalidInputError(Trouble(error.code).label) from None
    row = _new(clock, owner, BusyWay.ADDRESS)
    row.url, row.next_fetch_at = known, clock.now()
    return _added(session, actor, clock, owner, row)


def give_file(
    session: Session, actor: Actor, clock: Clock, owner: Owner, content: bytes, *, timezone: str
) -> BusyCalendar:
    """Keep the busy times of a file, and nothing else of it; InvalidInputError for what is no calendar."""
    _require_own(actor, owner)
    try:
        busy = busy_of_stranger(content, window_from(wall_clock(clock, timezone)), timezone)
    except UnreadableCalendarError as error:
        raise InvalidInputError(Trouble(error.code).label) from None
    row = _new(clock, owner, BusyWay.FILE)
    _keep(row, clock, busy)
    return _added(session, actor, clock, owner, row)


def give_by_hand(session: Session, actor: Actor, clock: Clock, owner: Owner, times: Iterable[Stretch]) -> BusyCalendar:
    """Keep busy times that somebody has written down; InvalidInputError for none and for those that end too early."""
    _require_own(actor, owner)
    told = list(times)
    if not told or len(told) > MOST_BY_HAND:
        raise InvalidInputError(Message("Write down at least one time, and at most %(most)s.", {"most": MOST_BY_HAND}))
    if any(begin >= end for begin, end in told):
        raise InvalidInputError(Message("A time ends before it begins: correct it."))
    row = _new(clock, owner, BusyWay.HAND)
    _keep(row, clock, Busy(tuple(joined(told))))
    return _added(session, actor, clock, owner, row)


def drop(session: Session, actor: Actor, clock: Clock, owner: Owner, calendar_id: UUID) -> None:
    """Forget a calendar with its busy times; NotFoundError if the owner has no such calendar."""
    _require_own(actor, owner)
    row = next((one for one in calendars_of(session, owner) if one.id == calendar_id), None)
    if row is None:
        raise NotFoundError(Message("There is no such calendar."))
    session.delete(row)
    session.flush()
    _record(session, actor, clock, row, "busy_calendar.dropped")


def calendars_of(session: Session, owner: Owner) -> list[BusyCalendar]:
    """Return the calendars of a volunteer or a room."""
    asked = queries.calendars_of_volunteer if isinstance(owner, Volunteer) else queries.calendars_of_room
    return list(session.scalars(asked(owner.id)))


def find_room(session: Session, room_id: UUID) -> Room:
    """Return a room within reach; NotFoundError for any other."""
    row = session.get(Room, room_id)
    if row is None:
        raise NotFoundError(Message("There is no such room."))
    return row


def take_due(session: Session, clock: Clock, calendar_id: UUID) -> Due | None:
    """Take a calendar whose time has come, so that no other server fetches it as well; None if that was done."""
    row = session.get(BusyCalendar, calendar_id, with_for_update=True)
    if row is None or row.url is None or row.next_fetch_at is None or row.next_fetch_at > clock.now():
        return None
    row.next_fetch_at = clock.now() + EVERY
    return Due(row.id, row.url, row.etag or "")


def fetched(
    due: Due, clock: Clock, *, timezone: str, ways: Ways | None = None
) -> tuple[Fetched, Busy | None] | Trouble:
    """Fetch a calendar and read it, with no transaction open; None for busy times that haven't changed."""
    try:
        found = fetch(due.url, most=MOST_BYTES, etag=due.etag, ways=ways)
        if found.content is None:
            return found, None
        return found, busy_of_stranger(found.content, window_from(wall_clock(clock, timezone)), timezone)
    except (FetchError, UnreadableCalendarError) as error:
        return Trouble(error.code)


def note_fetched(session: Session, clock: Clock, due: Due, outcome: tuple[Fetched, Busy | None] | Trouble) -> None:
    """Keep what came of a fetch; one that failed is tried again sooner. Nothing if the calendar is gone meanwhile."""
    row = session.get(BusyCalendar, due.calendar_id, with_for_update=True)
    if row is None or row.url != due.url:
        return
    if isinstance(outcome, Trouble):
        row.failure, row.next_fetch_at = outcome, clock.now() + AGAIN
        return
    found, busy = outcome
    row.failure, row.read_at = "", clock.now()
    if busy is not None:
        # An unchanged calendar is asked for whole from time to time, since the window moves on.
        row.etag = found.etag or None
        _keep(row, clock, busy)
    else:
        row.etag = None


def drop_over(session: Session, today: date) -> int:
    """Drop busy times that ended before today, and return how many."""
    over = session.scalars(queries.busy_until(datetime.combine(today, time.min))).all()
    for row in over:
        session.delete(row)
    return len(over)


def window_from(now: datetime) -> Stretch:
    """Return the stretch of which busy times are kept: from the beginning of today."""
    begin = datetime.combine(now.date(), time.min)
    return begin, begin + AHEAD


def _require_own(actor: Actor, owner: Owner) -> None:
    if isinstance(owner, Room):
        require(actor, Capability.KEEP_CALENDAR)
    elif actor.volunteer_id != owner.id:
        require(actor, Capability.KEEP_VOLUNTEERS)


def _new(clock: Clock, owner: Owner, way: BusyWay) -> BusyCalendar:
    row = BusyCalendar(station_id=owner.station_id, way=way, given_at=clock.now())
    if isinstance(owner, Volunteer):
        row.volunteer_id = owner.id
    else:
        row.room_id = owner.id
    return row


def _keep(row: BusyCalendar, clock: Clock, busy: Busy) -> None:
    row.times = [BusyTime(station_id=row.station_id, starts_at=begin, ends_at=end) for begin, end in busy.times]
    row.read_at, row.unread = clock.now(), busy.unread


def _added(session: Session, actor: Actor, clock: Clock, owner: Owner, row: BusyCalendar) -> BusyCalendar:
    if len(calendars_of(session, owner)) >= MOST_CALENDARS:
        raise InvalidInputError(Message("That is one calendar too many: take another one away first."))
    session.add(row)
    session.flush()
    _record(session, actor, clock, row, "busy_calendar.given")
    return row


def _record(session: Session, actor: Actor, clock: Clock, row: BusyCalendar, action: str) -> None:
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="volunteer" if row.volunteer_id else "room",
        subject_id=row.volunteer_id or row.room_id,
        detail={"way": row.way.value},
    )
