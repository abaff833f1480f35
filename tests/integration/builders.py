"""Rows with defaults: a test names what it is about, and the rest is such that a session can be held.

Each function adds what it makes to the session, with an id, and returns it.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.models import (
    Activity,
    ActivityRole,
    ActivitySession,
    Assignment,
    Availability,
    Child,
    ChildFeedItem,
    Clearance,
    Consent,
    Group,
    Guardian,
    Installation,
    RightsRequest,
    Room,
    Station,
    StationHours,
    Term,
    User,
    Venue,
    Volunteer,
)
from core.db.models.activity import SessionStatus
from core.db.opening import MachinePath, reading
from core.db.registers import REGISTERS
from core.domain.actor import Role
from core.domain.rights import Outcome, ReceivedHow, RequestKind
from core.domain.serving import Stage
from core.domain.vocabulary import (
    ActivityLine,
    ConsentPurpose,
    Relation,
    StationKind,
    TermKind,
    VenueKind,
    VolunteerKind,
    Zone,
)
from core.testing import TEST_MOMENT

#: The first weekend of the made-up winter.
SATURDAY = date(2026, 11, 28)
SUNDAY = date(2026, 11, 29)
#: Before all of it, in the station's wall-clock time.
BEFORE = datetime(2026, 11, 26, 9)  # noqa: DTZ001
LEAD = "lead"

_numbers = count(1)
Row = TypeVar("Row", bound=Base)


def unlocked(session: Session) -> AbstractContextManager[None]:
    """Let a test look into sensitive fields within the block, as the importer does."""
    return reading(session, MachinePath.WORKBOOK)


def lift_registers(session: Session) -> None:
    """Take the guards off the registers, as somebody would who may change the tables themselves."""
    connection = session.connection()
    for register in REGISTERS:
        if connection.dialect.name == "sqlite":
            for moment in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER kept_{register}_{moment}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER kept_{register} ON {register}")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a wall-clock time."""
    return datetime.combine(day, time(hour, minute))


