"""A made-up county for tests of the pages: two stations, one with a published week, an account for each role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.models import (
    Activity,
    ActivityRole,
    ActivitySession,
    Assignment,
    AuditEntry,
    Clearance,
    Closure,
    FeedToken,
    HarmContact,
    Installation,
    OutboxNotice,
    Pin,
    Plan,
    PlanningRun,
    Room,
    Station,
    StationHours,
    Term,
    User,
    Venue,
    Volunteer,
)
from core.db.models.activity import SessionStatus
from core.db.models.feed import FeedKind
from core.db.models.plan import PlanStatus
from core.db.models.run import RunState
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.clock import Clock
from core.domain.notices import NoticeKind, NoticeState, to_volunteer
from core.domain.serving import Stage
from core.domain.vocabulary import (
    ActivityLine,
    Skill,
    StationKind,
    TermKind,
    VenueKind,
    VolunteerKind,
    Zone,
)
from core.services.accounts import add_user
from core.services.feeds import token_hash
from tests.functional.asked import a_campaign, a_question, a_swap
from tests.functional.enrolled import a_registration, an_allocation, an_intake
from tests.functional.families import a_leave, a_link
from tests.functional.records import (
    a_child,
    a_consent,
    a_grant,
    a_guardian,
    a_mark,
    a_pick_up,
    a_report,
    a_request,
)

Row = TypeVar("Row", bound=Base)

PASSWORD = "一句只有我知道的长话 2026"
SATURDAY = date(2026, 11, 28)


class MovingClock:
    """A clock that a test moves on."""

    def __init__(self, at: datetime = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return where the clock stands."""
        return self.at

    def advance(self, step: timedelta) -> None:
        """Let time go by."""
        self.at += step


@dataclass(frozen=True)
class StationRows:
    """The ids of what one station has."""

    station: UUID
    slug: str
    room: UUID
    private_room: UUID
    term: UUID
    activity: UUID
    closed_activity: UUID
    session: UUID
    closed_session: UUID
    volunteer: UUID
    plan: UUID
    closure: UUID
    token: UUID
    notice: UUID
    run: UUID
    allocation: UUID
    pin: UUID
    consent: UUID
    child: UUID
    guardian: UUID
    pick_up: UUID
    mark: UUID
    link: UUID
    grant: UUID
    report: UUID
    receipt: UUID
    contact: UUID
    registration: UUID
    request: UUID
    question: UUID
    swap: UUID
    campaign: UUID
    users: Mapping[Role, UUID]


@dataclass(frozen=True)
class County:
    """What the tests' database holds."""

    here: StationRows
    elsewhere: StationRows


def found_county(session: Session, clock: Clock) -> County:
    """Fill an empty database and return the ids of what was stored."""
    session.add(Installation(timezone="Asia/Shanghai", demo=False, created_at=clock.now()))
    county = Station(kind=StationKind.COUNTY, name="云山县", slug="yunshan", parent_id=None)
    session.add(county)
    session.flush()
    add_user(
        session, SYSTEM, clock, login="county@yunshan", password=PASSWORD, role=Role.ORGANIZER, station_id=county.id
    )
    here = _found_station(session, clock, county, name="青石", slug="qingshi")
    elsewhere = _found_station(session, clock, county, name="远桥", slug="yuanqiao")
    return County(here, elsewhere)


def give_role(database: Database, user_id: UUID, role: Role) -> None:
    """Change the role of an account, as an administrator would."""
    with database.writing(EVERYTHING) as session:
        session.get_one(User, user_id).role = role


