"""A term as a planning problem in the exchange format, from what is stored; no child is in it, only group ids."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Activity, ActivitySession, Room, Station, Term, Volunteer
from core.db.models.activity import ActivityState, SessionStatus
from core.db.queries import planning as queries
from core.domain.calendar.day import Day
from core.domain.calendar.station import StationCalendar
from core.domain.calendar.term import Term as TermDates
from core.domain.calendar.term import possible_starts, term_days
from core.domain.errors import ConflictError, Message
from core.hooks.calling import Hooks
from core.hooks.types import Contribution
from core.planning import problem as planning
from core.planning.moments import Window, from_datetime
from core.planning.plan import Plan, PlannedSession
from core.services.calendar import station_calendar
from core.services.outlines import outline, term_outline
from core.services.planning.people import person
from core.services.planning.windows import moments, with_past, without
from core.services.program_switches import programs_switched_off
from core.services.stations import scope_of_station

#: What a planner should mind, in cost for each unit of an amount; the exchange format says what each amount is.
WEIGHTS: Final[Mapping[str, int]] = {
    "unscheduled": 10000,
    "required": 1000,
    "wanted": 60,
    "rooms": 20,
    "times": 10,
    "staff": 15,
    "days": 50,
    "isolated": 8,
    "trips": 4,
    "load": 1,
    "likes": 3,
}
#: What changing a published timetable costs beside.
REPLAN_WEIGHTS: Final[Mapping[str, int]] = {"moved": 400, "rehoused": 80, "restaffed": 120}
#: Minutes between two venues for which nobody has entered the way.
DEFAULT_TRAVEL: Final = 20
#: Minutes between two sessions of a group within which it need not wait.
COMPACT_GAP: Final = 30


@dataclass(frozen=True)
class _Frame:
    """What the parts of a problem have in common: the term, its stations with their calendars, and its days."""

    term: Term
    calendars: Mapping[UUID, StationCalendar]
    days: tuple[Day, ...]
    taken: Mapping[UUID, tuple[Window, ...]]
    #: When sessions of the term that have begun used an activity's time, a room or a volunteer.
    past: Mapping[UUID, tuple[Window, ...]]


def term_problem(session: Session, hooks: Hooks, term: Term, *, timezone: str, now: datetime) -> planning.Problem:
    """Return the planning problem of a term; where it is published already, that is the incumbent.

    `now` is the station's wall-clock time without offset: what lies before it is frozen, and stays possible even
    where a room was closed, an activity's times were changed or a volunteer left since.
    """
    held = list(session.scalars(queries.held_sessions_of(term.id)))
    frame = _frame(session, term, [row for row in held if row.starts_at is not None and row.starts_at < now])
    stations = frame.calendars.keys()
    activities = planned_activities(session, term)
    outlines = tuple(outline(activity) for activity in activities)
    contributions = hooks.planning_contributions(outlines, term_outline(term), session)
    name = problem_name(session, term)
    incumbent = _incumbent(name, held)
    return planning.Problem(
        name=name,
        timezone=timezone,
        travel=_travel(session, stations),
        compact_gap=COMPACT_GAP,
        rooms=tuple(_room(frame, room) for room in session.scalars(queries.rooms_of(stations))),
        people=_people(frame, list(session.scalars(queries.volunteers_of(stations, also=frame.past.keys())))),
        groups=tuple(planning.Group(str(row.id), row.compact) for row in session.scalars(queries.groups_of(stations))),
        activities=tuple(_activity(frame, activity) for activity in activities),
        relations=_relations(contributions, incumbent, from_datetime(now)),
        incumbent=incumbent,
        frozen_before=from_datetime(now) if incumbent else None,
        weights={**WEIGHTS, **(REPLAN_WEIGHTS if incumbent else {})},
        extensions=_extensions(contributions),
    )


def planned_activities(session: Session, term: Term) -> list[Activity]:
    """Return the activities that take part in planning: those that are ready, and those that are published already.

    Of a program that the station has switched off only what is published takes part.
    """
    off = programs_switched_off(session, term.station_id)
    return [
        activity
        for activity in session.scalars(queries.activities_of(term.id))
        if (activity.state is ActivityState.READY and activity.program not in off)
        or any(row.status is SessionStatus.HELD for row in activity.sessions)
    ]


def problem_name(session: Session, term: Term) -> str:
    """Return the name that a term's problem and its plans share."""
    station = session.get_one(Station, term.station_id)
    return f"{station.slug}-{term.kind}-{term.first.isoformat()}"


def _frame(session: Session, term: Term, past: Iterable[ActivitySession]) -> _Frame:
    stations = scope_of_station(session, term.station_id).stations
    calendars = {
        station: station_calendar(session, station, hours_from=None if station == term.station_id else term.station_id)
        for station in sorted(stations)
    }
    return _Frame(
        term=term,
        calendars=calendars,
        days=term_days(calendars[term.station_id], TermDates(term.first, term.last, term.kind)),
        taken=_taken(session.scalars(queries.held_sessions_elsewhere(term))),
        past=_used(past),
    )


