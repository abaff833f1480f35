"""The application with the program alone, and a course at the first station with a week behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core.app import create_app
from core.config import Settings
from core.db.migrate import upgrade
from core.db.models import Activity, ActivityGroup, ActivitySession, Attendance, Child, Group, GroupMember
from core.db.models.activity import SessionStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.vocabulary import ActivityLine, Presence
from core.hooks.manager import load_hooks
from tests.functional.county import County, MovingClock

MODULES: Final = ["认识情绪", "生气了怎么办", "说出感受"]

_NOW: Final = datetime(2026, 11, 29, tzinfo=UTC)


@dataclass(frozen=True)
class Courses:
    """The ids of a course, of its make-up, and of the six children of its group."""

    course: UUID
    make_up: UUID
    children: tuple[UUID, ...]


@pytest.fixture
def app(database: Database, clock: MovingClock, tmp_path: Path) -> Flask:
    """Return the application with the program alone, a week after the course has begun."""
    hooks = load_hooks(only=["sst"])
    for history in hooks.histories:
        upgrade(database.engine, history)
    clock.advance(timedelta(days=5))
    return create_app(
        Settings.in_directory(tmp_path, second_factor_forced=False), hooks, database=database, clock=clock
    )


@pytest.fixture
def courses(app: Flask, database: Database, county: County) -> Courses:
    """Store a course of three sessions, of which one is over, and a make-up of its first module."""
    with database.writing(EVERYTHING) as session:
        return _found(session, county.here.station, county.here.term)


def _found(session: Session, station: UUID, term: UUID) -> Courses:
    group = Group(station_id=station, name="固定小组", from_age=8, to_age=12, closed=True)
    children = [_child(station, number) for number in range(1, 7)]
    session.add_all([group, *children])
    session.flush()
    session.add_all(GroupMember(station_id=station, group_id=group.id, child_id=child.id) for child in children)
    course = _activity(session, station, term, "sst.group_course", "情绪小课堂", 3)
    course.settings = {"modules": MODULES, "minimum": 4, "maximum": 8, "join_until": 2, "questionnaire": True}
    make_up = _activity(session, station, term, "sst.make_up", "补课", 1)
    make_up.settings = {"course": "情绪小课堂", "module": 1}
    session.add(ActivityGroup(station_id=station, activity_id=course.id, group_id=group.id))
    first = _sessions(session, course, [date(2026, 11, 28), date(2026, 12, 5)])
    _sessions(session, make_up, [date(2026, 11, 30)])
    for place, child in enumerate(children):
        there = Presence.ABSENT if place == 0 else Presence.PRESENT
        session.add(Attendance(station_id=station, session_id=first, child_id=child.id, presence=there, noted_at=_NOW))
    return Courses(course.id, make_up.id, tuple(child.id for child in children))


def _child(station: UUID, number: int) -> Child:
    return Child(
        station_id=station,
        number=f"C{number:03d}",
        name=f"例童{number}",
        id_number=f"made up {number}",
        id_number_index=bytes([number]) * 32,
        birth_date="2016-05-01",
        created_at=_NOW,
    )


def _activity(session: Session, station: UUID, term: UUID, kind: str, title: str, count: int) -> Activity:
    row = Activity(
        station_id=station,
        term_id=term,
        type_key=kind,
        title=title,
        line=ActivityLine.COMFORT,
        session_count=count,
        duration=90,
        size=8,
        times=["16:00"],
        zones=["activity"],
        closed=True,
    )
    session.add(row)
    session.flush()
    return row


def _sessions(session: Session, activity: Activity, days: Sequence[date]) -> UUID:
    rows = []
    for position, day in enumerate(days):
        start = datetime.combine(day, time(16))
        rows.append(
            ActivitySession(
                station_id=activity.station_id,
                activity_id=activity.id,
                position=position,
                status=SessionStatus.HELD,
                starts_at=start,
                ends_at=start + timedelta(minutes=90),
                room_free_at=start + timedelta(minutes=90),
            )
        )
    session.add_all(rows)
    session.flush()
    return rows[0].id
