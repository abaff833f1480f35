"""Ten thousand made-up volunteers with twenty duties each, and a secret calendar address for everyone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.cli.installation import install
from core.config import Settings
from core.db.base import Base
from core.db.guards import lay_guards, lift_guards
from core.db.models import Activity, ActivitySession, Assignment, FeedItem, FeedToken, Station, Term, Volunteer
from core.db.models.activity import SessionStatus
from core.db.models.feed import FeedKind
from core.domain.clock import Clock, SystemClock
from core.domain.ids import new_id
from core.domain.serving import Stage
from core.domain.vocabulary import ActivityLine, StationKind, TermKind, VolunteerKind
from core.services.feeds import token_hash

STATIONS: Final = 10
#: Duties of a volunteer; each session has two adults.
DUTIES: Final = 20
_FIRST: Final = date(2026, 12, 5)
_Rows = dict[type[Base], list[dict[str, Any]]]


@dataclass(frozen=True)
class Subscribed:
    """An installation in which every volunteer has a calendar address: its settings, and the addresses' tokens."""

    settings: Settings
    tokens: tuple[str, ...]
    #: The station of each volunteer, by the part of the token that is the volunteer's id.
    station_of: dict[str, UUID]


def an_installation(folder: Path, volunteers: int) -> Subscribed:
    """Make an installation of so many volunteers in a folder, rows in bulk as a published plan would leave them."""
    settings, clock = Settings.in_directory(folder), SystemClock()
    machine = install(settings, clock)
    tokens: list[str] = []
    station_of: dict[str, UUID] = {}
    with machine.writing() as session:
        # Twenty duties a volunteer are held against the guards a row at a time, which here proves nothing.
        lift_guards(session.connection())
        for number in range(STATIONS):
            station = Station(kind=StationKind.STATION, name=f"例{number}未保站", slug=f"li-{number}", parent_id=None)
            session.add(station)
            session.flush()
            made = _fill(session, clock, station.id, volunteers // STATIONS)
            tokens += made
            station_of |= {token.partition("-")[0]: station.id for token in made}
        lay_guards(session.connection())
    machine.database.dispose()
    return Subscribed(settings, tuple(tokens), station_of)


def _fill(session: Session, clock: Clock, station: UUID, volunteers: int) -> list[str]:
    """Add a station's volunteers with their duties and addresses; return the addresses' tokens."""
    term = Term(station_id=station, name="寒假", kind=TermKind.WEEKENDS, first=_FIRST, last=_FIRST + timedelta(days=90))
    session.add(term)
    session.flush()
    tables = (Volunteer, Activity, ActivitySession, Assignment, FeedItem, FeedToken)
    rows: _Rows = {table: [] for table in tables}
    tokens = []
    for number in range(0, volunteers, 2):
        pair = [_a_volunteer(rows, station, one) for one in (number, number + 1)]
        _an_activity(rows, station, term.id, number, pair, clock.now())
        for one in pair:
            # No secret here: tokens of a known form make a run the same as the last.
            tokens.append(f"{one.hex}-bench-token")
            rows[FeedToken].append(
                {"id": new_id(), "station_id": station, "kind": FeedKind.VOLUNTEER, "subject": one.hex}
                | {"token_hash": token_hash(tokens[-1]), "created_at": clock.now()}
            )
    for table in tables:
        session.execute(insert(table), rows[table])
    return tokens


def _a_volunteer(rows: _Rows, station: UUID, number: int) -> UUID:
    key = new_id()
    rows[Volunteer].append(
        {"id": key, "station_id": station, "number": f"V{number:05}", "name": f"例志愿者{number}"}
        | {"kind": VolunteerKind.TEACHER, "birth_date": date(1990, 1, 1), "max_sessions": 50, "stage": Stage.ACCEPTED}
    )
    return key


def _an_activity(rows: _Rows, station: UUID, term: UUID, number: int, pair: list[UUID], now: datetime) -> None:
    """Add a series of sessions in which the pair serves, and what their calendars say of it."""
    activity, title = new_id(), f"周末陪伴与阅读{number}"
    rows[Activity].append(
        {"id": activity, "station_id": station, "term_id": term, "type_key": "sst.companionship", "title": title}
        | {"line": ActivityLine.COMPANIONSHIP, "session_count": DUTIES, "duration": 90, "size": 12}
        | {"times": ["09:00"], "zones": []}
    )
    for position in range(DUTIES):
        key = new_id()
        starts = datetime.combine(_FIRST + timedelta(days=3 * position), time(9))
        times = {"starts_at": starts, "ends_at": starts + timedelta(minutes=90)}
        own = {"station_id": station, **times}
        rows[ActivitySession].append(
            {"id": key, "activity_id": activity, "position": position, "status": SessionStatus.HELD, **own}
            | {"room_free_at": times["ends_at"]}
        )
        for one in pair:
            rows[Assignment].append({"id": new_id(), "session_id": key, "volunteer_id": one, "role": "lead", **own})
            rows[FeedItem].append(
                {"id": new_id(), "session_id": key, "changed_at": now, **own, **_said(one, title, position)}
            )


def _said(volunteer: UUID, title: str, position: int) -> dict[str, Any]:
    return {
        "kind": FeedKind.VOLUNTEER,
        "subject": volunteer.hex,
        "title": title,
        "location": "青阳街道文体中心 阅览室 青阳街道文化路8号",
        "description": f"第{position + 1}场,共{DUTIES}场\n课后陪伴:写作业、读书、做游戏。",
        "category": "周末陪伴\n陪伴",
        "title_en": title,
        "description_en": f"Session {position + 1} of {DUTIES}\nCompanionship after school.",
        "category_en": "Weekend companionship",
        "color": "teal",
        "position": "31.230400,121.473700",
    }
