"""Where a file is kept and whether it is: moves between stations, leaving with a reason, coming back, turning 18."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, ChildTurn, Station
from core.db.queries import children as queries
from core.db.scope import scope_of, set_scope
from core.domain.actor import EVERYTHING, Actor
from core.domain.ages import age_on
from core.domain.child_file import LeftReason, Turn
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.services.audit import record
from core.services.children.dependents import move_along, tables_of
from core.services.children.entry import ADULT_AGE
from core.services.children.keeping import locked_child, note, touch

_NOTE_LENGTH: Final = 500


@dataclass(frozen=True)
class GrownUp:
    """A child of whom a file is kept though it has turned 18, and since when."""

    child_id: UUID
    number: str
    name: str = field(repr=False)
    since: date


def move_child(
    session: Session,
    actor: Actor,
    clock: Clock,
    child_id: UUID,
    target_id: UUID,
    *,
    day: date,
    today: date,
    words: str = "",
) -> ChildTurn:
    """Move a file in reach to a station, wherever it is, with all that hangs on it; both stations' logs say so.

    Raises ConflictError where the other station has a file of the same number.
    """
    child = locked_child(session, child_id)
    _refuse_future(day, today)
    if child.station_id == target_id:
        raise InvalidInputError(Message("The child is at this station already: choose another."))
    reach = scope_of(session)
    # The new station may lie out of the actor's reach: from here on nothing is read but the two stations and the file.
    set_scope(session, EVERYTHING)
    try:
        return _moved(session, actor, clock, child_id, target_id, day=day, words=words)
    finally:
        session.flush()
        set_scope(session, reach)


def station_by_address(session: Session, slug: str | None) -> UUID:
    """Return the station with that public address, wherever it is; raise NotFoundError if none has it.

    Nothing else of a station out of reach is told, so whoever moves a child has to know where it goes.
    """
    reach = scope_of(session)
    set_scope(session, EVERYTHING)
    try:
        found = session.scalars(select(Station.id).where(Station.slug == (slug or "").strip())).one_or_none()
    finally:
        set_scope(session, reach)
    if found is None:
        raise NotFoundError(Message("There is no such station."))
    return found


def leave(
    session: Session,
    actor: Actor,
    clock: Clock,
    child_id: UUID,
    reason: LeftReason,
    *,
    day: date,
    today: date,
    words: str = "",
) -> Child:
    """Note that a child has left; raise ConflictError where it has already."""
    child = locked_child(session, child_id)
    _refuse_future(day, today)
    if child.left_on is not None:
        raise ConflictError(Message("This child has left already."))
    child.left_on, child.left_reason = day, reason
    _turned(session, actor, clock, child, Turn.LEFT, day, reason=reason, note=words)
    touch(session, child, clock)
    note(session, actor, clock, child, "child.left", {"reason": reason.value})
    return child


def come_back(session: Session, actor: Actor, clock: Clock, child_id: UUID, *, today: date) -> Child:
    """Note that a child who has left is at the station again; raise ConflictError where it hasn't, or is grown up."""
    child = locked_child(session, child_id)
    if child.left_on is None:
        raise ConflictError(Message("This child is at the station."))
    if age_on(date.fromisoformat(child.birth_date), today) >= ADULT_AGE:
        raise ConflictError(Message("Files are kept of children under 18."))
    child.left_on = child.left_reason = None
    _turned(session, actor, clock, child, Turn.RETURNED, today)
    touch(session, child, clock)
    note(session, actor, clock, child, "child.returned", {})
    return child


def grown_up(session: Session, today: date) -> list[GrownUp]:
    """Return the children in reach who have turned 18 by the day and whose files are still kept, the eldest first."""
    found = []
    for row in session.execute(queries.with_births()):
        born = _born(row)
        if age_on(born, today) >= ADULT_AGE:
            found.append((row.id, eighteenth(born)))
    since = dict(found)
    rows = session.scalars(select(Child).where(Child.id.in_(list(since)))) if since else ()
    return sorted((GrownUp(row.id, row.number, row.name, since[row.id]) for row in rows), key=lambda one: one.since)


def mark_grown_up(session: Session, actor: Actor, clock: Clock, today: date) -> int:
    """Note of all in reach who have turned 18 that they have left, and return how many they were."""
    children = grown_up(session, today)
    for one in children:
        leave(session, actor, clock, one.child_id, LeftReason.TURNED_18, day=one.since, today=today)
    return len(children)


def eighteenth(born: date) -> date:
    """Return the day on which somebody turns 18; whoever was born on 29 February turns on 1 March."""
    try:
        return born.replace(year=born.year + ADULT_AGE)
    except ValueError:
        return date(born.year + ADULT_AGE, 3, 1)


def _born(row: Any) -> date:
    return date.fromisoformat(row.sealed_birth_date.open(f"children|sealed_birth_date|{row.id.hex}"))


def _moved(
    session: Session, actor: Actor, clock: Clock, child_id: UUID, target_id: UUID, *, day: date, words: str
) -> ChildTurn:
    child = locked_child(session, child_id)
    target = session.get(Station, target_id)
    if target is None:
        raise NotFoundError(Message("There is no such station."))
    if session.scalars(queries.numbered_at(target_id, child.number)).one_or_none() is not None:
        raise ConflictError(
            Message(
                "A file of that station has the number %(number)s: change this one's first.", {"number": child.number}
            )
        )
    origin = session.get_one(Station, child.station_id)
    note(session, actor, clock, child, "child.moved_out", {"to": str(target_id)})
    counts = move_along(session, tables_of(session), child, target)
    turn = _turned(session, actor, clock, child, Turn.MOVED, day, note=words)
    turn.from_station, turn.to_station, turn.counts = origin.name, target.name, dict(counts)
    touch(session, child, clock)
    session.flush()
    record(
        session,
        actor,
        clock,
        station_id=target_id,
        action="child.moved_in",
        subject_kind="child",
        subject_id=child_id,
        detail={"from": str(origin.id), "rows": dict(sorted(counts.items()))},
    )
    return turn


def _turned(
    session: Session, actor: Actor, clock: Clock, child: Child, turn: Turn, day: date, **values: Any
) -> ChildTurn:
    words = values.pop("note", "")
    row = ChildTurn(
        station_id=child.station_id,
        child_id=child.id,
        turn=turn,
        day=day,
        noted_at=clock.now(),
        noted_by=actor.user_id,
        **values,
    )
    row.note = words.strip()[:_NOTE_LENGTH] or None
    session.add(row)
    return row


def _refuse_future(day: date, today: date) -> None:
    if day > today:
        raise InvalidInputError(Message("The day lies in the future: correct it."))