def _taken(sessions: Iterable[ActivitySession]) -> dict[UUID, tuple[Window, ...]]:
    """Return when rooms and volunteers are busy with other terms; people with the way there and back."""
    taken: dict[UUID, list[Window]] = {}
    for row in sessions:
        start, end = _times(row)
        if row.room_id is not None:
            free = end if row.room_free_at is None else from_datetime(row.room_free_at)
            taken.setdefault(row.room_id, []).append((start, free))
        for assignment in row.assignments:
            taken.setdefault(assignment.volunteer_id, []).append((start - DEFAULT_TRAVEL, end + DEFAULT_TRAVEL))
    return {key: tuple(windows) for key, windows in taken.items()}


def _used(sessions: Iterable[ActivitySession]) -> dict[UUID, tuple[Window, ...]]:
    used: dict[UUID, list[Window]] = {}
    for row in sessions:
        people = (assignment.volunteer_id for assignment in row.assignments)
        for key in (row.activity_id, *people, *([row.room_id] if row.room_id else [])):
            used.setdefault(key, []).append(_times(row))
    return {key: tuple(windows) for key, windows in used.items()}


def _people(frame: _Frame, rows: Sequence[Volunteer]) -> tuple[planning.Person, ...]:
    # What a household is called is free text, and may be somebody's name.
    homes = {name: f"home-{number}" for number, name in enumerate(sorted({row.household or "" for row in rows}))}
    return tuple(
        person(
            row,
            frame.days,
            taken=frame.taken.get(row.id, ()),
            served=frame.past.get(row.id, ()),
            home=homes[row.household] if row.household else None,
        )
        for row in rows
    )


def _times(row: ActivitySession) -> Window:
    if row.starts_at is None or row.ends_at is None:
        raise ConflictError(Message("A held session has no time: publish its term again."))
    return from_datetime(row.starts_at), from_datetime(row.ends_at)


def _room(frame: _Frame, room: Room) -> planning.Room:
    calendar, taken = frame.calendars[room.station_id], frame.taken.get(room.id, ())
    windows = [
        moments(day.date, opens, closes)
        for day in frame.days
        for opens, closes in calendar.open_windows(day.date, venue_id=room.venue_id, room_id=room.id)
    ]
    return planning.Room(
        id=str(room.id),
        venue=str(room.venue_id),
        capacity=room.capacity,
        zone=room.zone,
        features=tuple(room.features),
        open=with_past(without(windows, taken), frame.past.get(room.id, ())),
        turnover=room.turnover,
    )


def _activity(frame: _Frame, activity: Activity) -> planning.Activity:
    starts = possible_starts(
        frame.calendars[frame.term.station_id],
        [day for day in frame.days if _within(activity, day.date)],
        [time.fromisoformat(text) for text in activity.times],
        timedelta(minutes=activity.duration),
    )
    return planning.Activity(
        id=str(activity.id),
        program=activity.program,
        sessions=activity.session_count,
        duration=activity.duration,
        starts=tuple(sorted({*map(from_datetime, starts), *(start for start, _ in frame.past.get(activity.id, ()))})),
        size=activity.size,
        groups=tuple(sorted(str(choice.group_id) for choice in activity.group_choices)),
        zones=tuple(activity.zones),
        features=tuple(activity.features),
        rooms=tuple(sorted(str(choice.room_id) for choice in activity.room_choices)) or None,
        place=None if activity.place_id is None else str(activity.place_id),
        min_adults=activity.min_adults,
        roles=tuple(
            planning.Role(row.role, row.skill, row.required, row.wanted, row.continuity, row.max_people)
            for row in activity.roles
        ),
        ordered=activity.ordered,
        max_per_day=activity.max_per_day,
        min_days=activity.min_days,
        priority=activity.priority,
    )


def _within(activity: Activity, day: date) -> bool:
    if activity.weekdays and day.weekday() not in activity.weekdays:
        return False
    return (activity.first is None or activity.first <= day) and (activity.last is None or day <= activity.last)


def _travel(session: Session, stations: Iterable[UUID]) -> planning.Travel:
    rows = session.scalars(queries.travel_of(list(stations)))
    return planning.Travel(
        DEFAULT_TRAVEL, tuple((str(row.from_venue_id), str(row.to_venue_id), row.minutes) for row in rows)
    )


def _incumbent(name: str, sessions: Iterable[ActivitySession]) -> Plan | None:
    rows = tuple(_planned(row) for row in sessions)
    return Plan(name, rows) if rows else None


def _planned(row: ActivitySession) -> PlannedSession:
    staff: dict[str, list[str]] = {}
    for assignment in row.assignments:
        staff.setdefault(assignment.role, []).append(str(assignment.volunteer_id))
    return PlannedSession(
        activity=str(row.activity_id),
        index=row.position,
        start=_times(row)[0],
        room=None if row.room_id is None else str(row.room_id),
        staff={role: tuple(sorted(people)) for role, people in staff.items()},
    )


def _relations(
    contributions: Sequence[Contribution], incumbent: Plan | None, now: int
) -> tuple[planning.Relation, ...]:
    """Return the programs' relations but for those between two sessions that lie behind us: nothing can mend them."""
    behind = {row.key for row in incumbent.sessions if row.start < now} if incumbent else set()
    return tuple(
        relation
        for part in contributions
        for relation in part.relations
        if not (relation.a in behind and relation.b in behind)
    )


def _extensions(contributions: Sequence[Contribution]) -> dict[str, object]:
    return {part.program: dict(part.extension) for part in contributions if part.extension}
