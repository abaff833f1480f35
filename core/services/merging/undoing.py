"""Taking back that two files were made one: for a day, and as long as nothing was changed in the file meanwhile.

A merging is taken back when the wrong two were merged, which shows when somebody next works with the family, not within
minutes as with a slip at the desk. Then both files stand with all their rows exactly as before.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.models import Child, ChildTurn, Registration
from core.db.opening import MachinePath, reading
from core.db.restriction import putting_back
from core.db.scope import seeing_all
from core.domain.actor import Actor
from core.domain.child_file import Turn
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message
from core.domain.registering import HOLDING
from core.services.children.dependents import dependents, tables_of
from core.services.children.digest import refresh
from core.services.children.keeping import locked_child, note, touch
from core.services.merging.registrations import locked_registrations, require_places
from core.services.merging.snapshots import Values, fingerprint, read

#: So long after it a merging can be taken back.
WITHIN: Final = timedelta(days=1)
#: What isn't as before: it counts that the file was changed twice.
_COUNTED: Final = frozenset({"id", "version", "changed_at", "sealed_digest"})


def can_unmerge(turn: ChildTurn, now: datetime) -> bool:
    """Tell whether a turn is a merging that it isn't too late to take back; something may have changed all the same."""
    return turn.turn is Turn.MERGED and turn.sealed_undo is not None and now < turn.noted_at + WITHIN


def unmerge(session: Session, actor: Actor, clock: Clock, kept_id: UUID) -> UUID:
    """Take the last merging of a file back, and return the id of the file that is there again.

    Raises ConflictError where it is too late, anything of the file was changed since, a place that became free was
    given on, or the other file's number or document is another's by now.
    """
    locked_child(session, kept_id)
    with seeing_all(session), reading(session, MachinePath.FILES), putting_back(session):
        turn = session.scalars(_mergings(kept_id)).first()
        if turn is None or not can_unmerge(turn, clock.now()):
            raise ConflictError(Message("It is too late to take this back: correct the file by hand."))
        said = json.loads(turn.undo or "{}")
        tables = tables_of(session)
        locked_registrations(session, [kept_id])
        if fingerprint(session, tables, kept_id, but=turn.id) != said["fingerprint"]:
            raise ConflictError(
                Message(
                    "Something of the file was changed since the merging, so that it can't be taken back any more."
                    " What the other file said stands in the history."
                )
            )
        require_places(session, (UUID(row["id"]) for row in said["registrations"] if row["state"] in HOLDING))
        return _taken_apart(session, actor, clock, turn, said)


def forget_undone(session: Session, now: datetime) -> int:
    """Empty what was kept of mergings for which it is too late, and return how many those were."""
    over = ChildTurn.sealed_undo.is_not(None) & (ChildTurn.noted_at <= now - WITHIN)
    return session.execute(update(ChildTurn).where(over).values(sealed_undo=None)).rowcount  # type: ignore[attr-defined,no-any-return]


def _mergings(kept_id: UUID) -> Any:
    query = select(ChildTurn).where(ChildTurn.child_id == kept_id, ChildTurn.turn == Turn.MERGED)
    return query.order_by(ChildTurn.noted_at.desc(), ChildTurn.id.desc())


def _taken_apart(session: Session, actor: Actor, clock: Clock, turn: ChildTurn, said: Mapping[str, Any]) -> UUID:
    kept, before = session.get_one(Child, turn.child_id), read(Child, said["kept"])
    for name in before.keys() - _COUNTED:
        if getattr(kept, name) != before[name]:
            setattr(kept, name, before[name])
    session.delete(turn)
    session.flush()
    former = _there_again(session, read(Child, said["former"]))
    _give_back(session, former, said["moved"])
    _write_again(session, said["doubles"])
    _register_again(session, [read(Registration, row) for row in said["registrations"]])
    for child in (kept, former):
        session.expire(child, ["guardians", "categories", "memberships", "pick_ups"])
    touch(session, kept, clock)
    refresh(former)
    session.flush()
    for child, other in ((kept, former), (former, kept)):
        note(session, actor, clock, child, "child.unmerged", {"other": str(other.id)})
    return former.id


def _there_again(session: Session, values: Values) -> Child:
    former = Child(**values)
    try:
        with session.begin_nested():
            session.add(former)
    except IntegrityError:
        # Without its cause: the database's message may quote the row.
        raise ConflictError(
            Message("Another file has the merged one's number or document by now: change that one first.")
        ) from None
    return former


def _give_back(session: Session, former: Child, moved: Iterable[tuple[str, str, str | None]]) -> None:
    models = {one.table.name: one for one in dependents()}
    for table, key, station in moved:
        row: Any = session.get_one(models[table].model, UUID(key))
        setattr(row, models[table].attribute, former.id)
        if station is not None and row.station_id != UUID(station):
            row.station_id = UUID(station)
    session.flush()


def _write_again(session: Session, rows: Iterable[tuple[str, Values]]) -> None:
    """Write rows again that went as doubles, those on which others hang first."""
    models = {str(mapper.class_.__tablename__): mapper.class_ for mapper in Base.registry.mappers}
    for table, said in rows:
        session.add(models[table](**read(models[table], said)))
        session.flush()


def _register_again(session: Session, rows: Iterable[Values]) -> None:
    """Let registrations stand as they did: first each with its own child, since of one child only one may count."""
    before = [(session.get_one(Registration, values["id"]), values) for values in rows]
    for names in ({"child_id", "request_id"}, None):
        for row, values in before:
            for name in names or values.keys():
                if getattr(row, name) != values[name]:
                    setattr(row, name, values[name])
        session.flush()
