"""The published timetable as its readers see it: a week by room and day, less what is not theirs to know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Term
from core.db.models.activity import SessionStatus
from core.db.queries import week as queries
from core.domain.actor import Actor
from core.domain.calendar.day import Day, DayKind
from core.domain.capabilities import Capability
from core.domain.errors import Message, NotFoundError
from core.security.permissions import may
from core.services.adults import Homes
from core.services.calendar import station_calendar
from core.services.feed_ledger import is_private
from core.services.replies.safety import is_unsafe

WEEK = timedelta(days=7)


class Audience(Enum):
    """Who reads: the public sees no private session, volunteers see only that one takes place, staff see all."""

    PUBLIC = "public"
    VOLUNTEERS = "volunteers"
    STAFF = "staff"


@dataclass(frozen=True)
class Place:
    """A row of the timetable: a room, a venue without rooms, or nowhere that may be told."""

    name: str
    venue: str = ""
    address: str = ""


@dataclass(frozen=True)
class Card:
    """A session on the timetable; `title` is None where the reader may not know it.

    `missing` counts the required staff places that are empty, None where that is not for the reader; `unsafe` says that
    too few adults look after it, until somebody mends that.
    """

    id: UUID
    starts_at: datetime
    ends_at: datetime
    title: str | None
    place: Place
    cancelled: bool
    reason: str
    mine: bool
    missing: int | None
    unsafe: bool = False

    @property
    def day(self) -> date:
        """The day on which it is held."""
        return self.starts_at.date()


@dataclass(frozen=True)
class Row:
    """A place with its cards, a tuple for each day of the week that is shown."""

    place: Place
    cells: tuple[tuple[Card, ...], ...]


@dataclass(frozen=True)
class Week:
    """A week of a term. Days on which schools keep everybody busy are left out where nothing is held on them."""

    monday: date
    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    previous: date | None
    following: date | None

    @property
    def sunday(self) -> date:
        """The week's last day."""
        return self.monday + timedelta(days=6)

    def cards_on(self, day: Day) -> list[Card]:
        """Return the cards of a day in all places, by time."""
        column = self.days.index(day)
        cards = (card for row in self.rows for card in row.cells[column])
        return sorted(cards, key=lambda card: (card.starts_at, card.place.name))


def audience_of(actor: Actor) -> Audience:
    """Return as what an actor reads the timetable."""
    return Audience.STAFF if may(actor.role, Capability.SEE_PLANS) else Audience.VOLUNTEERS


def week_of(
    session: Session,
    term: Term,
    monday: date,
    audience: Audience,
    *,
    volunteer_id: UUID | None = None,
    today: date | None = None,
) -> Week:
    """Return the week of a term that begins on `monday`, for an audience; `volunteer_id` is the reader's own.

    Sessions from `today` on, where it is given, say to staff that they are unsafe. A Monday before or after the term
    stands for its first or last week.
    """
    monday = min(max(monday, monday_of(term.first)), monday_of(term.last))
    first, last = datetime.combine(monday, time.min), datetime.combine(monday + WEEK, time.min)
    sessions = session.scalars(queries.sessions_between(term.id, first, last))
    homes = Homes(session)
    cards = [card for row in sessions if (card := _card(row, audience, homes, volunteer_id, today)) is not None]
    days = _days(session, term, monday, {card.starts_at.date() for card in cards})
    return Week(
        monday=monday,
        days=days,
        rows=_rows(days, cards),
        previous=monday - WEEK if monday > term.first else None,
        following=monday + WEEK if monday + WEEK <= term.last else None,
    )


def coming_cards(session: Session, first: datetime, last: datetime) -> list[Card]:
    """Return the cards of all sessions in reach from `first` to before `last`, by time, as staff see them."""
    rows = session.scalars(queries.all_sessions_between(first, last)).all()
    homes = Homes(session, rows)
    return [card for row in rows if (card := _card(row, Audience.STAFF, homes, today=first.date())) is not None]


def opening_week(session: Session, term: Term, today: date) -> date:
    """Return the Monday of the week to open a term at: the one of its next session, else of its last day."""
    start = datetime.combine(max(today - timedelta(days=today.weekday()), term.first), time.min)
    coming = session.scalars(queries.first_session_from(term.id, start)).one_or_none()
    return monday_of(coming.date() if coming else min(max(today, term.first), term.last))


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