def _found_station(session: Session, clock: Clock, county: Station, *, name: str, slug: str) -> StationRows:
    station = _added(session, Station(kind=StationKind.STATION, name=f"{name}未保站", slug=slug, parent_id=county.id))
    own: dict[str, Any] = {"station_id": station.id}
    _added(session, StationHours(weekday=None, opens=time(8), closes=time(18), **own))
    room, private = _two_rooms(session, name, own)
    term = _added(session, _a_term(name, own))
    volunteer = _added(session, _a_volunteer(station, f"{name}陶测试"))
    open_one = _an_activity(session, term, f"{name}绘画课")
    first = _held(session, open_one, room, datetime.combine(SATURDAY, time(9)), volunteer)
    child = _added(session, a_child(clock, station))
    closed_one = _an_activity(session, term, f"{name}静心小组", closed=True)
    guardian = _added(session, a_guardian(child))
    _added(session, a_leave(clock, guardian))
    registered = _added(session, a_registration(clock, an_intake(session, open_one), child))
    users = {role: _a_user(session, clock, station, role, slug, volunteer).id for role in Role}
    return StationRows(
        station=station.id,
        slug=slug,
        room=room.id,
        private_room=private.id,
        term=term.id,
        activity=open_one.id,
        closed_activity=closed_one.id,
        session=first.id,
        closed_session=_held(session, closed_one, private, datetime.combine(SATURDAY, time(14)), volunteer).id,
        volunteer=volunteer.id,
        plan=_a_plan(session, clock, term, open_one).id,
        closure=_added(session, _a_closure(clock, own)).id,
        token=_added(session, _a_token(clock, station)).id,
        notice=_added(session, _a_notice(clock, volunteer)).id,
        run=_added(session, _a_run(clock, term)).id,
        allocation=_added(session, an_allocation(clock, term)).id,
        pin=_added(session, _a_pin(clock, first)).id,
        consent=_added(session, a_consent(child)).id,
        child=child.id,
        guardian=guardian.id,
        link=_added(session, a_link(clock, guardian)).id,
        pick_up=_added(session, a_pick_up(child)).id,
        mark=_added(session, a_mark(child)).id,
        grant=_added(session, a_grant(clock, station, users[Role.STATION_STAFF])).id,
        report=_added(session, a_report(clock, station, users[Role.GRID_WORKER])).id,
        request=_added(session, a_request(clock, child)).id,
        question=_added(session, a_question(clock, first, volunteer)).id,
        swap=_added(session, a_swap(clock, first, volunteer)).id,
        campaign=_added(session, a_campaign(clock, first, volunteer)).id,
        contact=_added(session, HarmContact(name=f"{name}派出所", phone="059585551234", **own)).id,
        registration=registered.id,
        receipt=registered.request_id,
        users=users,
    )


def _a_term(name: str, own: dict[str, Any]) -> Term:
    return Term(name=f"{name}秋季", kind=TermKind.WEEKENDS, first=SATURDAY, last=date(2027, 1, 10), **own)


def _a_closure(clock: Clock, own: dict[str, Any]) -> Closure:
    return Closure(first=date(2026, 12, 6), last=date(2026, 12, 6), reason="台风", created_at=clock.now(), **own)


def _two_rooms(session: Session, name: str, own: dict[str, Any]) -> tuple[Room, Room]:
    venue = _added(session, Venue(name=f"{name}文体中心", kind=VenueKind.CENTRE, address=f"{name}路1号", **own))
    room = Room(venue_id=venue.id, name=f"{name}大教室", zone=Zone.ACTIVITY, capacity=20, **own)
    private = Room(venue_id=venue.id, name=f"{name}谈心室", zone=Zone.PRIVATE, capacity=4, **own)
    session.add_all([room, private])
    return room, private


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def _a_volunteer(station: Station, name: str) -> Volunteer:
    volunteer = Volunteer(
        station_id=station.id,
        number="V001",
        name=name,
        kind=VolunteerKind.TEACHER,
        birth_date=date(1990, 1, 1),
        max_sessions=10,
        stage=Stage.ACCEPTED,
    )
    volunteer.clearances.append(
        Clearance(
            station_id=station.id,
            checked_on=date(2026, 6, 1),
            valid_until=date(2027, 5, 31),
            passed=True,
            authority="测试",
        )
    )
    return volunteer


def _a_token(clock: Clock, station: Station) -> FeedToken:
    return FeedToken(
        station_id=station.id,
        kind=FeedKind.STATION,
        subject=station.id.hex,
        token_hash=token_hash(f"{station.slug}-token"),
        created_at=clock.now(),
    )


