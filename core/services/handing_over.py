"""Children at the door: each comes, and goes home with somebody who may take it; who may not raises the alarm.

What is shown is the least with which a child is handed over safely: decision note 30.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Attendance, Child, GuardianLeave, Handover
from core.db.opening import MachinePath, reading
from core.db.queries import replies as queries
from core.db.session import keeps
from core.domain.actor import Actor, Role
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.notices import Notice, NoticeKind, to_user
from core.domain.vocabulary import GuardianAccess, Presence, label
from core.security.permissions import require
from core.services.attendance import expected_children, find_held_session, set_presence
from core.services.audit import record
from core.services.door import Door, TooFewAdultsError, door_of
from core.services.notices.outbox import put_all
from core.services.replies.telling import session_facts

NAME_LENGTH: Final = 40
REASON_LENGTH: Final = 200


@dataclass(frozen=True)
class ChildAtTheDoor:
    """A child who is expected, and what is noted of its coming and going."""

    child: Child
    presence: Presence | None
    handover: Handover | None

    @property
    def here(self) -> bool:
        """Tell whether the child is here now."""
        return self.presence is Presence.PRESENT and not self.gone

    @property
    def gone(self) -> bool:
        """Tell whether the child came and went home."""
        return self.handover is not None and self.handover.left_at is not None


@dataclass(frozen=True)
class Collector:
    """Somebody whom the child's file names: a guardian or a person for the pick-up, and whether they may take it."""

    id: UUID
    name: str = field(repr=False)
    relation: str | Message | None = field(repr=False)
    allowed: bool


@dataclass(frozen=True)
class Taker:
    """Who stands at the door for a child: somebody of the file by `person_id`, or somebody else by name and reason."""

    person_id: UUID | None = None
    name: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)