class Dated(Protocol):
    """A term, or what is known of one: of which station, from when until when."""

    @property
    def station_id(self) -> UUID:
        """The station whose term it is."""

    @property
    def first(self) -> date:
        """Its first day."""

    @property
    def last(self) -> date:
        """Its last day."""


AnyTerm = TypeVar("AnyTerm", bound=Dated)


def current_term(terms: Sequence[AnyTerm], today: date, station_id: UUID | None = None) -> AnyTerm | None:
    """Return the term that runs today, else the next to begin, else the last; those of `station_id` come first.

    `terms` stand in the order of their dates.
    """
    own = [term for term in terms if term.station_id == station_id] or list(terms)
    ahead = [term for term in own if term.last >= today]
    return min(ahead, key=lambda term: term.first) if ahead else next(iter(reversed(own)), None)


def find_shown(session: Session, session_id: UUID, actor: Actor) -> ActivitySession:
    """Return a published session for its page; raise NotFoundError where there is none that the actor may know of."""
    row = session.scalars(queries.session_page(session_id)).one_or_none()
    if row is None or (
        audience_of(actor) is Audience.VOLUNTEERS and is_private(row) and not _serves(row, actor.volunteer_id)
    ):
        raise NotFoundError(Message("There is no such session."))
    return row


def missing_staff(row: ActivitySession) -> Mapping[str, int]:
    """Return how many required places are empty, by role; roles that are filled are left out."""
    serving = [assignment.role for assignment in row.assignments]
    gaps = {role.role: role.required - serving.count(role.role) for role in row.activity.roles}
    return {role: gap for role, gap in gaps.items() if gap > 0}


def _card(
    row: ActivitySession,
    audience: Audience,
    homes: Homes,
    volunteer_id: UUID | None = None,
    today: date | None = None,
) -> Card | None:
    private, mine = is_private(row), _serves(row, volunteer_id)
    if row.starts_at is None or row.ends_at is None or (private and audience is Audience.PUBLIC):
        return None
    told = not private or mine or audience is Audience.STAFF
    cancelled = row.status is SessionStatus.CANCELLED
    return Card(
        id=row.id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        title=row.activity.title if told else None,
        place=_place(row) if told else Place(""),
        cancelled=cancelled,
        reason=row.reason,
        mine=mine,
        missing=sum(missing_staff(row).values()) if audience is Audience.STAFF and not cancelled else None,
        unsafe=audience is Audience.STAFF
        and today is not None
        and row.ends_at.date() >= today
        and is_unsafe(row, homes, today=today),
    )


def _serves(row: ActivitySession, volunteer_id: UUID | None) -> bool:
    return volunteer_id is not None and any(one.volunteer_id == volunteer_id for one in row.assignments)


def _place(row: ActivitySession) -> Place:
    if row.room is not None:
        return Place(row.room.name, row.room.venue.name, row.room.venue.address)
    place = row.activity.place
    return Place(place.name, address=place.address) if place else Place("")


def _days(session: Session, term: Term, monday: date, busy: Iterable[date]) -> tuple[Day, ...]:
    calendar = station_calendar(session, term.station_id)
    first, last = max(monday, term.first), min(monday + WEEK - timedelta(days=1), term.last)
    if last < first:
        return ()
    kept = set(busy)
    return tuple(day for day in calendar.days(first, last) if day.kind is not DayKind.SCHOOL_DAY or day.date in kept)


def _rows(days: Sequence[Day], cards: Iterable[Card]) -> tuple[Row, ...]:
    by_place: dict[Place, list[Card]] = {}
    for card in cards:
        by_place.setdefault(card.place, []).append(card)
    return tuple(
        Row(place, tuple(tuple(card for card in by_place[place] if card.starts_at.date() == day.date) for day in days))
        for place in sorted(by_place, key=_by_venue)
    )


def _by_venue(place: Place) -> tuple[bool, str, str]:
    # What has no name, such as a home visit, stands below the rooms.
    return (not place.name, place.venue, place.name)
