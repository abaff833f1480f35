"""A station with classes, a group of six children, and their attendance, on the pages' own database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core.app import create_app
from core.config import Settings
from core.db.migrate import upgrade
from core.db.models import Activity, ActivityGroup, Attendance, Child, Group, GroupMember, Station, Term
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.vocabulary import ActivityLine, Presence
from core.hooks.manager import load_hooks
from plugins.character_ed.models import Award
from tests.functional.county import County, MovingClock
from tests.integration.builders import SATURDAY, a_child, a_group, a_term, an_activity, at, held

CHILDREN = 6


@dataclass(frozen=True)
class World:
    """The ids of what was stored; the children in the order of their numbers."""

    station: UUID
    group: UUID
    empty_group: UUID
    other_group: UUID
    term: UUID
    children: tuple[UUID, ...]


@pytest.fixture
def app(database: Database, clock: MovingClock, tmp_path: Path) -> Flask:
    """Return the application with character education alone."""
    hooks = load_hooks(only=["character_ed"])
    for history in hooks.histories:
        upgrade(database.engine, history)
    return create_app(
        Settings.in_directory(tmp_path, second_factor_forced=False), hooks, database=database, clock=clock
    )


@pytest.fixture
def world(app: Flask, database: Database, county: County) -> World:
    """Store two classes on virtues and one on learning, at which fewer and fewer children were.

    All six were at the first, five at the second; one alone was at the third, and another one was excused.
    """
    assert app
    with database.writing(EVERYTHING) as session:
        station, other = (session.get_one(Station, place.station) for place in (county.here, county.elsewhere))
        group, nobody = a_group(session, station, name="青石中年级"), a_group(session, station, name="空空小组")
        children = [
            a_child(session, station, number=f"C00{number}", name=f"青童{number}") for number in range(CHILDREN)
        ]
        _join(session, group, children)
        term = a_term(session, station, name="品格学期")
        there = [dict.fromkeys(children, Presence.PRESENT), dict.fromkeys(children[:5], Presence.PRESENT)]
        there.append({children[0]: Presence.PRESENT, children[1]: Presence.EXCUSED})
        lines = (ActivityLine.VIRTUES, ActivityLine.VIRTUES, ActivityLine.LEARNING)
        for number, (line, present) in enumerate(zip(lines, there, strict=True)):
            _note(session, _a_class(session, term, group, line), present, SATURDAY + timedelta(days=number))
        for name, stamps, on_lines in (("小苗奖", 2, 1), ("双线奖", 3, 2)):
            session.add(Award(station_id=station.id, name=name, stamps=stamps, lines=on_lines))
        session.add(Award(station_id=other.id, name="远桥奖", stamps=1, lines=1))
        elsewhere = a_group(session, other, name="远桥小组")
        numbers = tuple(child.id for child in children)
        return World(station.id, group.id, nobody.id, elsewhere.id, term.id, numbers)


def _join(session: Session, group: Group, children: list[Child]) -> None:
    rows = (GroupMember(station_id=group.station_id, group_id=group.id, child_id=child.id) for child in children)
    session.add_all(rows)
    session.flush()


def _a_class(session: Session, term: Term, group: Group, line: ActivityLine) -> Activity:
    activity = an_activity(session, term, type_key="character_ed.open_class", line=line)
    activity.group_choices = [ActivityGroup(station_id=term.station_id, group_id=group.id)]
    session.flush()
    return activity


def _note(session: Session, activity: Activity, present: dict[Child, Presence], day: date) -> None:
    (row,) = activity.sessions
    held(session, row, at(day, 9))
    noted = datetime(2026, 12, 1, tzinfo=UTC)
    session.add_all(
        Attendance(station_id=row.station_id, session_id=row.id, child_id=child.id, presence=presence, noted_at=noted)
        for child, presence in present.items()
    )
    session.flush()
