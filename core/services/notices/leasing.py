"""Who sends what: a message is leased by one server at a time, and what became of it is noted by that server alone.

A server that dies leaves its lease behind; when it has run out another takes the message up, with the same id. So
nothing is lost; what may go twice is the one message that was handed over and not yet noted as sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import OutboxNotice
from core.db.queries import notices as queries
from core.domain.ids import new_id
from core.domain.notices import MOST_ATTEMPTS, Channel, NoticeKind, NoticeState, Pace, pause_after
from core.services.notices.post import NobodyError, Post, Reach, reach_of
from core.services.notices.words import ends_of

#: Longer than any courier takes.
LEASE: Final = timedelta(minutes=10)
#: How many notices are looked at, and how many go together, in one transaction.
_AT_A_TIME: Final = 50
#: What a calendar program can answer, or take out.
INVITING: Final = frozenset(
    {
        NoticeKind.DUTY_ASKED,
        NoticeKind.DUTY_CHANGED,
        NoticeKind.DUTY_CANCELLED,
        NoticeKind.DUTY_WITHDRAWN,
        NoticeKind.TIMETABLE_CHANGED,
    }
)
#: What is told after a session as well as before.
LOOKING_BACK: Final = frozenset(
    {NoticeKind.THANKS, NoticeKind.HOURS_PUBLISHED, NoticeKind.CERTIFICATE_READY, NoticeKind.PICKUP_ALARM}
)
_OPEN: Final = (NoticeState.WAITING, NoticeState.FAILED)


@dataclass(frozen=True)
class Lease:
    """Which server it is, and for how long it has what it takes to itself."""

    worker: str
    length: timedelta = LEASE


@dataclass(frozen=True)
class Taken:
    """A message that a server has to itself: its id, how its recipient is reached, and the notices in it."""

    message_id: UUID
    reach: Reach
    notices: tuple[UUID, ...]


def is_due(session: Session, now: datetime) -> bool:
    """Tell whether something is to be looked at, or was left behind."""
    return session.scalars(queries.due(now).limit(1)).first() is not None


def take(session: Session, post: Post, lease: Lease) -> Taken | None:
    """Lease the next message that may go now; None where none of those that were looked at does.

    On the way it is decided of notices that were put lately by what they go and when: those that nobody can be sent
    are left to the station to call. So few are looked at that nobody who writes has to wait for it; `is_due` tells
    whether there are more.
    """
    now = post.clock.now()
    # Servers look one after the other: what goes together is so taken by one of them.
    session.scalars(queries.turn_to_take()).all()
    for row in session.scalars(queries.next_due(now, _AT_A_TIME)).all():
        reach = _decided(session, post, row, now)
        if reach is not None:
            return _leased(row, _companions(session, post, row, reach), reach, now, lease)
    return None


def _decided(session: Session, post: Post, row: OutboxNotice, now: datetime) -> Reach | None:
    """Return how a notice goes now; None for one that was put off, left to a call or dropped."""
    if is_over(session, post, row):
        _end(row, NoticeState.DROPPED)
        return None
    try:
        reach = reach_of(session, post, row)
    except NobodyError:
        _end(row, NoticeState.DROPPED)
        return None
    if reach is None:
        _end(row, NoticeState.TO_CALL)
        return None
    return reach if _goes_now(post, row, reach, now) else None


def is_over(session: Session, post: Post, row: OutboxNotice) -> bool:
    """Tell whether the notice is about a session to come, and the session has ended meanwhile."""
    if row.kind in LOOKING_BACK:
        return False
    ends = ends_of(session, row)
    return ends is not None and ends < post.local(post.clock.now())


def _end(row: OutboxNotice, state: NoticeState) -> None:
    row.state, row.leased_until, row.leased_by = state, None, ""


def _goes_now(post: Post, row: OutboxNotice, reach: Reach, now: datetime) -> bool:
    """Tell whether the notice may go now; where it may not, it is put off."""
    # What was put off to its digest, was tried before or is sent again by somebody doesn't wait for another.
    decided = row.channel is not None or row.attempts > 0 or row.handled_at is not None
    goes = reach.may_go(post, now, urgent=row.urgent, tried=decided)
    row.channel = reach.channel
    if goes <= now:
        return True
    if row.state is NoticeState.SENDING:
        _end(row, NoticeState.FAILED)
    row.not_before = goes
    return False


def _companions(session: Session, post: Post, row: OutboxNotice, reach: Reach) -> Sequence[OutboxNotice]:
    """Return what goes with the notice: what did before, or else all that its recipient is to be told by now."""
    if row.message_id is not None:
        together = session.scalars(queries.of_message(row.message_id).with_for_update()).all()
        return [one for one in together if one.state in _OPEN or one.state is NoticeState.SENDING]
    if goes_alone(row, reach):
        return (row,)
    waiting = session.scalars(queries.waiting_for(row.recipient, post.clock.now(), _AT_A_TIME)).all()
    return (row, *(one for one in waiting if one.id != row.id and _goes_along(session, post, one, reach)))


def _goes_along(session: Session, post: Post, row: OutboxNotice, reach: Reach) -> bool:
    had_its_digest = reach.pace is Pace.AT_ONCE or row.channel is not None
    return had_its_digest and not goes_alone(row, reach) and not is_over(session, post, row)


def goes_alone(row: OutboxNotice, reach: Reach) -> bool:
    """Tell whether a notice is a message by itself: what is urgent, a call of a webhook, an invitation."""
    return row.urgent or reach.channel is Channel.WEBHOOK or is_invitation(row, reach)


def is_invitation(row: OutboxNotice, reach: Reach) -> bool:
    """Tell whether the notice goes as an invitation to a calendar."""
    wanted = reach.channel is Channel.MAIL and reach.invitations
    return wanted and row.kind in INVITING and row.session_id is not None


def _leased(row: OutboxNotice, together: Sequence[OutboxNotice], reach: Reach, now: datetime, lease: Lease) -> Taken:
    message_id = row.message_id or new_id()
    for one in together:
        one.state, one.channel, one.message_id = NoticeState.SENDING, reach.channel, message_id
        one.leased_until, one.leased_by = now + lease.length, lease.worker
        one.attempts += 1
    return Taken(message_id, reach, tuple(one.id for one in together))


def note_sent(session: Session, post: Post, message_id: UUID, lease: Lease) -> bool:
    """Note that a message was taken by its courier; False where another server has it by now."""
    rows = _own(session, message_id, lease)
    for row in rows:
        _end(row, NoticeState.SENT)
        row.sent_at, row.error = post.clock.now(), ""
    return bool(rows)


def note_failed(session: Session, post: Post, message_id: UUID, lease: Lease, code: str, *, final: bool) -> bool:
    """Note why a message wasn't taken, and when it is tried again, if it is; False as `note_sent` does."""
    rows = _own(session, message_id, lease)
    for row in rows:
        given_up = final or row.attempts >= MOST_ATTEMPTS
        _end(row, NoticeState.GIVEN_UP if given_up else NoticeState.FAILED)
        row.error, row.not_before = code, post.clock.now() + pause_after(row.attempts)
    return bool(rows)


def _own(session: Session, message_id: UUID, lease: Lease) -> Sequence[OutboxNotice]:
    rows = session.scalars(queries.of_message(message_id).with_for_update()).all()
    return [row for row in rows if row.state is NoticeState.SENDING and row.leased_by == lease.worker]
