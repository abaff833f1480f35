"""What programs may read of the station they serve: sessions, who was there, whom and what a form can refer to.

Everything stays within the reach of the session that is handed in; whoever holds a secret of a station gets its reach.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from core.db.base import BySecret
from core.db.models import (
    Activity,
    ActivityGroup,
    ActivitySession,
    Assignment,
    Attendance,
    Child,
    Group,
    GroupMember,
    RightsRequest,
    Room,
    Term,
    User,
    Venue,
    Volunteer,
)
from core.db.models.activity import SessionStatus
from core.db.queries import planning as planning_queries
from core.db.queries.children import restricted as restricted_children
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, NOTHING
from core.domain.ages import age_on
from core.domain.calendar.day import DayKind
from core.domain.errors import Message, NotFoundError, RestrictedUseError
from core.domain.vocabulary import Presence, VenueKind
from core.hooks.calling import Hooks
from core.hooks.types import ActivityOutline, PlannedOutline, TermOutline
from core.planning.moments import to_datetime
from core.planning.plan import Plan as PlanDocument
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.services.calendar import station_calendar, work_calendar
from core.services.feeds import token_hash
from core.services.outlines import outline, planned, term_outline
from core.services.stations import scope_of_station

Secret = TypeVar("Secret", bound=BySecret)


@dataclass(frozen=True)
class HeldSession:
    """A session as published, in the station's wall-clock time; `index` is its number from 0."""

    id: UUID
    station_id: UUID
    activity: ActivityOutline
    index: int
    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None


@dataclass(frozen=True)
class Serving:
    """Somebody who serves in a session, and in which role; the name is for staff and for whoever serves with them."""

    volunteer_id: UUID
    name: str
    role: str


@dataclass(frozen=True)
class Attended:
    """What was noted of a child at a session."""

    child_id: UUID
    session: HeldSession
    presence: Presence


@dataclass(frozen=True)
class ChildFacts:
    """A child as lists may name it, for those roles that need names; `age` is in years.

    `restricted`: a guardian has had the use of its data restricted. What there is already is shown, and nothing new is
    noted: core refuses it.
    """

    id: UUID
    station_id: UUID
    number: str
    name: str
    age: int
    restricted: bool = False


def held_sessions(session: Session, program: str, first: date, last: date) -> tuple[HeldSession, ...]:
    """Return the sessions of a program that are published as held from the first day to the last, by time."""
    rows = session.scalars(_held(program, first, last))
    return tuple(_session(row) for row in rows)


def serving(session: Session, sessions: Collection[UUID]) -> Mapping[UUID, tuple[Serving, ...]]:
    """Return who serves in each of these sessions as published, by role and name; nobody is an empty tuple."""
    rows = session.scalars(
        select(Assignment).where(Assignment.session_id.in_(sessions)).options(joinedload(Assignment.volunteer))
    )
    found: dict[UUID, list[Serving]] = {key: [] for key in sessions}
    for row in rows:
        found[row.session_id].append(Serving(row.volunteer_id, row.volunteer.name, row.role))
    return {key: tuple(sorted(people, key=lambda one: (one.role, one.name))) for key, people in found.items()}


def attended(session: Session, program: str, first: date, last: date) -> tuple[Attended, ...]:
    """Return what was noted of children at the program's sessions from the first day to the last, by time."""
    sessions = {row.id: row for row in held_sessions(session, program, first, last)}
    wanted = _held(program, first, last).with_only_columns(ActivitySession.id)
    rows = session.scalars(select(Attendance).where(Attendance.session_id.in_(wanted)).order_by(Attendance.id))
    found = [Attended(row.child_id, sessions[row.session_id], row.presence) for row in rows]
    return tuple(sorted(found, key=lambda one: one.session.starts_at))


def activities_of(session: Session, program: str, term_id: UUID | None = None) -> tuple[ActivityOutline, ...]:
    """Return a program's activities, of all terms or of one."""
    query = select(Activity).where(Activity.type_key.startswith(f"{program}.", autoescape=True))
    if term_id is not None:
        query = query.where(Activity.term_id == term_id)
    return tuple(outline(row) for row in session.scalars(query.order_by(Activity.title, Activity.id)))


