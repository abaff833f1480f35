"""The work of a day: whether it is due, which process does it, and what came of each part.

The day is the station's, and its row is unique: of several servers one takes it. A process that dies leaves the row
open, and the next one goes on with the parts that are missing; each part may be done twice without harm.
"""

from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.models import DailyWork
from core.domain.clock import Clock, wall_clock

#: When servers begin by themselves; whatever is off then catches up later in the day.
BEGINS: Final = time(3)
#: After so long without a word a process is taken for dead; each part gives one when it ends.
PATIENCE: Final = timedelta(hours=1)
_FAILED: Final = "failed"
_DONE: Final = "done"


def is_due(session: Session, clock: Clock, timezone: str) -> bool:
    """Tell whether a server should begin the day's work now: it is time, and nobody has done it or is at it."""
    local = wall_clock(clock, timezone)
    if local.time() < BEGINS:
        return False
    row = session.scalars(_of(local.date())).one_or_none()
    return row is None or (row.ended_at is None and _is_dead(row, clock.now()))


def take_day(session: Session, clock: Clock, day: date, worker: str, *, again: bool = False) -> dict[str, bool] | None:
    """Take a day for a process, and return which parts are done already; None where it is done or another's.

    With `again` a day that is over is taken once more, for the parts that have failed.
    """
    row = session.scalars(_of(day).with_for_update()).one_or_none()
    if row is None:
        row = _added(session, clock, day, worker)
        if row is None:
            return None
    elif (row.ended_at is not None and not again) or (row.ended_at is None and not _is_dead(row, clock.now())):
        return None
    row.worker, row.heartbeat_at, row.ended_at = worker, clock.now(), None
    session.flush()
    return {name: _DONE in result for name, result in row.parts.items()}


def note_part(session: Session, clock: Clock, day: date, worker: str, name: str, result: int | str) -> bool:
    """Note what came of a part: how much was done, or the kind of its error; False where the day is another's."""
    row = session.scalars(_of(day).with_for_update()).one_or_none()
    if row is None or row.worker != worker or row.ended_at is not None:
        return False
    row.parts = {**row.parts, name: {_FAILED if isinstance(result, str) else _DONE: result}}
    row.heartbeat_at = clock.now()
    return True


def end_day(session: Session, clock: Clock, day: date, worker: str) -> None:
    """Note that all parts were tried."""
    row = session.scalars(_of(day).with_for_update()).one_or_none()
    if row is not None and row.worker == worker:
        row.ended_at = clock.now()


def _of(day: date) -> Select[DailyWork]:
    return select(DailyWork).where(DailyWork.day == day)


def _is_dead(row: DailyWork, now: datetime) -> bool:
    return row.heartbeat_at + PATIENCE < now


def _added(session: Session, clock: Clock, day: date, worker: str) -> DailyWork | None:
    row = DailyWork(day=day, worker=worker, heartbeat_at=clock.now(), parts={})
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # Another server was quicker by a moment.
        return None
    return row
