"""What a term's activities are held with and among: its open days, rooms, people, ways, and what is published of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Activity, ActivitySession, Room, Station, Term, Volunteer
from core.db.queries import availability as availability_queries
from core.db.queries import planning as queries
from core.domain.calendar.day import Day
from core.domain.calendar.station import StationCalendar
from core.domain.calendar.term import Term as TermDates
from core.domain.calendar.term import possible_starts, term_days
from core.domain.errors import ConflictError, Message
from core.domain.ways import DEFAULT_WAY
from core.planning import problem as planning
from core.planning.moments import Window, from_datetime
from core.services.adults import Homes
from core.services.calendar import station_calendar
from core.services.planning.people import person
from core.services.planning.windows import moments, with_past, without
from core.services.planning.words import people_words
from core.services.serving_rules import rules_of
from core.services.stations import scope_of_station


@dataclass(frozen=True)
class When:
    """On which days and at which times of day an activity's sessions may begin, and how many minutes each lasts.

    No days of the week are all of them; no first or last day is the term's.
    """

    times: tuple[time, ...]
    duration: int
    weekdays: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, activity: Activity) -> "When":
        """Return when an activity may be held."""
        times = tuple(time.fromisoformat(text) for text in activity.times)
        return cls(times, activity.duration, tuple(activity.weekdays), activity.first, activity.last)

    def includes(self, day: date) -> bool:
        """Say whether sessions may be held on a day, if it is open."""
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Surroundings:
    """A term as its activities find it; `days` are those on which any of them may be held.

    `held` are the term's sessions that are published as held, and `past` is when those that have begun by `now` used an
    activity's time, a room or a volunteer. `volunteers` are the rows behind `people`, in the same order.
    """

    term: Term
    name: str
    timezone: str
    now: datetime
    calendar: StationCalendar
    days: tuple[Day, ...]
    held: tuple[ActivitySession, ...]
    past: Mapping[UUID, tuple[Window, ...]]
    room_rows: tuple[Room, ...]
    rooms: tuple[planning.Room, ...]
    volunteers: tuple[Volunteer, ...]
    people: tuple[planning.Person, ...]
    groups: tuple[planning.Group, ...]
    travel: planning.Travel

    def starts(self, when: When) -> tuple[int, ...]:
        """Return the moments, in order, at which a session may begin by the calendar alone."""
        days = [day for day in self.days if when.includes(day.date)]
        found = possible_starts(self.calendar, days, when.times, timedelta(minutes=when.duration))
        return tuple(map(from_datetime, found))


def surroundings(session: Session, term: Term, *, timezone: str, now: datetime) -> Surroundings:
    """Return what a term's activities are held with; `now` is the station's wall-clock time without offset."""
    held = tuple(session.scalars(queries.held_sessions_of(term.id)))
    past = _used(row for row in held if row.starts_at is not None and row.starts_at < now)
    taken = _taken(session.scalars(queries.held_sessions_elsewhere(term)), _busy(session, term))
    words = people_words(session, term)
    calendars = _calendars(session, term)
    days = term_days(calendars[term.station_id], TermDates(term.first, term.last, term.kind))
    rooms = tuple(session.scalars(queries.rooms_of(calendars.keys())))
    volunteers = tuple(session.scalars(queries.volunteers_of(calendars.keys(), also=past.keys())))
    return Surroundings(
        term=term,
        name=problem_name(session, term),
        timezone=timezone,
        now=now,
        calendar=calendars[term.station_id],
        days=days,
        held=held,
        past=past,
        room_rows=rooms,
        rooms=tuple(_room(calendars[row.station_id], days, taken, past, row) for row in rooms),
        volunteers=volunteers,
        people=_people(session, term, days, now.date(), volunteers, _with(taken, words.refused), past, words.agreed),
        groups=tuple(
            planning.Group(str(row.id), row.compact) for row in session.scalars(queries.groups_of(calendars.keys()))
        ),
        travel=_travel(session, calendars.keys()),
    )


def problem_name(session: Session, term: Term) -> str:
    """Return the name that a term's problem and its plans share."""
    station = session.get_one(Station, term.station_id)
    return f"{station.slug}-{term.kind}-{term.first.isoformat()}"


def times_of(row: ActivitySession) -> Window:
    """Return from when to when a held session lasts."""
    if row.starts_at is None or row.ends_at is None:
        raise ConflictError(Message("A held session has no time: publish its term again."))
    return from_datetime(row.starts_at), from_datetime(row.ends_at)