def _a_notice(clock: Clock, volunteer: Volunteer) -> OutboxNotice:
    """Return a notice that somebody has to call about."""
    return OutboxNotice(
        station_id=volunteer.station_id,
        kind=NoticeKind.CERTIFICATE_READY,
        recipient=to_volunteer(volunteer.id).key,
        volunteer_id=volunteer.id,
        key="certificate",
        facts={},
        state=NoticeState.TO_CALL,
        put_at=clock.now(),
        not_before=clock.now(),
    )


def _a_run(clock: Clock, term: Term) -> PlanningRun:
    return PlanningRun(
        station_id=term.station_id, term_id=term.id, seconds=60, state=RunState.CANCELLED, asked_at=clock.now()
    )


def _a_pin(clock: Clock, row: ActivitySession) -> Pin:
    """Return a pin of a time that has gone by, which no plan minds any more."""
    return Pin(
        station_id=row.station_id,
        session_id=row.id,
        starts_at=datetime.combine(date(2026, 11, 1), time(9)),
        pinned_at=clock.now(),
    )


def _an_activity(session: Session, term: Term, title: str, *, closed: bool = False) -> Activity:
    activity = Activity(
        station_id=term.station_id,
        term_id=term.id,
        line=ActivityLine.LEARNING,
        type_key="sst.companionship",
        title=title,
        session_count=2,
        duration=90,
        size=12,
        times=["09:00", "14:00"],
        zones=["private" if closed else "activity"],
        closed=closed,
    )
    activity.roles.append(
        ActivityRole(station_id=term.station_id, role="lead", skill=Skill.TEACHING, required=2, wanted=2)
    )
    session.add(activity)
    session.flush()
    return activity


def _held(session: Session, activity: Activity, room: Room, start: datetime, volunteer: Volunteer) -> ActivitySession:
    end = start + timedelta(minutes=activity.duration)
    held = ActivitySession(
        station_id=activity.station_id,
        activity_id=activity.id,
        position=0,
        status=SessionStatus.HELD,
        starts_at=start,
        ends_at=end,
        room_id=room.id,
        room_free_at=end,
    )
    session.add(held)
    session.flush()
    session.add(
        Assignment(
            station_id=activity.station_id,
            session_id=held.id,
            volunteer_id=volunteer.id,
            role="lead",
            starts_at=start,
            ends_at=end,
        )
    )
    session.flush()
    return held


def _a_plan(session: Session, clock: Clock, term: Term, short: Activity) -> Plan:
    plan = Plan(
        station_id=term.station_id,
        term_id=term.id,
        version=1,
        status=PlanStatus.DRAFT,
        problem={},
        document={"format": "weibao.plan/1", "problem": "p", "sessions": []},
        summary={
            "status": "feasible",
            "seconds": 3.2,
            "cost": 120,
            "bound": 100,
            "amounts": {"required": 1, "trips": 4},
        },
        shortfalls=[
            {
                "activity": str(short.id),
                "index": 0,
                "role": None,
                "reason": {"text": "Nobody has the skill %(skill)s.", "values": {"skill": Skill.TEACHING.value}},
                "cures": [],
                "verified": True,
            }
        ],
        created_at=clock.now(),
    )
    session.add(plan)
    session.flush()
    return plan


def _a_user(session: Session, clock: Clock, station: Station, role: Role, slug: str, volunteer: Volunteer) -> User:
    return add_user(
        session,
        SYSTEM,
        clock,
        login=f"{role.value}@{slug}",
        display_name=f"{slug}-{role.value}",
        password=PASSWORD,
        role=role,
        station_id=station.id,
        volunteer_id=volunteer.id if role is Role.VOLUNTEER else None,
    )


def deed() -> ColumnElement[bool]:
    """Return what picks the audit entries of deeds: signing in leaves an entry of its own."""
    return AuditEntry.action.not_like("account.%")
