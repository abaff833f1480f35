"""A station with appointments, a talk with its care, and six children with their families, on the pages' database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core.app import create_app
from core.config import Settings
from core.db.migrate import upgrade
from core.db.models import ActivityGroup, Attendance, Child, Group, GroupMember, Station, Term
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.vocabulary import Presence
from core.hooks.manager import load_hooks
from tests.functional.county import County, MovingClock
from tests.integration.builders import SATURDAY, SUNDAY, a_child, a_group, a_term, an_activity, at, held

CHILDREN = 6


@dataclass(frozen=True)
class World:
    """The ids of what was stored; the children in the order of their numbers, C000 to C005."""

    station: UUID
    term: UUID
    children: tuple[UUID, ...]
    slots: tuple[UUID, ...]
    advice: UUID
    talk: UUID
    open_talk: UUID
    care: UUID
    foreign_child: UUID


@pytest.fixture
def app(database: Database, clock: MovingClock, tmp_path: Path) -> Flask:
    """Return the application with the parent school alone."""
    hooks = load_hooks(only=["parent_school"])
    for history in hooks.histories:
        upgrade(database.engine, history)
    return create_app(
        Settings.in_directory(tmp_path, second_factor_forced=False), hooks, database=database, clock=clock
    )


@pytest.fixture
def world(app: Flask, database: Database, county: County) -> World:
    """Store two appointments on Saturday, and two talks on Sunday, one for a group and with child care."""
    assert app
    with database.writing(EVERYTHING) as session:
        station, other = (session.get_one(Station, place.station) for place in (county.here, county.elsewhere))
        children = [a_child(session, station, number=f"C00{n}", name=f"青童{n}") for n in range(CHILDREN)]
        group = a_group(session, station, name="青石低年级")
        session.add_all(_member(group, child) for child in children[:3])
        term = a_term(session, station)
        return _world(session, term, group, children, a_child(session, other, number="C900", name="远童"))


def _world(session: Session, term: Term, group: Group, children: list[Child], foreign: Child) -> World:
    advice = an_activity(
        session, term, type_key="parent_school.counselling", title="家庭咨询", session_count=3, duration=45, closed=True
    )
    talk = an_activity(session, term, type_key="parent_school.lecture", title="家长讲堂")
    session.add(ActivityGroup(station_id=term.station_id, activity_id=talk.id, group_id=group.id))
    open_talk = an_activity(session, term, type_key="parent_school.course", title="家长课程")
    care = an_activity(session, term, type_key="parent_school.care", title="讲堂托管")
    slots = [held(session, row, at(SATURDAY, 9 + n)) for n, row in enumerate(advice.sessions[:2])]
    for activity, hour in ((talk, 10), (open_talk, 14), (care, 10)):
        held(session, activity.sessions[0], at(SUNDAY, hour))
    for child in children[:5]:
        session.add(_present(term.station_id, care.sessions[0].id, child))
    return World(
        station=term.station_id,
        term=term.id,
        children=tuple(child.id for child in children),
        slots=tuple(slot.id for slot in slots),
        advice=advice.id,
        talk=talk.sessions[0].id,
        open_talk=open_talk.sessions[0].id,
        care=care.id,
        foreign_child=foreign.id,
    )


def _member(group: Group, child: Child) -> GroupMember:
    return GroupMember(station_id=group.station_id, group_id=group.id, child_id=child.id)


def _present(station_id: UUID, session_id: UUID, child: Child) -> Attendance:
    return Attendance(
        station_id=station_id,
        session_id=session_id,
        child_id=child.id,
        presence=Presence.PRESENT,
        noted_at=datetime.combine(date(2026, 11, 29), datetime.min.time(), UTC),
        noted_by=None,
    )