def _kept(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def an_installation(session: Session) -> Installation:
    """Found the installation."""
    made = Installation(timezone="Asia/Shanghai", demo=False, created_at=datetime(2026, 1, 1, tzinfo=UTC))
    return _kept(session, made)


def a_station(session: Session, parent: Station | None = None, **values: Any) -> Station:
    """Found a station that is open from 8 to 18 on every day on which it may be."""
    number = next(_numbers)
    values = {"kind": StationKind.STATION, "name": f"测试站{number}", "slug": f"test-{number}", **values}
    station = _kept(session, Station(parent_id=parent.id if parent else None, **values))
    session.add(StationHours(station_id=station.id, weekday=None, opens=time(8), closes=time(18)))
    session.flush()
    return station


def a_community(session: Session, station: Station, **values: Any) -> Station:
    """Found a community of a station, without opening hours of its own."""
    number = next(_numbers)
    values = {"kind": StationKind.COMMUNITY, "name": f"测试社区{number}", "slug": f"test-{number}", **values}
    return _kept(session, Station(parent_id=station.id, **values))


def a_venue(session: Session, station: Station, **values: Any) -> Venue:
    """Add a site."""
    values = {"name": f"场地{next(_numbers)}", "kind": VenueKind.CENTRE, **values}
    return _kept(session, Venue(station_id=station.id, **values))


def a_room(session: Session, venue: Venue, **values: Any) -> Room:
    """Add a room for 30."""
    values = {"name": f"活动室{next(_numbers)}", "zone": Zone.ACTIVITY, "capacity": 30, **values}
    return _kept(session, Room(station_id=venue.station_id, venue_id=venue.id, **values))


def a_volunteer(session: Session, station: Station, **values: Any) -> Volunteer:
    """Add a grown-up who is cleared for the year and can always come."""
    number = next(_numbers)
    values = {
        "number": f"V{number}",
        "name": f"志愿者{number}",
        "kind": VolunteerKind.TEACHER,
        "birth_date": date(1990, 1, 1),
        "max_sessions": 50,
        "max_per_day": 5,
        "stage": Stage.ACCEPTED,
        **values,
    }
    volunteer = Volunteer(station_id=station.id, **values)
    own = {"station_id": station.id, "volunteer_id": volunteer.id}
    volunteer.clearances = [
        Clearance(checked_on=date(2026, 6, 1), valid_until=date(2027, 5, 31), passed=True, authority="测试", **own)
    ]
    volunteer.availabilities = [Availability(from_time=time(8), to_time=time(18), **own)]
    return _kept(session, volunteer)


def a_term(session: Session, station: Station, **values: Any) -> Term:
    """Add the weekends from SATURDAY to the end of the year."""
    values = {
        "name": f"学期{next(_numbers)}",
        "kind": TermKind.WEEKENDS,
        "first": SATURDAY,
        "last": date(2026, 12, 31),
        **values,
    }
    return _kept(session, Term(station_id=station.id, **values))


def an_activity(session: Session, term: Term, *, places: int = 2, **values: Any) -> Activity:
    """Add an activity of hourly sessions with `places` for leaders, and its unpublished sessions."""
    values = {
        "type_key": "sst.companionship",
        "line": ActivityLine.COMPANIONSHIP,
        "title": f"活动{next(_numbers)}",
        "session_count": 1,
        "duration": 60,
        "size": 10,
        "times": [f"{hour:02}:00" for hour in range(8, 18)],
        "zones": [Zone.ACTIVITY],
        "max_per_day": 9,
        **values,
    }
    activity = Activity(station_id=term.station_id, term_id=term.id, **values)
    own = {"station_id": term.station_id, "activity_id": activity.id}
    activity.roles = [ActivityRole(role=LEAD, required=places, wanted=places, **own)]
    activity.sessions = [ActivitySession(position=number, **own) for number in range(activity.session_count)]
    return _kept(session, activity)


def held(
    session: Session,
    row: ActivitySession,
    start: datetime,
    room: Room | None = None,
    staff: Iterable[Volunteer] = (),
) -> ActivitySession:
    """Hold a session, as if a plan had been published."""
    end = start + timedelta(minutes=row.activity.duration)
    row.status, row.starts_at, row.ends_at = SessionStatus.HELD, start, end
    row.room_id = room.id if room else None
    row.room_free_at = end + timedelta(minutes=room.turnover if room else 0)
    session.flush()
    session.add_all(an_assignment(row, volunteer) for volunteer in staff)
    session.flush()
    return row


def an_assignment(row: ActivitySession, volunteer: Volunteer, role: str = LEAD) -> Assignment:
    """Return a volunteer's place in a held session; it is not added."""
    return Assignment(
        station_id=row.station_id,
        session_id=row.id,
        volunteer_id=volunteer.id,
        role=role,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def a_group(session: Session, station: Station, **values: Any) -> Group:
    """Add a group of school children."""
    values = {"name": f"小组{next(_numbers)}", "from_age": 6, "to_age": 12, **values}
    return _kept(session, Group(station_id=station.id, **values))


def an_account(session: Session, station: Station, **values: Any) -> User:
    """Add an organizer's account, with which nobody can sign in."""
    number = next(_numbers)
    values = {
        "login": f"login-{number}",
        "role": Role.ORGANIZER,
        "password": "-",
        "fs_uniquifier": f"unique-{number}",
        "created_at": datetime(2026, 11, 1, tzinfo=UTC),
        **values,
    }
    return _kept(session, User(station_id=station.id, **values))


def a_child(session: Session, station: Station, **values: Any) -> Child:
    """Add a child with a mother."""
    number = next(_numbers)
    values = {
        "number": f"C{number}",
        "name": f"儿童{number}",
        "id_number": f"ID{number}",
        "id_number_index": number.to_bytes(32, "big"),
        "birth_date": "2016-05-01",
        "created_at": datetime(2026, 11, 1, tzinfo=UTC),
        **values,
    }
    child = Child(station_id=station.id, **values)
    child.guardians = [
        Guardian(
            station_id=station.id,
            child_id=child.id,
            relation=Relation.MOTHER,
            name=f"母亲{number}",
            phone=f"phone{number}",
            phone_index=bytes(32),
        )
    ]
    return _kept(session, child)


def a_consent(session: Session, child: Child, purpose: ConsentPurpose, **values: Any) -> Consent:
    """Note a consent on paper that counts since long ago."""
    own = {"station_id": child.station_id, "child_id": child.id}
    return _kept(session, Consent(purpose=purpose, **{"given_on": date(2020, 1, 1), **values}, **own))


def a_request(child: Child) -> RightsRequest:
    """Return a guardian's request for a copy that waits."""
    return RightsRequest(
        station_id=child.station_id,
        child_id=child.id,
        kind=RequestKind.COPY,
        how=ReceivedHow.DESK,
        received_on=SATURDAY,
        due_on=SATURDAY,
        entered_at=TEST_MOMENT,
        fields=[],
    )


def restrict(session: Session, child_id: UUID) -> RightsRequest:
    """Restrict the use of a child's data, as its guardian asked."""
    row = a_request(session.get_one(Child, child_id))
    row.kind, row.outcome, row.answered_at = RequestKind.RESTRICTION, Outcome.DONE, TEST_MOMENT
    return _kept(session, row)


def a_told_session(session: Session, child: Child, session_id: UUID, **values: Any) -> ChildFeedItem:
    """Add what the calendar of a child's guardians has said of a session: from 9 to 10 on SATURDAY."""
    said = {
        "title": "棋",
        "location": "",
        "description": "",
        "category": "",
        "changed_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    values = {"starts_at": at(SATURDAY, 9), "ends_at": at(SATURDAY, 10), **said, **values}
    item = ChildFeedItem(station_id=child.station_id, child_id=child.id, session_id=session_id, **values)
    return _kept(session, item)
