"""Switching a program off and on at a station; what it has entered and published stays."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ProgramSwitch, Station
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError
from core.services.audit import record


def programs_switched_off(session: Session, station_id: UUID) -> frozenset[str]:
    """Return the programs that a station has switched off, by key."""
    rows = session.scalars(select(ProgramSwitch.program).where(ProgramSwitch.station_id == station_id))
    return frozenset(rows)


def switch_program(session: Session, actor: Actor, clock: Clock, station_id: UUID, program: str, *, on: bool) -> bool:
    """Switch a program off or on at a station and return whether that changed anything.

    Off, no activity of it is added, and of those there are only what is published stays; on again, all is as it was.
    """
    if session.get(Station, station_id) is None:
        raise NotFoundError(Message("There is no such station."))
    query = select(ProgramSwitch).where(ProgramSwitch.station_id == station_id, ProgramSwitch.program == program)
    row = session.scalars(query).one_or_none()
    if on is (row is None):
        return False
    if row is None:
        session.add(ProgramSwitch(station_id=station_id, program=program, switched_off_at=clock.now()))
    else:
        session.delete(row)
    session.flush()
    record(
        session,
        actor,
        clock,
        station_id=station_id,
        action="program.switched_on" if on else "program.switched_off",
        subject_kind="program",
        subject_id=None,
        detail={"program": program},
    )
    return True
