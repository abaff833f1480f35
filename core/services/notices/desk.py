"""What the station sees of the outbox: whom to call, what couldn't be sent, what went out lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import OutboxNotice, User, Volunteer
from core.db.queries import notices as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message, NotFoundError
from core.domain.notices import NoticeState
from core.security.permissions import require
from core.services.audit import record
from core.services.notices.letters import sentence
from core.services.notices.words import said_of
from core.services.wording import ENGLISH, Wording

#: How many of each list the page shows; the oldest to be called come first.
SHOWN: Final = 100


@dataclass(frozen=True)
class Line:
    """A notice as the station's page shows it: for whom, by which number they are called, and what it says."""

    notice: OutboxNotice
    name: str
    phone: str = field(repr=False)
    words: str


@dataclass(frozen=True)
class Lists:
    """The lists of the page."""

    to_call: tuple[Line, ...]
    failed: tuple[Line, ...]
    waiting: tuple[Line, ...]
    lately: tuple[Line, ...]


def lists(session: Session, actor: Actor, wording: Wording) -> Lists:
    """Return what the station has to do by hand, what waits, and what went out lately, in the reader's language."""
    require(actor, Capability.KEEP_VOLUNTEERS)
    found = {
        "to_call": session.scalars(queries.in_states((NoticeState.TO_CALL,), SHOWN)).all(),
        "failed": session.scalars(queries.in_states((NoticeState.GIVEN_UP, NoticeState.FAILED), SHOWN)).all(),
        "waiting": session.scalars(queries.in_states((NoticeState.WAITING, NoticeState.SENDING), SHOWN)).all(),
        "lately": session.scalars(queries.sent_lately(SHOWN)).all(),
    }
    people = _people(session, [row for rows in found.values() for row in rows])
    lines = {name: tuple(_line(session, wording, row, people) for row in rows) for name, rows in found.items()}
    return Lists(**lines)


def send_again(session: Session, actor: Actor, clock: Clock, notice_id: UUID) -> None:
    """Have a notice that was given up, and what went with it, tried anew from now on.

    Whoever has been given an address meanwhile is sent what somebody would have called about. Raises NotFoundError out
    of reach, ConflictError for one that isn't given up.
    """
    row = _found(session, actor, notice_id)
    if row.state not in {NoticeState.GIVEN_UP, NoticeState.FAILED, NoticeState.TO_CALL}:
        raise ConflictError(Message("This notice isn't waiting for anybody's help any more."))
    for one in _together(session, row):
        one.state, one.channel = NoticeState.WAITING, None
        one.attempts, one.not_before = 0, clock.now()
        one.handled_by, one.handled_at = actor.user_id, clock.now()
    _record(session, actor, clock, row, "notice.sent_again")


def note_called(session: Session, actor: Actor, clock: Clock, notice_id: UUID) -> None:
    """Note that somebody told the person; errors as for `send_again`."""
    row = _found(session, actor, notice_id)
    if row.state not in {NoticeState.TO_CALL, NoticeState.GIVEN_UP, NoticeState.FAILED}:
        raise ConflictError(Message("This notice isn't waiting for anybody's help any more."))
    row.state, row.handled_by, row.handled_at = NoticeState.CALLED, actor.user_id, clock.now()
    _record(session, actor, clock, row, "notice.called")


def _found(session: Session, actor: Actor, notice_id: UUID) -> OutboxNotice:
    require(actor, Capability.KEEP_VOLUNTEERS)
    row = session.scalars(queries.locked(notice_id)).one_or_none()
    if row is None:
        raise NotFoundError(Message("There is no such notice."))
    return row


def _together(session: Session, row: OutboxNotice) -> Sequence[OutboxNotice]:
    if row.message_id is None:
        return (row,)
    rows = session.scalars(queries.of_message(row.message_id).with_for_update()).all()
    return [one for one in rows if one.state is row.state]


def _people(session: Session, rows: Sequence[OutboxNotice]) -> Mapping[UUID, tuple[str, str]]:
    """Return the names of those for whom notices are, and by which number they are called."""
    volunteers = {row.volunteer_id for row in rows if row.volunteer_id}
    users = {row.user_id for row in rows if row.user_id}
    named = {one.id: (one.name, one.phone or "") for one in session.scalars(queries.rows_of(Volunteer, volunteers))}
    accounts = session.scalars(queries.rows_of(User, users))
    return {**named, **{one.id: (one.display_name or one.login, "") for one in accounts}}


def _line(session: Session, wording: Wording, row: OutboxNotice, people: Mapping[UUID, tuple[str, str]]) -> Line:
    name, phone = people.get(row.volunteer_id or row.user_id or row.id, ("", ""))
    said = said_of(session, row, english=wording.language == ENGLISH)
    return Line(row, name, phone, sentence(wording, row, said))


def _record(session: Session, actor: Actor, clock: Clock, row: OutboxNotice, action: str) -> None:
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="notice",
        subject_id=row.id,
        detail={"kind": row.kind.value},
    )