def children_of(session: Session, activity_id: UUID) -> frozenset[UUID]:
    """Return the ids of the children in an activity's groups."""
    query = (
        select(GroupMember.child_id)
        .join(ActivityGroup, ActivityGroup.group_id == GroupMember.group_id)
        .where(ActivityGroup.activity_id == activity_id)
    )
    return frozenset(session.scalars(query))


def groups_offered(session: Session) -> Sequence[tuple[str, str]]:
    """Return the groups in reach as pairs of id and name, those for the youngest first."""
    rows = session.scalars(select(Group).order_by(Group.from_age, Group.to_age, Group.name, Group.id))
    return tuple((str(row.id), row.name) for row in rows)


def children_in_group(session: Session, group_id: UUID) -> frozenset[UUID]:
    """Return the ids of the children in a group."""
    return frozenset(session.scalars(select(GroupMember.child_id).where(GroupMember.group_id == group_id)))


def child_facts(session: Session, children: Sequence[UUID], today: date) -> tuple[ChildFacts, ...]:
    """Return what lists show of children, by number. Names are for pages of roles that need them, and for no log."""
    rows = session.scalars(select(Child).where(Child.id.in_(children)).order_by(Child.number)).all()
    barred = _restricted(session, [row.id for row in rows])
    return tuple(_facts(row, today, restricted=row.id in barred) for row in rows)


def child_by_number(session: Session, number: str, today: date) -> ChildFacts:
    """Return the child whose file has the number, for something new that a program is to note of it.

    NotFoundError where nobody in reach, or several, have it; RestrictedUseError where nothing new may be noted.
    """
    rows = session.scalars(select(Child).where(Child.number == number.strip())).all()
    if len(rows) != 1:
        raise NotFoundError(Message("No file has this number, or several do: look it up in the list of children."))
    if _restricted(session, [rows[0].id]):
        raise RestrictedUseError
    return _facts(rows[0], today)


def account_names(session: Session, accounts: Collection[UUID]) -> Mapping[UUID, str]:
    """Return what the accounts in reach are called, by id: who asked for something is told to whoever approves it."""
    rows = session.scalars(select(User).where(User.id.in_(accounts)))
    return {row.id: row.display_name or row.login for row in rows}


def volunteers_offered(session: Session, _term: TermOutline) -> Sequence[tuple[str, str]]:
    """Return all volunteers in reach as pairs of id and name, for a question that refers to one."""
    rows = session.scalars(select(Volunteer).order_by(Volunteer.number))
    return tuple((str(row.id), row.name) for row in rows)


def venues_offered(session: Session, kind: VenueKind) -> Sequence[tuple[str, str]]:
    """Return the venues of a kind in reach as pairs of id and name."""
    rows = session.scalars(select(Venue).where(Venue.kind == kind).order_by(Venue.name, Venue.id))
    return tuple((str(row.id), row.name) for row in rows)


def venue_of_room(session: Session, room_id: UUID) -> UUID | None:
    """Return the venue of a room in reach."""
    return session.scalar(select(Room.venue_id).where(Room.id == room_id))


def terms_ahead(session: Session, today: date) -> tuple[TermOutline, ...]:
    """Return the terms in reach that are not over, by their first day."""
    rows = session.scalars(select(Term).where(Term.last >= today).order_by(Term.first, Term.id))
    return tuple(term_outline(row) for row in rows)


def days_off(session: Session, term: TermOutline) -> frozenset[date]:
    """Return the days of a term on which the country doesn't work: weekends that aren't worked, and public holidays.

    A school break is no day off: parents work in it.
    """
    calendar = work_calendar(session)
    days = (term.first + timedelta(days=number) for number in range((term.last - term.first).days + 1))
    return frozenset(day for day in days if not calendar.is_working_day(day))


