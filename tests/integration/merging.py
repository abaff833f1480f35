"""Two files that are made one, and all that is there before and after."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.models import (
    ActivityIntake,
    AuditEntry,
    AuditHead,
    Child,
    Registration,
    Station,
)
from core.db.opening import MachinePath, reading
from core.db.sealed import Sealed
from core.domain.actor import SYSTEM
from core.domain.clock import FixedClock
from core.domain.ids import new_id
from core.domain.registering import LIVE, Channel, Place
from core.services.children.dependents import tables_of
from core.services.children.digest import refresh
from core.services.merging.files import Merged, merge_children
from core.services.registration.desk import join_group
from tests.integration.builders import (
    a_child,
)

TODAY = date(2026, 11, 23)
CLOCK = FixedClock(datetime(2026, 11, 23, 2, tzinfo=UTC))
LATER = FixedClock(CLOCK.now() + timedelta(hours=20))
CAPACITY = 3
#: What counts how often a file was changed, and what is written in passing.
UNLIKE = {"children": {"version", "changed_at"}, "stations": set[str]()}


def everything(session: Session) -> dict[tuple[str, UUID], Mapping[str, Any]]:
    """Return all rows there are but the audit log's, sealed fields by their text."""
    session.flush()
    session.expire_all()
    tables = tables_of(session)
    found = {}
    with reading(session, MachinePath.COPY):
        for mapper in Base.registry.mappers:
            model = mapper.class_
            if model.__tablename__ in tables and model not in {AuditEntry, AuditHead}:
                for row in session.scalars(select(model)):
                    found[model.__tablename__, inspect(row).identity] = seen(session, row)
    return found


def seen(session: Session, row: Any) -> Mapping[str, Any]:
    name = row.__tablename__
    values = {one.key: getattr(row, one.key) for one in inspect(type(row)).column_attrs}
    return {
        key: value.open_in(session, row.id, f"{name}|{key}|{row.id.hex}") if isinstance(value, Sealed) else value
        for key, value in values.items()
        if key not in UNLIKE.get(name, ())
    }


def a_file(session: Session, station: Station, **values: Any) -> Child:
    child = a_child(session, station, **values)
    with reading(session, MachinePath.FILES):
        refresh(child)
    session.flush()
    return child


def merged(session: Session, kept: UUID, former: UUID, clock: FixedClock = CLOCK) -> Merged:
    versions = session.get_one(Child, kept).version, session.get_one(Child, former).version
    return merge_children(session, SYSTEM, clock, kept, former, versions=versions, today=TODAY)


def registered(session: Session, child: Child, activity: UUID, state: Place, number: int, **values: Any) -> None:
    """Register a child, past all rules, and count its place."""
    said = {"request_id": new_id(), "channel": Channel.DESK, "registered_at": CLOCK.now(), "changed_at": CLOCK.now()}
    intake = session.scalars(select(ActivityIntake).where(ActivityIntake.activity_id == activity)).one()
    row = Registration(
        station_id=intake.station_id,
        child_id=child.id,
        activity_id=activity,
        state=state,
        former=None if state in LIVE else Place.PLACED,
        position=number if state in {Place.WAITING, Place.EXPIRED} else None,
        offered_until=LATER.now() if state is Place.OFFERED else None,
        **{**said, **values},
    )
    session.add(row)
    session.flush()
    if state is Place.PLACED:
        join_group(session, intake, child)


def named(found: Mapping[tuple[str, Any], Any]) -> dict[tuple[str, UUID], Any]:
    return {(table, key[0]): values for (table, key), values in found.items()}
