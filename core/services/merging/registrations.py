"""Registrations of two files of one child: none that counts is lost when the files become one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Registration
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message
from core.domain.ids import new_id
from core.domain.registering import HOLDING, LIVE, Place
from core.services.audit import record
from core.services.registration.desk import fresh, lock_intakes, settle, taken

_ORDER: Final = {Place.PLACED: 0, Place.OFFERED: 1, Place.WAITING: 2}


@dataclass(frozen=True)
class Hand:
    """Who unites registrations, and by which clock."""

    actor: Actor
    clock: Clock


def locked_registrations(session: Session, children: Iterable[UUID]) -> Sequence[Registration]:
    """Return all registrations of some children, whose activities nobody else gives or takes places of meanwhile."""
    query = select(Registration).where(Registration.child_id.in_(list(children))).order_by(Registration.id)
    lock_intakes(session, set(session.scalars(query.with_only_columns(Registration.activity_id).order_by(None))))
    return session.scalars(query.execution_options(populate_existing=True)).all()


def unite(session: Session, hand: Hand, rows: Sequence[Registration], former: UUID, kept: UUID) -> int:
    """Give the registrations of one file to another, and return how many ended; `rows` are both files', locked.

    Where both count for the same activity the better one stays: with a place before one that is offered one, that
    before the waiting list, and there the earlier one. The other ends, which the log says with the reason; a place that
    is free then is offered like any other. The session must see everybody.
    """
    ended = 0
    for activity in {row.activity_id for row in rows}:
        live = [row for row in rows if row.activity_id == activity and row.state in LIVE]
        for worse in sorted(live, key=lambda row: _rank(row, kept))[1:]:
            _end(session, hand, worse, min(live, key=lambda row: _rank(row, kept)))
            ended += 1
    session.flush()
    known = {(row.request_id, row.activity_id) for row in rows if row.child_id == kept}
    for row in rows:
        if row.child_id == former:
            # One form may have registered both files: what it was asked is answered by the kept file's row.
            row.request_id = new_id() if (row.request_id, row.activity_id) in known else row.request_id
            row.child_id = kept
    session.flush()
    return ended


def require_places(session: Session, holders: Iterable[UUID]) -> None:
    """Raise ConflictError unless all of these registrations can have a place; their activities have to be locked."""
    needed = Counter(row.activity_id for key in holders if (row := fresh(session, key)).state not in HOLDING)
    intakes = lock_intakes(session, needed.keys())
    for activity, count in needed.items():
        if taken(session, activity) + count > intakes[activity].capacity:
            raise ConflictError(
                Message("A place that became free by the merging has been given on: it can't be taken back any more.")
            )


def _rank(row: Registration, kept: UUID) -> tuple[object, ...]:
    """Return what sorts the better registration first, as the waiting list itself would; the kept file's at a draw."""
    first = row.first_since
    queue = (first is None, first.timestamp() if first else 0, row.position or 0) if row.state is Place.WAITING else ()
    return _ORDER[row.state], queue, row.child_id != kept


def _end(session: Session, hand: Hand, row: Registration, better: Registration) -> None:
    was = row.state
    settle(row, hand, Place.CANCELLED)
    row.to_tell = False
    record(
        session,
        hand.actor,
        hand.clock,
        station_id=row.station_id,
        action="registration.united",
        subject_kind="registration",
        subject_id=row.id,
        detail={
            "child": row.child_id.hex,
            "activity": row.activity_id.hex,
            "was": was.value,
            "stays": better.id.hex,
            "as": better.state.value,
        },
    )
