"""A station with somebody who has its term planned, and rows of runs with defaults."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import PlanningRun, User
from core.db.session import Database
from core.domain.actor import EVERYTHING, Actor, Role
from core.domain.clock import FixedClock
from core.services.run_rows import PATIENCE
from core.services.web_sessions import actor_of
from core.testing import TEST_MOMENT
from tests.integration.builders import a_volunteer, an_activity
from tests.integration.timetable import World, a_world

NOW = FixedClock(TEST_MOMENT)
MUCH_LATER = FixedClock(TEST_MOMENT + PATIENCE + timedelta(seconds=1))


@dataclass(frozen=True)
class Office:
    """The small station with an organizer."""

    world: World
    organizer: Actor

    @property
    def term(self) -> UUID:
        """The id of its term."""
        return self.world.term.id


def an_office(session: Session) -> Office:
    """Store the small station and its organizer."""
    world = a_world(session)
    user = User(
        login=f"organizer-{world.station.slug}",
        role=Role.ORGANIZER,
        station_id=world.station.id,
        password="-",
        fs_uniquifier=world.station.slug,
        created_at=TEST_MOMENT,
    )
    session.add(user)
    session.flush()
    return Office(world, actor_of(user))


def busy(session: Session, office: Office) -> None:
    """Give the station more to plan than can be proved to be planned best in a few seconds."""
    for number in range(8):
        an_activity(session, office.world.term, session_count=5, places=2 + number % 2, max_per_day=1)
        a_volunteer(session, office.world.station, max_sessions=8, max_per_day=2)


def a_run(office: Office, **values: Any) -> PlanningRun:
    """Return a run that the organizer has asked for; it is not added."""
    values = {"seconds": 2, "asked_by": office.organizer.user_id, "asked_at": TEST_MOMENT, **values}
    return PlanningRun(station_id=office.world.station.id, term_id=office.term, **values)


def stored(database: Database, run_id: UUID) -> PlanningRun:
    """Return a run as it is now."""
    with database.reading(EVERYTHING) as session:
        return session.get_one(PlanningRun, run_id)