def _calendars(session: Session, term: Term) -> dict[UUID, StationCalendar]:
    stations = scope_of_station(session, term.station_id).stations
    return {
        station: station_calendar(session, station, hours_from=None if station == term.station_id else term.station_id)
        for station in sorted(stations)
    }


def _programs(session: Session, term: Term) -> dict[UUID, str]:
    return {row.id: row.type_key.partition(".")[0] for row in session.execute(queries.types_of_activities(term.id))}


def _busy(session: Session, term: Term) -> Mapping[UUID, list[Window]]:
    """Return when rooms and volunteers are busy elsewhere, by calendars of their own."""
    begin, end = datetime.combine(term.first, time.min), datetime.combine(term.last + timedelta(days=1), time.min)
    busy: dict[UUID, list[Window]] = {}
    whole_minute = timedelta(seconds=59)
    for owner, starts_at, ends_at in session.execute(availability_queries.busy_within(begin, end)):
        busy.setdefault(owner, []).append((from_datetime(starts_at), from_datetime(ends_at + whole_minute)))
    return busy


def _taken(sessions: Iterable[ActivitySession], busy: Mapping[UUID, list[Window]]) -> dict[UUID, tuple[Window, ...]]:
    """Return when rooms and volunteers are busy, elsewhere or with other terms; people with the way there and back."""
    taken: dict[UUID, list[Window]] = {key: list(windows) for key, windows in busy.items()}
    for row in sessions:
        start, end = times_of(row)
        if row.room_id is not None:
            free = end if row.room_free_at is None else from_datetime(row.room_free_at)
            taken.setdefault(row.room_id, []).append((start, free))
        for assignment in row.assignments:
            taken.setdefault(assignment.volunteer_id, []).append((start - DEFAULT_WAY, end + DEFAULT_WAY))
    return {key: tuple(windows) for key, windows in taken.items()}


def _used(sessions: Iterable[ActivitySession]) -> dict[UUID, tuple[Window, ...]]:
    used: dict[UUID, list[Window]] = {}
    for row in sessions:
        people = (assignment.volunteer_id for assignment in row.assignments)
        for key in (row.activity_id, *people, *([row.room_id] if row.room_id else [])):
            used.setdefault(key, []).append(times_of(row))
    return {key: tuple(windows) for key, windows in used.items()}


def _with(
    some: Mapping[UUID, tuple[Window, ...]], others: Mapping[UUID, tuple[Window, ...]]
) -> dict[UUID, tuple[Window, ...]]:
    return {key: (*some.get(key, ()), *others.get(key, ())) for key in {*some, *others}}


def _people(
    session: Session,
    term: Term,
    days: Sequence[Day],
    today: date,
    rows: Sequence[Volunteer],
    taken: Mapping[UUID, tuple[Window, ...]],
    past: Mapping[UUID, tuple[Window, ...]],
    agreed: Mapping[UUID, tuple[Window, ...]],
) -> tuple[planning.Person, ...]:
    activities, rules = _programs(session, term), rules_of(session, term.station_id)
    homes = Homes(session).at(term.station_id)
    return tuple(
        person(
            row,
            days,
            today=today,
            taken=taken.get(row.id, ()),
            served=past.get(row.id, ()),
            home=homes.get(row.id),
            activities=activities,
            rules=rules,
            agreed=agreed.get(row.id, ()),
        )
        for row in rows
    )


def _room(
    calendar: StationCalendar,
    days: Sequence[Day],
    taken: Mapping[UUID, tuple[Window, ...]],
    past: Mapping[UUID, tuple[Window, ...]],
    room: Room,
) -> planning.Room:
    windows = [
        moments(day.date, opens, closes)
        for day in days
        for opens, closes in calendar.open_windows(day.date, venue_id=room.venue_id, room_id=room.id)
    ]
    return planning.Room(
        id=str(room.id),
        venue=str(room.venue_id),
        capacity=room.capacity,
        zone=room.zone,
        features=tuple(room.features),
        open=with_past(without(windows, taken.get(room.id, ())), past.get(room.id, ())),
        turnover=room.turnover,
    )


def _travel(session: Session, stations: Iterable[UUID]) -> planning.Travel:
    rows = session.scalars(queries.travel_of(list(stations)))
    return planning.Travel(
        DEFAULT_WAY, tuple((str(row.from_venue_id), str(row.to_venue_id), row.minutes) for row in rows)
    )