@dataclass(frozen=True)
class Board:
    """Who is here at this moment: the adults as the door counts them, and the children."""

    door: Door
    children: int
    alarms: int

    @property
    def unsafe(self) -> bool:
        """Tell whether children are here with too few adults, or with adults of one household alone."""
        return self.children > 0 and not self.door.safe

    @property
    def per_adult(self) -> int | None:
        """How many children there are for each adult, rounded up; None without an adult."""
        return -(-self.children // self.door.adults) if self.door.adults else None


def board_of(session: Session, held: ActivitySession, *, today: date) -> Board:
    """Return who is here now, as far as it is noted; children whose file is sealed count for their workers alone."""
    rows = children_at(session, held)
    return Board(door_of(session, held, today=today), sum(one.here for one in rows), len(alarms_of(rows)))


def children_at(session: Session, held: ActivitySession) -> tuple[ChildAtTheDoor, ...]:
    """Return the children who are expected at a session, by the number of their file, with what is noted of each."""
    noted = {row.child_id: row.presence for row in _attendances(session, held)}
    rows = {row.child_id: row for row in session.scalars(select(Handover).where(Handover.session_id == held.id))}
    return tuple(
        ChildAtTheDoor(child, noted.get(child.id), rows.get(child.id)) for child in expected_children(session, held)
    )


def child_came(
    session: Session, actor: Actor, clock: Clock, session_id: UUID, child_id: UUID, *, now: datetime
) -> Handover:
    """Note that a child is here; TooFewAdultsError while the session hasn't begun and too few adults are.

    ConflictError on any day but the session's, NotFoundError for a child who isn't expected. `now` is the station's
    wall-clock time, as below.
    """
    held, one = _find(session, actor, session_id, child_id, now)
    if one.handover is not None and one.handover.arrived_at is not None:
        return one.handover
    door = door_of(session, held, today=now.date())
    if held.begun_at is None and not door.safe:
        raise TooFewAdultsError(door.adults, door.least)
    row = one.handover or _row(session, actor, clock, held, child_id)
    row.arrived_at = _minute(now)
    set_presence(session, actor, clock, held, child_id, Presence.PRESENT)
    _record(session, actor, clock, row, "handover.came")
    return row


def collectors(
    session: Session, actor: Actor, clock: Clock, session_id: UUID, child_id: UUID, *, now: datetime
) -> tuple[Child, tuple[Collector, ...]]:
    """Return a child who is here and whom its file names, by name and relation; the reading is noted.

    Whoever may not take the child comes first. Raises ConflictError for a child who isn't here.
    """
    if not keeps(session):
        raise RuntimeError("Who may pick a child up is read in a session that keeps the note of it.")
    held, one = _find(session, actor, session_id, child_id, now)
    _require_here(one)
    _note(session, actor, clock, held, child_id, "handover.collectors_shown")
    return one.child, _collectors(session, one.child)


def hand_over(
    session: Session, actor: Actor, clock: Clock, session_id: UUID, child_id: UUID, taker: Taker, *, now: datetime
) -> bool:
    """Hand a child over and return True; False where the taker may not: then the alarm is raised and the child stays.

    InvalidInputError for somebody else without a name or a reason, ConflictError for a child who isn't here.
    """
    held, one = _find(session, actor, session_id, child_id, now)
    _require_here(one)
    known = _collectors(session, one.child)
    row = one.handover or _row(session, actor, clock, held, child_id)
    found = next((each for each in known if each.id == taker.person_id), None)
    if taker.person_id is not None and found is None:
        raise NotFoundError(Message("There is no such person."))
    if (
        blocked := found
        if found and not found.allowed
        else _blocked_by_name(known, found.name if found else taker.name)
    ):
        _alarm(session, actor, clock, row, blocked, now)
        return False
    row.collector = _in_words(taker) if found is None else found.name
    row.person_id, row.left_at = found.id if found else None, _minute(now)
    if row.arrived_at is not None:
        row.arrived_at = min(row.arrived_at, row.left_at)
    row.noted_at, row.noted_by = clock.now(), actor.user_id
    _record(session, actor, clock, row, "handover.done", person=found.id.hex if found else "other")
    return True


def take_back_child(
    session: Session, actor: Actor, clock: Clock, session_id: UUID, child_id: UUID, *, now: datetime
) -> None:
    """Take back that a child went home, or where it didn't that it came; an alarm stays."""
    held, one = _find(session, actor, session_id, child_id, now)
    row = one.handover
    if row is None:
        raise ConflictError(Message("Nothing is noted at the door of this child."))
    if row.left_at is not None:
        row.left_at = row.person_id = row.collector = None
    else:
        row.arrived_at = None
        set_presence(session, actor, clock, held, child_id, None)
    _record(session, actor, clock, row, "handover.taken_back")


def alarms_of(rows: Iterable[ChildAtTheDoor]) -> tuple[ChildAtTheDoor, ...]:
    """Return the children for whom somebody came who may not, and who are here still."""
    return tuple(one for one in rows if one.here and one.handover is not None and one.handover.alarm_at is not None)


def _attendances(session: Session, held: ActivitySession) -> Iterable[Attendance]:
    return session.scalars(select(Attendance).where(Attendance.session_id == held.id))


def _find(
    session: Session, actor: Actor, session_id: UUID, child_id: UUID, now: datetime
) -> tuple[ActivitySession, ChildAtTheDoor]:
    require(actor, Capability.NOTE_ATTENDANCE)
    held = find_held_session(session, session_id)
    one = next((each for each in children_at(session, held) if each.child.id == child_id), None)
    if one is None:
        raise NotFoundError(Message("There is no such child."))
    if _day(held) != now.date():
        raise ConflictError(
            Message("Children come and go on the day of the session; note attendance on the sheet instead.")
        )
    return held, one


def _day(held: ActivitySession) -> date | None:
    return held.starts_at.date() if held.starts_at else None


def _require_here(one: ChildAtTheDoor) -> None:
    if not one.here:
        raise ConflictError(Message("This child is not here: load the page again."))


def _row(session: Session, actor: Actor, clock: Clock, held: ActivitySession, child_id: UUID) -> Handover:
    row = Handover(
        station_id=held.station_id,
        session_id=held.id,
        child_id=child_id,
        noted_at=clock.now(),
        noted_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    return row


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _collectors(session: Session, child: Child) -> tuple[Collector, ...]:
    """Return whom the file names; a guardian from whom place and time are kept may not take the child either."""
    leaves: Mapping[UUID, GuardianAccess] = {
        row.guardian_id: row.access
        for row in session.scalars(select(GuardianLeave).where(GuardianLeave.child_id == child.id))
    }
    with reading(session, MachinePath.DOOR):
        named = [Collector(one.id, one.name, one.relation, one.allowed) for one in child.pick_ups]
    barred = {_plain(one.name) for one in named if not one.allowed}
    guardians = [
        Collector(
            one.id,
            one.name,
            label(one.relation),
            leaves.get(one.id) in {None, GuardianAccess.FULL} and _plain(one.name) not in barred,
        )
        for one in child.guardians
    ]
    return tuple(sorted((*named, *guardians), key=lambda one: one.allowed))


def _blocked_by_name(known: Iterable[Collector], name: str) -> Collector | None:
    wanted = _plain(name)
    return next((one for one in known if wanted and not one.allowed and _plain(one.name) == wanted), None)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _in_words(taker: Taker) -> str:
    name, reason = taker.name.strip(), taker.reason.strip()
    if not name or not reason:
        raise InvalidInputError(Message("Say who takes the child and why: the file doesn't name them."))
    if len(name) > NAME_LENGTH or len(reason) > REASON_LENGTH:
        raise InvalidInputError(Message("Say it shorter: a name of 40 characters, a reason of 200 at most."))
    return f"{name}: {reason}"


def _alarm(session: Session, actor: Actor, clock: Clock, row: Handover, who: Collector, now: datetime) -> None:
    """Keep the alarm, and tell the heads of the station at once; no name stands in what they are told."""
    row.alarm_at = clock.now()
    _record(session, actor, clock, row, "handover.alarm", person=who.id.hex)
    held = row.session
    if held.starts_at is None or held.ends_at is None:
        return
    facts = session_facts(held, held.starts_at, held.ends_at)
    key = f"{row.id.hex}-{_minute(now).isoformat()}"
    heads = session.scalars(queries.organizers(held.station_id, {Role.HEAD})).all()
    put_all(
        session,
        clock,
        [
            Notice(
                NoticeKind.PICKUP_ALARM,
                to_user(head.id),
                held.station_id,
                key,
                facts,
                session_id=held.id,
                urgent=True,
            )
            for head in heads
        ],
    )


def _record(session: Session, actor: Actor, clock: Clock, row: Handover, action: str, **detail: str) -> None:
    held = session.get_one(ActivitySession, row.session_id)
    _note(session, actor, clock, held, row.child_id, action, **detail)


def _note(
    session: Session, actor: Actor, clock: Clock, held: ActivitySession, child: UUID, action: str, **detail: str
) -> None:
    record(
        session,
        actor,
        clock,
        station_id=held.station_id,
        action=action,
        subject_kind="child",
        subject_id=child,
        detail={"session": held.id.hex, **detail},
    )
