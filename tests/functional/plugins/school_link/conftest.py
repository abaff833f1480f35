"""A station with a partner school that confirms, with a session of it in the newest plan."""

from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core.app import create_app
from core.config import Settings
from core.db.migrate import upgrade
from core.db.models import Activity, ActivityGroup, Group, Plan, Venue
from core.db.models.plan import PlanStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.vocabulary import ActivityLine, VenueKind
from core.hooks.calling import Hooks
from core.hooks.manager import load_hooks
from plugins.school_link.models import School, SchoolClass
from tests.functional.county import County, MovingClock
from tests.plugins.small_terms import ROLE, a_person, a_plan, a_problem, a_session, an_activity

STARTS = ("12-05 09:00", "12-12 09:00", "12-19 09:00")


@dataclass(frozen=True)
class Rows:
    """The ids of what was added to the county."""

    school: UUID
    venue: UUID
    activity: UUID
    group: UUID


@pytest.fixture
def hooks() -> Hooks:
    """Return the hooks of the program alone."""
    return load_hooks(only=["school_link"])


@pytest.fixture
def app(hooks: Hooks, database: Database, clock: MovingClock, tmp_path: Path) -> Flask:
    """Return the application with the program alone."""
    for history in hooks.histories:
        upgrade(database.engine, history)
    return create_app(
        Settings.in_directory(tmp_path, second_factor_forced=False), hooks, database=database, clock=clock
    )


@pytest.fixture
def rows(app: Flask, database: Database, county: County, clock: MovingClock) -> Rows:
    """Add the school, an outing of its class with one session planned, and return their ids."""
    with database.writing(EVERYTHING) as session:
        own = {"station_id": county.here.station}
        venue = Venue(name="青石测试小学", kind=VenueKind.SCHOOL, **own)
        group = Group(name="三年一班", from_age=8, to_age=10, **own)
        session.add_all([venue, group])
        session.flush()
        hours = {"opens": time(8), "closes": time(18), "lessons_end": time(16)}
        school = School(venue_id=venue.id, liaison="德育处", confirms=True, **hours, **own)
        session.add(school)
        session.flush()
        session.add(SchoolClass(school_id=school.id, name="三年一班", grade=3, group_id=group.id, **own))
        activity = _an_outing(session, county, venue.id, group.id)
        add_plan(session, county, clock, activity, STARTS[0], version=2)
        return Rows(school.id, venue.id, activity, group.id)


def add_plan(session: Session, county: County, clock: MovingClock, activity: UUID, start: str, *, version: int) -> None:
    """Add the newest draft: the outing's only session begins at a start."""
    outing = an_activity(str(activity), STARTS, sessions=1)
    problem = a_problem([outing], [a_person(str(county.here.volunteer))])
    plan = a_plan(a_session(str(activity), 0, start, str(county.here.volunteer)))
    assert plan.sessions[0].staff[ROLE]
    session.add(
        Plan(
            station_id=county.here.station,
            term_id=county.here.term,
            version=version,
            status=PlanStatus.DRAFT,
            problem=problem.to_json(),
            document=plan.to_json(),
            summary={},
            shortfalls=[],
            created_at=clock.now(),
        )
    )
    session.flush()


def _an_outing(session: Session, county: County, venue: UUID, group: UUID) -> UUID:
    activity = Activity(
        station_id=county.here.station,
        term_id=county.here.term,
        type_key="school_link.outing",
        title="走进未保站",
        line=ActivityLine.INCLUSION,
        session_count=1,
        duration=60,
        size=10,
        times=["09:00"],
        zones=[],
        first=date(2026, 12, 1),
        settings={"school": str(venue), "for_classes": True},
    )
    activity.group_choices.append(ActivityGroup(station_id=county.here.station, group_id=group))
    session.add(activity)
    session.flush()
    return activity.id