def lesson_days(session: Session, station_id: UUID, school: UUID, first: date, last: date) -> tuple[date, ...]:
    """Return the days on which a school, by its venue, has lessons: its own breaks and the country's calendar count."""
    days = station_calendar(session, station_id).days(first, last, school_id=school)
    return tuple(day.date for day in days if day.kind in {DayKind.SCHOOL_DAY, DayKind.WORKING_WEEKEND})


def enter_by_secret(session: Session, links: type[Secret], token: str) -> Secret:
    """Return the row of a program's table whose `token_hash` is the token's SHA-256, and reach its station from here.

    NotFoundError, the same for every token that is not there; the session then reaches nothing.
    """
    digest = token_hash(token)
    set_scope(session, EVERYTHING)
    try:
        found = session.scalars(select(links).where(links.token_hash == digest)).one_or_none()
        scope = NOTHING if found is None else scope_of_station(session, found.station_id)
    finally:
        set_scope(session, NOTHING)
    if found is None:
        raise NotFoundError(Message("The address may be mistyped, or what was here is gone."))
    set_scope(session, scope)
    return session.scalars(select(links).where(links.token_hash == digest)).one()


def planned_sessions(session: Session, program: str, term_id: UUID) -> tuple[PlannedOutline, ...]:
    """Return the program's sessions in the newest plan of a term, draft or published, by time; none without a plan."""
    plan = session.scalars(planning_queries.plans_of(term_id)).first()
    own = {one.id: one for one in activities_of(session, program, term_id)}
    return () if plan is None else planned(PlanDocument.from_json(plan.document), own)


def other_starts(
    session: Session, hooks: Hooks, term_id: UUID, activity_id: str, index: int, limit: int = 8
) -> tuple[datetime, ...]:
    """Return other starts that the planner offers for a session of the newest plan, the cheapest first.

    At each the session keeps every rule of the term with the rest of the plan as it is; none where it isn't planned.
    """
    # Imported where it is used: it brings the compiled search with it, and every program imports this module.
    from core.planning.repair import repairs  # noqa: PLC0415

    plan = session.scalars(planning_queries.plans_of(term_id)).first()
    if plan is None:
        return ()
    document = PlanDocument.from_json(plan.document)
    if (activity_id, index) not in {row.key for row in document.sessions}:
        return ()
    found = repairs(
        Problem.from_json(plan.problem),
        document,
        (activity_id, index),
        limit=limit,
        rules=(*DEFAULT_RULES, *hooks.planning_rules()),
        preferences=(*DEFAULT_PREFERENCES, *hooks.planning_preferences()),
    )
    return tuple(dict.fromkeys(to_datetime(repair.session.start) for repair in found.ranked))


def _held(program: str, first: date, last: date) -> Select[ActivitySession]:
    from_midnight = datetime.combine(first, time.min)
    to_midnight = datetime.combine(last + timedelta(days=1), time.min)
    return (
        select(ActivitySession)
        .join(ActivitySession.activity)
        .where(
            Activity.type_key.startswith(f"{program}.", autoescape=True),
            ActivitySession.status == SessionStatus.HELD,
            ActivitySession.starts_at >= from_midnight,
            ActivitySession.starts_at < to_midnight,
        )
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )


def _session(row: ActivitySession) -> HeldSession:
    if row.starts_at is None or row.ends_at is None:
        raise ValueError("A held session has a time: the database sees to it.")
    return HeldSession(
        row.id, row.station_id, outline(row.activity), row.position, row.starts_at, row.ends_at, row.room_id
    )


def _restricted(session: Session, children: Collection[UUID]) -> frozenset[UUID]:
    if not children:
        return frozenset()
    return frozenset(session.scalars(restricted_children().where(RightsRequest.child_id.in_(children))))


def _facts(row: Child, today: date, *, restricted: bool = False) -> ChildFacts:
    age = age_on(date.fromisoformat(row.birth_date), today)
    return ChildFacts(row.id, row.station_id, row.number, row.name, age, restricted)
