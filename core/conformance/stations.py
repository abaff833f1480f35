"""A station without any data, with an account for each role, on a database that is thrown away."""

from datetime import date

from core.db.migrate import upgrade
from core.db.models import Installation, Station, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.clock import SystemClock
from core.domain.serving import Stage
from core.domain.vocabulary import StationKind, VolunteerKind
from core.hooks.calling import Hooks
from core.services.accounts import add_user

PASSWORD = "a long sentence for a station that is soon gone"  # noqa: S105 - of a database that is thrown away


def found_station(database: Database, hooks: Hooks) -> None:
    """Add the plugins' tables to core's, and a station with an account for each role."""
    for history in hooks.histories:
        upgrade(database.engine, history)
    clock = SystemClock()
    with database.writing(EVERYTHING) as session:
        session.add(Installation(timezone="Asia/Shanghai", demo=False, created_at=clock.now()))
        station = Station(kind=StationKind.STATION, name="试点站", slug="trial", parent_id=None)
        session.add(station)
        session.flush()
        volunteer = Volunteer(
            station_id=station.id,
            number="V001",
            name="试点志愿者",
            kind=VolunteerKind.TEACHER,
            birth_date=date(1990, 1, 1),
            max_sessions=1,
            stage=Stage.ACCEPTED,
        )
        session.add(volunteer)
        session.flush()
        for role in Role:
            add_user(
                session,
                SYSTEM,
                clock,
                login=role.value,
                password=PASSWORD,
                role=role,
                station_id=station.id,
                volunteer_id=volunteer.id if role is Role.VOLUNTEER else None,
            )
